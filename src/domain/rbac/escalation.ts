// What the API server says to somebody who would give away more than is held.
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/rbac/validation/rule.go
import type { V1PolicyRule } from '@kubernetes/client-node';
import { goUnquote } from '../../text/go-unquote.ts';

export interface Escalation {
  /** What was to be written; absent if the text does not say. Its namespace is never in it. */
  readonly object?: { readonly plural: string; readonly name: string };
  readonly user: string;
  readonly groups: readonly string[];
  /** What the role or binding would give and its author does not hold; only the missing verbs are in it. */
  readonly missing: readonly V1PolicyRule[];
}

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
// Go's `%q` of a list. What it may hold is said exactly: a list that nothing ends would be read to the end of the text wherever one begins.
const LIST = `\\[((?:${QUOTED}[\\s,]*)*)\\]`;
const WRITTEN = `(?:((?:cluster)?role(?:binding)?s)\\.rbac\\.authorization\\.k8s\\.io (${QUOTED}) is forbidden: )?`;
const HEAD = new RegExp(`${WRITTEN}user (${QUOTED}) \\(groups=${LIST}\\) is attempting to grant RBAC permissions not currently held:`);
const NAMED_LIST = `(APIGroups|Resources|ResourceNames|NonResourceURLs|Verbs):${LIST}`;
const TUPLE = new RegExp(`\\{(?:${NAMED_LIST}(?:, )?)+\\}`, 'g');
const FIELD = new RegExp(NAMED_LIST, 'g');
const FIELDS = {
  APIGroups: 'apiGroups',
  Resources: 'resources',
  ResourceNames: 'resourceNames',
  NonResourceURLs: 'nonResourceURLs',
  Verbs: 'verbs',
} as const;

function words(list: string): string[] {
  return Array.from(list.matchAll(new RegExp(QUOTED, 'g')), ([quoted]) => goUnquote(quoted));
}

function toRule(tuple: string): V1PolicyRule {
  const fields = Array.from(tuple.matchAll(FIELD), ([, field, list = '']) => [FIELDS[field as keyof typeof FIELDS], words(list)] as const);
  return { verbs: [], ...Object.fromEntries(fields) };
}

/** Reads a refusal to escalate; undefined for any other text. */
export function parseEscalation(message: string): Escalation | undefined {
  const head = HEAD.exec(message);
  if (head === null) return undefined;
  const [whole, plural, name = '', user = '', groups = ''] = head;
  const tuples = message.slice(head.index + whole.length).match(TUPLE) ?? [];
  return {
    ...(plural !== undefined && { object: { plural, name: goUnquote(name) } }),
    user: goUnquote(user),
    groups: words(groups),
    missing: tuples.map(toRule),
  };
}

/** `list, watch servingruntimes.serving.kserve.io "n"`. */
export function missingText({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: V1PolicyRule): string {
  const names = resourceNames.length === 0 ? '' : ` ${resourceNames.map((name) => JSON.stringify(name)).join(', ')}`;
  const kinds = resources.map((resource) => [resource, apiGroups[0] ?? ''].filter((part) => part !== '').join('.'));
  return `${verbs.join(', ')} ${[...kinds, ...nonResourceURLs].join(', ')}${names}`;
}
