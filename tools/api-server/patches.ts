import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { type Answer, badRequest, json, type Refusal, refuse } from './answer.ts';
import type { ApiRequest } from './api.ts';
import { inVersion } from './lists.ts';
import type { ResourceInfo } from './request-info.ts';
import type { ObjectStore } from './store.ts';
import type { ServedType } from './types.ts';
import { create, existing, update } from './writes.ts';

const ACCEPTED = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];

/** Merge patches (RFC 7396), and server-side apply in JSON, which creates what is absent and merges otherwise: who owns which field is not kept. */
export function patch(request: ApiRequest, info: ResourceInfo, type: ServedType, store: ObjectStore): Answer {
  const contentType = request.headers['content-type']?.[0] ?? '';
  const isApply = contentType === ACCEPTED[2];
  if (!isApply && contentType !== ACCEPTED[1]) throw unsupported(type);
  if (isApply && (request.query.get('fieldManager') ?? '') === '') throw fieldManagerRequired();
  const change = parse(request.body);
  if (isApply && change.metadata?.name !== info.name) {
    throw badRequest(`the name of the object (${change.metadata?.name ?? ''}) does not match the name on the URL (${info.name})`);
  }
  const old = store.get(type, type.namespaced ? info.namespace : '', info.name);
  if (old === undefined && isApply) return create(asJson(request, change), info, type, store);
  const current = existing(info, type, store);
  const merged = merge(current, change) as KubeObject;
  if (isDeepStrictEqual(merged, { ...current, ...inVersion(type, current) })) return json(200, inVersion(type, current));
  return update(asJson(request, merged), info, type, store);
}

function asJson(request: ApiRequest, object: object): ApiRequest {
  return { ...request, headers: { ...request.headers, 'content-type': ['application/json'] }, body: JSON.stringify(object) };
}

function parse(body: string): Partial<KubeObject> {
  const value: unknown = JSON.parse(body);
  if (isObject(value)) return value;
  throw badRequest('error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(old: unknown, change: unknown): unknown {
  if (!isObject(change)) return change;
  const merged = new Map(Object.entries(isObject(old) ? old : {}));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) merged.delete(key);
    else merged.set(key, merge(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function unsupported({ builtIn }: ServedType): Refusal {
  const reason = 'UnsupportedMediaType';
  if (builtIn) return refuse({ code: 415, reason, message: '415: Unsupported Media Type', details: {} });
  const message = `the body of the request was in an unknown format - accepted media types include: ${ACCEPTED.join(', ')}`;
  return refuse({ code: 415, reason, message });
}

function fieldManagerRequired(): Refusal {
  const cause = { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' };
  return refuse({
    code: 422,
    reason: 'Invalid',
    message: `PatchOptions.meta.k8s.io "" is invalid: ${cause.field}: ${cause.message}`,
    details: { group: 'meta.k8s.io', kind: 'PatchOptions', causes: [cause] },
  });
}
