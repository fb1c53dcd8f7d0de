// How a URL becomes what the authorizer is asked.
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
import type { AccessRequest, ResourceAccessRequest } from '../../src/domain/rbac/access-review.ts';
import type { ApiRequest } from './api.ts';
import { nameInFieldSelector } from './selectors.ts';

export interface ResourceInfo extends Required<ResourceAccessRequest> {
  readonly version: string;
}

/** Undefined for a path that is no resource, such as `/apis`. */
export function resourceInfo(request: ApiRequest): ResourceInfo | undefined {
  const parts = request.path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  if (parts[0] === 'api' && parts.length >= 3) return inVersion('', parts[1] ?? '', parts.slice(2), request);
  if (parts[0] === 'apis' && parts.length >= 4) return inVersion(parts[1] ?? '', parts[2] ?? '', parts.slice(3), request);
  return undefined;
}

export function accessRequest(request: ApiRequest, info: ResourceInfo | undefined): AccessRequest {
  return info ?? { verb: request.method.toLowerCase(), path: request.path };
}

const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

function inVersion(group: string, version: string, parts: readonly string[], request: ApiRequest): ResourceInfo {
  const isWatchPath = parts[0] === 'watch';
  const [namespace, rest] = splitNamespace(isWatchPath ? parts.slice(1) : parts);
  const [resource = '', name = '', subresource = ''] = rest;
  const target = { group, version, namespace, resource, subresource };
  if (name !== '') return { ...target, name, verb: isWatchPath ? 'watch' : itemVerb(request.method) };
  const verb = isWatchPath ? 'watch' : collectionVerb(request);
  const isRead = verb === 'list' || verb === 'watch';
  return { ...target, verb, name: isRead ? nameInFieldSelector(request.query.get('fieldSelector') ?? '') : '' };
}

/** `namespaces/n` alone and with its subresources is the Namespace itself, and yet in the namespace n. */
function splitNamespace(parts: readonly string[]): readonly [string, readonly string[]] {
  const [first, namespace, next] = parts;
  if (first !== 'namespaces' || namespace === undefined) return ['', parts];
  return next === undefined || NAMESPACE_SUBRESOURCES.includes(next) ? [namespace, parts] : [namespace, parts.slice(2)];
}

function itemVerb(method: string): string {
  return { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[method] ?? '';
}

function collectionVerb({ method, query }: ApiRequest): string {
  const verb = itemVerb(method);
  if (verb === 'delete') return 'deletecollection';
  if (verb !== 'get') return verb;
  return ['1', 'true'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
}
