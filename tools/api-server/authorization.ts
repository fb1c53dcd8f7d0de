import type { V1ClusterRole, V1ClusterRoleBinding, V1Role, V1RoleBinding, V1SubjectAccessReviewStatus } from '@kubernetes/client-node';
import type { Identity } from '../../src/domain/kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest, type ResourceAccessRequest } from '../../src/domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../../src/domain/rbac/authorizer.ts';
import { goQuote } from '../../src/text/go-quote.ts';
import { Refusal, refuse, text } from './answer.ts';
import type { ObjectStore } from './store.ts';

/** `status` of an access review. */
export type ReviewStatus = V1SubjectAccessReviewStatus;

/** An authorizer that is asked before RBAC. */
export interface Webhook {
  readonly name: string;
  /** No answer, or one that neither allows nor denies: RBAC decides. */
  readonly decide: (user: Identity, request: AccessRequest) => Partial<ReviewStatus> | undefined;
}

export type Authorizer = (user: Identity, request: AccessRequest) => ReviewStatus;

const GROUP = 'rbac.authorization.k8s.io';

/** RBAC's objects in the store, validated on their way in, so that their types can be relied on. */
export function rbacObjects(store: ObjectStore): RbacObjects {
  const all = <T>(plural: string) => store.all({ group: GROUP, plural }) as unknown as readonly T[];
  return {
    roles: all<V1Role>('roles'),
    clusterRoles: all<V1ClusterRole>('clusterroles'),
    roleBindings: all<V1RoleBinding>('rolebindings'),
    clusterRoleBindings: all<V1ClusterRoleBinding>('clusterrolebindings'),
  };
}

/** `system:masters`, then the webhook, then RBAC: the first that allows or denies counts. */
export function createAuthorizer(store: ObjectStore, webhook: Webhook | undefined): Authorizer {
  return (user, request) => {
    if (user.groups.includes('system:masters')) return { allowed: true };
    const foreign = webhook?.decide(user, request);
    if (foreign?.allowed === true || foreign?.denied === true) return { allowed: false, ...foreign };
    const rbac = authorize(user, request, rbacObjects(store));
    if (rbac.allowed) return rbac;
    const opinion = foreign?.reason === undefined ? '' : `${webhook?.name}: ${foreign.reason}`;
    const reason = [opinion, rbac.reason].filter((one) => one !== '').join('\n');
    return {
      allowed: false,
      ...(reason === '' ? {} : { reason }),
      ...(foreign?.evaluationError === undefined ? {} : { evaluationError: foreign.evaluationError }),
    };
  };
}

/** The answer to a request that the authorizer does not allow: 403, or 500 if it failed. */
export function denial(user: Identity, request: AccessRequest, status: ReviewStatus, url: string): Refusal {
  if (status.evaluationError !== undefined) {
    return new Refusal(text(500, `Internal Server Error: ${goQuote(escapeHtml(url))}: ${status.evaluationError}\n`));
  }
  const message = escapeHtml(`User ${goQuote(user.user)} cannot ${what(request)}`);
  return forbidden(request, status.reason ? `${message}: ${status.reason}` : message);
}

function forbidden(request: AccessRequest, message: string): Refusal {
  if (isUrlRequest(request)) return refuse({ code: 403, reason: 'Forbidden', message: `forbidden: ${message}`, details: {} });
  const { group, resource, name } = request;
  return refuse({
    code: 403,
    reason: 'Forbidden',
    message: `${qualified(request)}${name ? ` ${goQuote(name)}` : ''} is forbidden: ${message}`,
    details: { ...(name ? { name } : {}), ...(group === '' ? {} : { group }), kind: resource },
  });
}

function what(request: AccessRequest): string {
  if (isUrlRequest(request)) return `${request.verb} path ${goQuote(request.path)}`;
  const { verb, resource, subresource, group, namespace } = request;
  const target = subresource ? `${resource}/${subresource}` : resource;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace ${goQuote(namespace)}`;
  return `${verb} resource ${goQuote(target)} in API group ${goQuote(group)} ${scope}`;
}

function qualified({ group, resource }: ResourceAccessRequest): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function escapeHtml(message: string): string {
  return message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
