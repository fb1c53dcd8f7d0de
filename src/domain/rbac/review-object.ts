import type {
  V1LocalSubjectAccessReview,
  V1NonResourceAttributes,
  V1ResourceAttributes,
  V1SelfSubjectAccessReview,
  V1SelfSubjectRulesReview,
  V1SubjectAccessReview,
} from '@kubernetes/client-node';
import type { ResourceType } from '../kubernetes/resource.ts';
import { type AccessRequest, isUrlRequest, type ResourceAccessRequest } from './access-review.ts';

const AUTHORIZATION = { group: 'authorization.k8s.io', version: 'v1', namespaced: false };
const AUTHENTICATION = { group: 'authentication.k8s.io', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview', namespaced: false };

export const SELF_REVIEW: ResourceType = { ...AUTHORIZATION, plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' };
export const SUBJECT_REVIEW: ResourceType = { ...AUTHORIZATION, plural: 'subjectaccessreviews', kind: 'SubjectAccessReview' };
export const LOCAL_REVIEW: ResourceType = {
  ...AUTHORIZATION,
  plural: 'localsubjectaccessreviews',
  kind: 'LocalSubjectAccessReview',
  namespaced: true,
};
export const RULES_REVIEW: ResourceType = { ...AUTHORIZATION, plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' };

/** Newest first: 1.37 serves v1 only, servers before 1.28 only the others. */
export const IDENTITY_REVIEWS: readonly ResourceType[] = ['v1', 'v1beta1', 'v1alpha1'].map((version) => ({ ...AUTHENTICATION, version }));

/** Who a review asks about; a Group alone has no user. */
export interface ReviewedSubject {
  readonly user?: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const API_VERSION = 'authorization.k8s.io/v1';

// A list limited to one object is authorized by that name, and other authorizers see the selector as well.
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
function selectorForName({ verb, name }: ResourceAccessRequest): Partial<V1ResourceAttributes> {
  if (name === undefined || (verb !== 'list' && verb !== 'watch')) return {};
  return { fieldSelector: { requirements: [{ key: 'metadata.name', operator: 'In', values: [name] }] } };
}

function resourceAttributes(request: ResourceAccessRequest): V1ResourceAttributes {
  return {
    verb: request.verb,
    group: request.group,
    resource: request.resource,
    namespace: request.namespace,
    ...(request.subresource !== undefined && { subresource: request.subresource }),
    ...(request.name !== undefined && { name: request.name }),
    ...selectorForName(request),
  };
}

type Attributes = { resourceAttributes: V1ResourceAttributes } | { nonResourceAttributes: V1NonResourceAttributes };

function attributes(request: AccessRequest): Attributes {
  if (isUrlRequest(request)) return { nonResourceAttributes: { verb: request.verb, path: request.path } };
  return { resourceAttributes: resourceAttributes(request) };
}

function subjectFields(subject: ReviewedSubject): {
  user?: string;
  groups: string[];
  uid?: string;
  extra?: Record<string, string[]>;
} {
  const extra = Object.entries(subject.extra ?? {}).map(([key, values]): [string, string[]] => [key, [...values]]);
  return {
    ...(subject.user !== undefined && { user: subject.user }),
    groups: [...subject.groups],
    ...(subject.uid !== undefined && { uid: subject.uid }),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  };
}

export function selfReview(request: AccessRequest): V1SelfSubjectAccessReview {
  return { apiVersion: API_VERSION, kind: SELF_REVIEW.kind, spec: attributes(request) };
}

export function subjectReview(request: AccessRequest, subject: ReviewedSubject): V1SubjectAccessReview {
  return { apiVersion: API_VERSION, kind: SUBJECT_REVIEW.kind, spec: { ...subjectFields(subject), ...attributes(request) } };
}

/** For requests in a namespace only: the server refuses any other (422). */
export function localReview(request: ResourceAccessRequest, subject: ReviewedSubject): V1LocalSubjectAccessReview {
  return {
    apiVersion: API_VERSION,
    kind: LOCAL_REVIEW.kind,
    metadata: { namespace: request.namespace },
    spec: { ...subjectFields(subject), ...attributes(request) },
  };
}

/** `namespace` must not be `''` (400), but need not exist: then the answer holds what is granted everywhere. */
export function rulesReview(namespace: string): V1SelfSubjectRulesReview {
  return { apiVersion: API_VERSION, kind: RULES_REVIEW.kind, spec: { namespace } };
}

/** The body that asks who we are, for one of `IDENTITY_REVIEWS`. */
export function identityReview(type: ResourceType): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion: `${type.group}/${type.version}`, kind: type.kind };
}
