/** Who asks, as SelfSubjectReview shows it. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

/** Whom a binding grants to, as in `subjects` of rbac.authorization.k8s.io/v1. */
export type RbacSubject =
  | { readonly kind: 'User' | 'Group'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string };

const SERVICE_ACCOUNT_PREFIX = 'system:serviceaccount:';
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** True if `text` can name a namespace (RFC 1123 label). */
export function isNamespaceName(text: string): boolean {
  return DNS_LABEL.test(text);
}

function serviceAccountName(namespace: string, name: string): ServiceAccountName | undefined {
  const isValid = isNamespaceName(namespace) && name.length <= 253 && DNS_SUBDOMAIN.test(name);
  return isValid ? { namespace, name } : undefined;
}

/** The user name that a ServiceAccount authenticates as. */
export function serviceAccountUser(account: ServiceAccountName): string {
  return `${SERVICE_ACCOUNT_PREFIX}${account.namespace}:${account.name}`;
}

/** `system:serviceaccount:ns:name` → its parts; undefined for any other user. */
export function parseServiceAccountUser(user: string): ServiceAccountName | undefined {
  if (!user.startsWith(SERVICE_ACCOUNT_PREFIX)) return undefined;
  const [namespace = '', name = '', ...rest] = user.slice(SERVICE_ACCOUNT_PREFIX.length).split(':');
  return rest.length === 0 ? serviceAccountName(namespace, name) : undefined;
}

/** `ns:name`, `ns/name` or the full user name; undefined if it is none of them. */
export function parseServiceAccount(text: string): ServiceAccountName | undefined {
  const full = parseServiceAccountUser(text);
  if (full !== undefined) return full;
  const [namespace = '', name = '', ...rest] = text.split(/[:/]/);
  return rest.length === 0 ? serviceAccountName(namespace, name) : undefined;
}

/** What is wrong with a text that `parseServiceAccount` does not take, as a clause. */
export function serviceAccountProblem(text: string): string {
  const usual = 'a ServiceAccount is given as NAMESPACE:NAME';
  const isFull = text.startsWith(SERVICE_ACCOUNT_PREFIX);
  const [namespace = '', name, ...rest] = (isFull ? text.slice(SERVICE_ACCOUNT_PREFIX.length) : text).split(isFull ? ':' : /[:/]/);
  if (name === undefined) return `${usual}, and this names no namespace`;
  if (rest.length > 0) return `${usual}, and this has more than two parts`;
  if (namespace === '' || name === '') return `${usual}, and ${namespace === '' ? 'the namespace' : 'the name'} is empty`;
  if (!isNamespaceName(namespace))
    return `${JSON.stringify(namespace)} cannot be the name of a namespace: it takes lower-case letters, digits and hyphens, 63 at most`;
  return `${JSON.stringify(name)} cannot be the name of a ServiceAccount: it takes lower-case letters, digits, hyphens and dots, 253 at most`;
}

/**
 * The groups of every ServiceAccount. An access review does not imply them: without them the answer is a false no.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/authentication/serviceaccount/util.go
 */
export function serviceAccountGroups(account: ServiceAccountName): readonly string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, 'system:authenticated'];
}

export function serviceAccountIdentity(account: ServiceAccountName): Identity {
  return { user: serviceAccountUser(account), groups: serviceAccountGroups(account) };
}

/** The subject that a binding must name to grant to this user: a ServiceAccount if the user name is one's. */
export function subjectOf(user: string): RbacSubject {
  const account = parseServiceAccountUser(user);
  return account === undefined ? { kind: 'User', name: user } : { kind: 'ServiceAccount', ...account };
}
