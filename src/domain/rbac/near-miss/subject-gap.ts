import type { RbacV1Subject } from '@kubernetes/client-node';
import { type Identity, parseServiceAccountUser, type RbacSubject, type ServiceAccountName } from '../../kubernetes/identity.ts';
import { subjectMatches } from '../authorizer.ts';
import type { BindingNode } from '../rbac-graph.ts';
import type { CauseCode, Gap } from './cause.ts';
import { isMisspelling } from './rule-gaps.ts';

/** Who asks, and as what a binding would name them. */
export interface Asker {
  readonly identity: Identity;
  readonly subject: RbacSubject;
}

export type SubjectFit = { readonly kind: 'bound' } | { readonly kind: 'near'; readonly gap: Gap } | { readonly kind: 'other' };

/** Whether a binding names the account, one that is nearly it, or somebody else. */
export function subjectFit({ subjects, namespace }: BindingNode, asker: Asker): SubjectFit {
  if (subjects.some((subject) => subjectMatches(subject, asker.identity, namespace))) return { kind: 'bound' };
  for (const [index, subject] of subjects.entries()) {
    const near = nearSubject(subject, namespace, asker);
    if (near !== undefined) return { kind: 'near', gap: { ...near, at: 'binding', field: `subjects[${index}].${near.field}` } };
  }
  return { kind: 'other' };
}

type Near = Omit<Gap, 'at'>;

function nearSubject(subject: RbacV1Subject, bindingNamespace: string, asker: Asker): Near | undefined {
  switch (subject.kind) {
    case 'User':
      return nearUser(subject.name, asker);
    case 'Group':
      return nearGroup(subject.name, asker);
    case 'ServiceAccount':
      return nearAccount(subject, bindingNamespace, asker);
    default:
      return undefined;
  }
}

function renamed(code: CauseCode, value: string, wanted: string): Near {
  return { code, field: 'name', value, wanted };
}

/** Ways to write a ServiceAccount as a user that are not its user name. */
function accountSpellings({ namespace, name }: ServiceAccountName): readonly string[] {
  return [
    name,
    `${namespace}:${name}`,
    `${namespace}/${name}`,
    `serviceaccount:${namespace}:${name}`,
    `system:serviceaccount:${namespace}/${name}`,
  ];
}

function nearUser(name: string, { identity, subject }: Asker): Near | undefined {
  if (identity.groups.includes(name)) return { code: 'subject-kind', field: 'kind', value: 'User', wanted: 'Group' };
  if (subject.kind === 'ServiceAccount') return nearAccountUser(name, subject);
  if (identity.user === '') return undefined;
  if (name.toLowerCase() === identity.user.toLowerCase()) return renamed('subject-name-case', name, identity.user);
  return isNearName(name, identity.user) ? renamed('subject-name', name, identity.user) : undefined;
}

function nearAccountUser(name: string, account: Extract<RbacSubject, { kind: 'ServiceAccount' }>): Near | undefined {
  const user = `system:serviceaccount:${account.namespace}:${account.name}`;
  if (accountSpellings(account).includes(name)) return { code: 'subject-kind', field: 'kind', value: 'User', wanted: 'ServiceAccount' };
  const other = parseServiceAccountUser(name);
  if (other?.name === account.name) return renamed('serviceaccount-namespace', name, user);
  const isNear =
    other === undefined ? isMisspelling(name, user) : other.namespace === account.namespace && isMisspelling(other.name, account.name);
  return isNear ? renamed(name.toLowerCase() === user ? 'subject-name-case' : 'subject-name', name, user) : undefined;
}

function nearGroup(name: string, { identity, subject }: Asker): Near | undefined {
  if (identity.user !== '' && (name === identity.user || (subject.kind === 'ServiceAccount' && accountSpellings(subject).includes(name))))
    return { code: 'subject-kind', field: 'kind', value: 'Group', wanted: subject.kind };
  const own = identity.groups.filter((group) => group !== 'system:authenticated');
  const sameLetters = own.find((group) => group.toLowerCase() === name.toLowerCase());
  if (sameLetters !== undefined) return renamed('subject-name-case', name, sameLetters);
  // The groups of all accounts and of one namespace's differ by what is at their ends.
  const near = own.find((group) => (isSystem(group) || isSystem(name) ? isMisspelling(name, group) : isNearName(name, group)));
  return near === undefined ? undefined : renamed('subject-group-mismatch', name, near);
}

function isSystem(name: string): boolean {
  return name.startsWith('system:');
}

function nearAccount({ name, namespace }: RbacV1Subject, bindingNamespace: string, { identity, subject }: Asker): Near | undefined {
  const home = namespace || bindingNamespace;
  if (subject.kind !== 'ServiceAccount') {
    const isSame = name === identity.user || `${home}:${name}` === identity.user;
    return isSame ? { code: 'subject-kind', field: 'kind', value: 'ServiceAccount', wanted: subject.kind } : undefined;
  }
  if (name === subject.name)
    return { code: 'serviceaccount-namespace', field: 'namespace', value: namespace ?? '', wanted: subject.namespace };
  if (home !== subject.namespace) return undefined;
  if (name.toLowerCase() === subject.name) return renamed('subject-name-case', name, subject.name);
  return isMisspelling(name, subject.name) ? renamed('subject-name', name, subject.name) : undefined;
}

const SEPARATORS = [':', '/', '#', '\\', '@'];

/** A misspelling, or the same behind a prefix or before a suffix that an identity provider adds, such as `oidc:ml`. */
function isNearName(name: string, own: string): boolean {
  if (isSystem(name) !== isSystem(own)) return false;
  return isMisspelling(name, own) || isAffixed(name, own) || isAffixed(own, name);
}

function isAffixed(long: string, short: string): boolean {
  if (short === '') return false;
  return SEPARATORS.some((separator) => long.endsWith(`${separator}${short}`) || long.startsWith(`${short}${separator}`));
}
