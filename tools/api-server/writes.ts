import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { goQuote } from '../../src/text/go-quote.ts';
import { type Answer, badRequest, json, type Refusal, refuse, type StatusCause } from './answer.ts';
import type { ApiRequest } from './api.ts';
import { withDefaults } from './defaults.ts';
import { inVersion, listPage, selects } from './lists.ts';
import { rbacCauses } from './rbac-validation.ts';
import type { ResourceInfo } from './request-info.ts';
import type { ObjectStore } from './store.ts';
import { apiVersion, type ServedType } from './types.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** The object in the body of a request. */
export function parseBody(request: ApiRequest, type: ServedType): KubeObject {
  const contentType = request.headers['content-type']?.[0] ?? 'application/json';
  if (!contentType.startsWith('application/json')) throw unsupportedMediaType();
  try {
    const body = JSON.parse(request.body) as KubeObject;
    return { ...body, apiVersion: body.apiVersion ?? apiVersion(type), kind: body.kind ?? type.kind, metadata: body.metadata ?? {} };
  } catch {
    throw badRequest(`the object provided is unrecognized (must be of type ${type.kind}): couldn't get version/kind; json parse error`);
  }
}

export function create(request: ApiRequest, info: ResourceInfo, type: ServedType, store: ObjectStore): Answer {
  const object = withDefaults(type, inNamespace(parseBody(request, type), info.namespace));
  const namespace = store.all({ group: '', plural: 'namespaces' }).find(({ metadata }) => metadata.name === info.namespace);
  if (type.namespaced && namespace === undefined) throw notFound({ ...info, group: '', resource: 'namespaces', name: info.namespace });
  const named = withName(object);
  validate(named, type);
  const name = named.metadata.name ?? '';
  if (store.get(type, info.namespace, name) !== undefined) throw alreadyExists({ ...info, name });
  return json(201, inVersion(type, isDryRun(request) ? store.completed(type, named) : store.add(type, named)));
}

export function update(request: ApiRequest, info: ResourceInfo, type: ServedType, store: ObjectStore): Answer {
  const object = withDefaults(type, inNamespace(parseBody(request, type), info.namespace));
  const { name = '', resourceVersion } = object.metadata;
  if (name !== info.name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  const old = existing(info, type, store);
  if (resourceVersion === undefined && !type.builtIn) throw versionRequired(info);
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) throw conflict(info);
  const causes = rbacCauses(type, object, old);
  if (causes.length > 0) throw invalid(object, type, causes);
  return json(200, inVersion(type, isDryRun(request) ? store.kept(type, old, object) : store.replace(type, old, object)));
}

export function remove(request: ApiRequest, info: ResourceInfo, type: ServedType, store: ObjectStore): Answer {
  const object = existing(info, type, store);
  if (!isDryRun(request)) store.delete(type, object);
  const details = { ...objectDetails(info), uid: object.metadata.uid };
  return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

/** Deletes what is selected, and answers with the list of it. */
export function removeAll(request: ApiRequest, info: ResourceInfo, type: ServedType, store: ObjectStore): Answer {
  const page = listPage(request, info, type, store);
  const isSelected = selects(request, info);
  for (const object of store.all(type)) if (!isDryRun(request) && isSelected(object)) store.delete(type, object);
  return page;
}

/** The stored object; a 404 `Status` if there is none. */
export function existing(info: ResourceInfo, type: ServedType, store: ObjectStore): KubeObject {
  const object = store.get(type, type.namespaced ? info.namespace : '', info.name);
  if (object === undefined) throw notFound(info);
  return object;
}

/** The real server's words, though this one reads JSON only. */
function unsupportedMediaType(): Refusal {
  const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  return refuse({ code: 415, reason: 'UnsupportedMediaType', message });
}

function isDryRun({ query }: ApiRequest): boolean {
  return query.get('dryRun') === 'All';
}

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  if (namespace === '') return object;
  if ((object.metadata.namespace ?? namespace) !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function withName(object: KubeObject): KubeObject {
  const { name = '', generateName = '' } = object.metadata;
  if (name !== '' || generateName === '') return object;
  return { ...object, metadata: { ...object.metadata, name: `${generateName}x7k2p` } };
}

function validate(object: KubeObject, type: ServedType): void {
  const causes = [...nameCauses(object, type), ...rbacCauses(type, object)];
  if (causes.length > 0) throw invalid(object, type, causes);
}

function nameCauses({ kind = '', metadata: { name = '' } }: KubeObject, type: ServedType): readonly StatusCause[] {
  if (kind !== type.kind) {
    return [{ reason: 'FieldValueInvalid', message: `Invalid value: ${goQuote(kind)}: must be ${type.kind}`, field: 'kind' }];
  }
  if (name === '') {
    return [{ reason: 'FieldValueRequired', message: 'Required value: name or generateName is required', field: 'metadata.name' }];
  }
  // Names of RBAC objects may hold a colon and more.
  if (type.group === 'rbac.authorization.k8s.io' || SUBDOMAIN.test(name)) return [];
  return [{ reason: 'FieldValueInvalid', message: `Invalid value: ${goQuote(name)}: ${SUBDOMAIN_RULE}`, field: 'metadata.name' }];
}

function invalid({ kind = '', metadata: { name = '' } }: KubeObject, { group }: ServedType, causes: readonly StatusCause[]): Refusal {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  return refuse({
    code: 422,
    reason: 'Invalid',
    message: `${group === '' ? kind : `${kind}.${group}`} ${goQuote(name)} is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`,
    details: { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind, causes },
  });
}

function objectDetails({ name, group, resource }: ResourceInfo) {
  return { name, ...(group === '' ? {} : { group }), kind: resource };
}

function qualified({ group, resource }: ResourceInfo): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function notFound(info: ResourceInfo): Refusal {
  const message = `${qualified(info)} ${goQuote(info.name)} not found`;
  return refuse({ code: 404, reason: 'NotFound', message, details: objectDetails(info) });
}

function alreadyExists(info: ResourceInfo): Refusal {
  const message = `${qualified(info)} ${goQuote(info.name)} already exists`;
  return refuse({ code: 409, reason: 'AlreadyExists', message, details: objectDetails(info) });
}

/** Built-in kinds may be overwritten unseen, those of a CRD not. */
function versionRequired(info: ResourceInfo): Refusal {
  const cause = {
    reason: 'FieldValueInvalid',
    message: 'Invalid value: 0: must be specified for an update',
    field: 'metadata.resourceVersion',
  };
  const message = `${qualified(info)} ${goQuote(info.name)} is invalid: ${cause.field}: ${cause.message}`;
  return refuse({ code: 422, reason: 'Invalid', message, details: { ...objectDetails(info), causes: [cause] } });
}

function conflict(info: ResourceInfo): Refusal {
  const modified = 'the object has been modified; please apply your changes to the latest version and try again';
  const message = `Operation cannot be fulfilled on ${qualified(info)} ${goQuote(info.name)}: ${modified}`;
  return refuse({ code: 409, reason: 'Conflict', message, details: objectDetails(info) });
}
