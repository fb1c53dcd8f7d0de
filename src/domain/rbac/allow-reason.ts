// The texts that authorizers put into `status.reason` of an access review.
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/rbac/validation/rule.go
import { goUnquote } from '../../text/go-unquote.ts';

export interface GrantedBy {
  readonly binding: { readonly kind: 'RoleBinding' | 'ClusterRoleBinding'; readonly name: string; readonly namespace?: string };
  readonly role: { readonly kind: string; readonly name: string };
  readonly subject: { readonly kind: string; readonly name: string; readonly namespace?: string };
}

/** A role that a binding names and that does not exist; `kind` is `Role` or `ClusterRole`. */
export interface MissingRole {
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
}

export type ReasonPart =
  | { readonly kind: 'granted'; readonly by: GrantedBy }
  | { readonly kind: 'missingRoles'; readonly roles: readonly MissingRole[] }
  | { readonly kind: 'other'; readonly text: string };

const QUOTED = '("(?:[^"\\\\]|\\\\.)*")';
const ALLOWED = new RegExp(
  `^(?:[^" ]+: )?RBAC: allowed by (RoleBinding|ClusterRoleBinding) ${QUOTED} of (\\w+) ${QUOTED} to (\\w+) ${QUOTED}$`,
  'u',
);
const MISSING = new RegExp(`\\b(role|clusterrole)\\.rbac\\.authorization\\.k8s\\.io ${QUOTED} not found`, 'gu');
const RBAC_LINE = /^(?:[^" ]+: )?RBAC: /u;

/** `name/namespace`: the name comes first, and neither can hold a slash. */
function splitName(text: string): { readonly name: string; readonly namespace?: string } {
  const slash = text.lastIndexOf('/');
  return slash === -1 ? { name: text } : { name: text.slice(0, slash), namespace: text.slice(slash + 1) };
}

function parseGranted(line: string): ReasonPart | undefined {
  const match = ALLOWED.exec(line);
  if (match === null) return undefined;
  const [, bindingKind = '', binding = '', roleKind = '', role = '', subjectKind = '', subject = ''] = match;
  const kind = bindingKind === 'RoleBinding' ? 'RoleBinding' : 'ClusterRoleBinding';
  const isServiceAccount = subjectKind === 'ServiceAccount';
  return {
    kind: 'granted',
    by: {
      binding: { kind, ...(kind === 'RoleBinding' ? splitName(goUnquote(binding)) : { name: goUnquote(binding) }) },
      role: { kind: roleKind, name: goUnquote(role) },
      subject: { kind: subjectKind, ...(isServiceAccount ? splitName(goUnquote(subject)) : { name: goUnquote(subject) }) },
    },
  };
}

function compareRoles(a: MissingRole, b: MissingRole): number {
  return a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind < b.kind ? -1 : 1;
}

function parseMissing(line: string): ReasonPart | undefined {
  if (!RBAC_LINE.test(line)) return undefined;
  const roles = Array.from(line.matchAll(MISSING), ([, kind, name = '']): MissingRole => {
    return { kind: kind === 'role' ? 'Role' : 'ClusterRole', name: goUnquote(name) };
  });
  return roles.length === 0 ? undefined : { kind: 'missingRoles', roles: roles.sort(compareRoles) };
}

/** A reason line by line, each line being one authorizer's word, with or without that authorizer's name in front. */
export function parseReason(reason: string): readonly ReasonPart[] {
  return reason
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseGranted(line) ?? parseMissing(line) ?? { kind: 'other', text: line });
}

/** The binding that an allow reason names; undefined if another authorizer allowed it, or one that gives no reason. */
export function grantedBy(reason: string | undefined): GrantedBy | undefined {
  return parseReason(reason ?? '').find((part) => part.kind === 'granted')?.by;
}

/** What is wrong with such a binding, as a sentence without a stop. */
export function missingRoleFault({ kind, name }: MissingRole): string {
  return `A binding names ${kind} ${JSON.stringify(name)}, which does not exist`;
}

/** What to do about it. */
export const MISSING_ROLE_FIX = 'create it, or bind another one.';

/** Both, as a sentence. */
export function missingRoleText(role: MissingRole): string {
  return `${missingRoleFault(role)}: ${MISSING_ROLE_FIX}`;
}
