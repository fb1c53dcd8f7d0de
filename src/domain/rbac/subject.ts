import type { RbacV1Subject } from '@kubernetes/client-node';
import { type Identity, parseServiceAccountUser, type RbacSubject, serviceAccountIdentity } from '../kubernetes/identity.ts';
import { type GrantSubject, RBAC_GROUP } from './grant-object.ts';

/** As a binding names it. */
export function toBindingSubject(subject: RbacSubject): GrantSubject {
  return subject.kind === 'ServiceAccount'
    ? { kind: subject.kind, name: subject.name, namespace: subject.namespace }
    : { kind: subject.kind, apiGroup: RBAC_GROUP, name: subject.name };
}

/** Whom a subject of a binding in `bindingNamespace` means; undefined for what the server ignores. A User of a ServiceAccount's name is that. */
export function resolveSubject({ kind, name, namespace }: RbacV1Subject, bindingNamespace: string): RbacSubject | undefined {
  switch (kind) {
    case 'User': {
      const account = parseServiceAccountUser(name);
      return account === undefined ? { kind, name } : { kind: 'ServiceAccount', ...account };
    }
    case 'Group':
      return { kind, name };
    case 'ServiceAccount': {
      const home = namespace || bindingNamespace;
      return home === '' ? undefined : { kind, name, namespace: home };
    }
    default:
      return undefined;
  }
}

/** Equal for the same subject. */
export function subjectKey(subject: RbacSubject): string {
  return subject.kind === 'ServiceAccount' ? `ServiceAccount ${subject.namespace}/${subject.name}` : `${subject.kind} ${subject.name}`;
}

const AUTHENTICATED = 'system:authenticated';
const ANONYMOUS_GROUP = 'system:unauthenticated';

/** Somebody who is this subject and nothing else: what the server adds to every login is part of it. */
export function barestIdentity(subject: RbacSubject): Identity {
  switch (subject.kind) {
    case 'ServiceAccount':
      return serviceAccountIdentity(subject);
    case 'User':
      return { user: subject.name, groups: [subject.name === 'system:anonymous' ? ANONYMOUS_GROUP : AUTHENTICATED] };
    case 'Group':
      return { user: '', groups: subject.name === ANONYMOUS_GROUP ? [subject.name] : [...new Set([subject.name, AUTHENTICATED])] };
  }
}
