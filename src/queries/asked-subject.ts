import type { ConnectionOptions } from '../cluster/connection-options.ts';
import {
  type Identity,
  parseServiceAccount,
  parseServiceAccountUser,
  type RbacSubject,
  type ServiceAccountName,
  serviceAccountGroups,
  serviceAccountIdentity,
  serviceAccountProblem,
  subjectOf,
} from '../domain/kubernetes/identity.ts';
import type { ReviewedSubject } from '../domain/rbac/review-object.ts';
import { UsageError } from '../errors.ts';

/** A subject other than the caller. */
export interface OtherSubject {
  readonly reviewed: ReviewedSubject;
  /** Whom a binding would name. */
  readonly rbac: RbacSubject;
  /** False if the subject may be in groups that only its credentials show. */
  readonly groupsKnown: boolean;
  /** True if the groups are what the server gives to that user name anyway, so that impersonation need not send any. */
  readonly groupsImplied: boolean;
}

export interface SubjectFlags {
  readonly sa: string | undefined;
  readonly forUser: string | undefined;
  readonly forGroup: readonly string[];
}

const AUTHENTICATED = 'system:authenticated';
const ANONYMOUS = 'system:anonymous';

function serviceAccount(account: ServiceAccountName): OtherSubject {
  const { user, groups } = serviceAccountIdentity(account);
  return { reviewed: { user, groups }, rbac: { kind: 'ServiceAccount', ...account }, groupsKnown: true, groupsImplied: true };
}

function parseServiceAccountFlag(text: string): OtherSubject {
  const account = parseServiceAccount(text);
  if (account !== undefined) return serviceAccount(account);
  throw new UsageError(`invalid argument ${JSON.stringify(text)} for "--sa" flag: ${serviceAccountProblem(text)}`);
}

function withAuthenticated(user: string | undefined, groups: readonly string[]): readonly string[] {
  const implied = user === ANONYMOUS || groups.includes('system:unauthenticated') ? 'system:unauthenticated' : AUTHENTICATED;
  return [...new Set([...groups, implied])];
}

function userOrGroup(user: string | undefined, groups: readonly string[]): OtherSubject {
  const account = user === undefined ? undefined : parseServiceAccountUser(user);
  if (account !== undefined && groups.length === 0) return serviceAccount(account);
  const [group] = groups;
  return {
    reviewed: { ...(user !== undefined && { user }), groups: withAuthenticated(user, groups) },
    rbac: user === undefined ? { kind: 'Group', name: group ?? '' } : subjectOf(user),
    groupsKnown: user === undefined || user === ANONYMOUS,
    groupsImplied: user !== undefined && groups.length === 0,
  };
}

/** The subject that the flags name; undefined if they name none. @throws UsageError */
export function parseSubject({ sa, forUser, forGroup }: SubjectFlags): OtherSubject | undefined {
  if (sa !== undefined) {
    if (forUser !== undefined || forGroup.length > 0)
      throw new UsageError('--sa names the whole subject: --for-user and --for-group cannot be added');
    return parseServiceAccountFlag(sa);
  }
  if (forUser === undefined && forGroup.length > 1) throw new UsageError('several --for-group need a --for-user whose groups they are');
  return forUser === undefined && forGroup.length === 0 ? undefined : userOrGroup(forUser, forGroup);
}

/** The user or group by the name that people know it by. */
export function subjectLabel(subject: OtherSubject): string {
  return subject.reviewed.user ?? `group ${subject.rbac.name}`;
}

/**
 * What impersonation makes of a ServiceAccount that is given a group: the server adds no groups of its own then.
 * https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function impersonationWarning({ as, asGroup = [] }: ConnectionOptions): string | undefined {
  const account = as === undefined ? undefined : parseServiceAccountUser(as);
  if (account === undefined || asGroup.length === 0) return undefined;
  const lost = serviceAccountGroups(account).filter((group) => group !== AUTHENTICATED && !asGroup.includes(group));
  if (lost.length === 0) return undefined;
  return `--as-group replaces the groups of a ServiceAccount: ${as} is asked about without ${lost.join(' and ')}`;
}

/** `ana (groups: ml, system:authenticated)`. */
export function identityText({ user, groups }: Pick<Identity, 'user' | 'groups'>): string {
  return groups.length === 0 ? user : `${user} (groups: ${groups.join(', ')})`;
}
