import type { Identity } from '../../src/domain/kubernetes/identity.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { type Answer, badRequest, json, pageNotFound, Refusal, refuse, resourceNotFound, text } from './answer.ts';
import { authenticate, type User } from './authentication.ts';
import { type Authorizer, createAuthorizer, denial, rbacObjects, type Webhook } from './authorization.ts';
import { BOOTSTRAP_OBJECTS } from './bootstrap.ts';
import { withDefaults } from './defaults.ts';
import { discovery } from './discovery.ts';
import { impersonate } from './impersonation.ts';
import { inVersion, listPage } from './lists.ts';
import { patch } from './patches.ts';
import { type PodLog, podLog } from './pod-log.ts';
import { rbacCauses } from './rbac-validation.ts';
import { accessRequest, type ResourceInfo, resourceInfo } from './request-info.ts';
import { type Review, review } from './reviews.ts';
import { ObjectStore } from './store.ts';
import { BUILT_IN_TYPES, KSERVE_TYPES, type ServedType, typeOf } from './types.ts';
import { type Watch, watch } from './watches.ts';
import { create, existing, parseBody, remove, removeAll, update } from './writes.ts';

/** A request without its transport. */
export interface ApiRequest {
  readonly method: string;
  /** As sent, still escaped. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as sent. */
  readonly url: string;
  /** Names in lower case; one value a header line. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: string;
  /** Subject of the client certificate, if the server's authority signed it. */
  readonly certificate?: ClientCertificate | 'untrusted' | undefined;
}

interface ClientCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** SHA-256 in hexadecimal. */
  readonly fingerprint: string;
}

export interface ApiOptions {
  /** Besides what every server makes for itself; missing namespaces of theirs are made too. */
  readonly objects?: readonly KubeObject[] | undefined;
  readonly users?: readonly User[] | undefined;
  /** Besides the built-in ones; all of KServe's if absent. */
  readonly types?: readonly ServedType[] | undefined;
  /** What containers printed; others of the Pods that exist printed nothing. */
  readonly logs?: readonly PodLog[] | undefined;
  readonly webhook?: Webhook | undefined;
  readonly now?: (() => Date) | undefined;
}

/** An API server without a network: what the embedded server and `FakeCluster` have in common. */
export interface Api {
  readonly store: ObjectStore;
  readonly types: readonly ServedType[];
  readonly handle: (request: ApiRequest) => Answer | Watch;
}

export function createApi({ objects = [], users = [], types = KSERVE_TYPES, logs = [], webhook, now = () => new Date() }: ApiOptions): Api {
  const store = new ObjectStore(now);
  const served = [...BUILT_IN_TYPES, ...types];
  for (const object of [...BOOTSTRAP_OBJECTS, ...objects]) seed(object, store, served);
  const authorizer = createAuthorizer(store, webhook);
  const server = { store, types: served, logs, authorizer, users, now, hasWebhook: webhook !== undefined };
  return {
    store,
    types: served,
    handle: (request) => {
      try {
        return answer(request, server);
      } catch (error) {
        if (error instanceof Refusal) return error.answer;
        throw error;
      }
    },
  };
}

interface Server {
  readonly store: ObjectStore;
  readonly types: readonly ServedType[];
  readonly logs: readonly PodLog[];
  readonly authorizer: Authorizer;
  readonly users: readonly User[];
  readonly now: () => Date;
  readonly hasWebhook: boolean;
}

/** The order of the real server: who are you, whom do you act as, may you, is it there. */
function answer(request: ApiRequest, server: Server): Answer | Watch {
  const caller = authenticate(request, server.users);
  const info = resourceInfo(request);
  const access = accessRequest(request, info);
  const user = impersonate(request, caller, access, server.authorizer);
  const status = server.authorizer(user, access);
  if (!status.allowed) throw denial(user, access, status, request.url);
  return info === undefined ? path(request, server) : resource(request, info, user, server);
}

function path(request: ApiRequest, { types }: Server): Answer {
  if (['/healthz', '/livez', '/readyz'].includes(request.path)) return text(200, 'ok');
  if (request.path === '/version') return json(200, { major: '1', minor: '37', gitVersion: 'v1.37.2', platform: 'linux/amd64' });
  const found = discovery(request, types);
  if (found !== undefined) return found;
  const group = /^\/apis\/([^/]+)\/[^/]+\/?$/.exec(request.path)?.[1];
  throw types.some((type) => type.builtIn && type.group === group) ? resourceNotFound() : pageNotFound();
}

function resource(request: ApiRequest, info: ResourceInfo, user: Identity, server: Server): Answer | Watch {
  const type = servedType(info, server.types);
  if (info.subresource === '' && !isAllowedMethod(info, type)) throw methodNotAllowed(info, type);
  if (isReview(type)) return json(201, runReview(request, info, type, user, server));
  return info.name === '' || info.verb === 'list' || info.verb === 'watch'
    ? collection(request, info, type, server)
    : item(request, info, type, server);
}

function collection(request: ApiRequest, info: ResourceInfo, type: ServedType, { store }: Server): Answer | Watch {
  if (info.verb === 'create') return create(request, info, type, store);
  if (info.verb === 'deletecollection') return removeAll(request, info, type, store);
  return info.verb === 'watch' ? watch(request, info, type, store) : listPage(request, info, type, store);
}

function item(request: ApiRequest, info: ResourceInfo, type: ServedType, { store, logs }: Server): Answer {
  if (info.subresource === 'log') return podLog(request, existing(info, type, store), logs);
  if (info.verb === 'update') return update(request, info, type, store);
  if (info.verb === 'patch') return patch(request, info, type, store);
  if (info.verb === 'delete') return remove(request, info, type, store);
  return json(200, inVersion(type, existing(info, type, store)));
}

function runReview(request: ApiRequest, info: ResourceInfo, type: ServedType, caller: Identity, server: Server): object {
  const { kind = '', apiVersion = '', metadata, spec = {} } = parseBody(request, type);
  if (kind !== type.kind) throw badRequest(`${kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${type.kind}`);
  const { authorizer, hasWebhook, store, now } = server;
  const context = { caller, namespace: info.namespace, authorizer, hasWebhook, rbac: rbacObjects(store), now: now() };
  return review(type.kind, { kind, apiVersion, metadata, spec } as Review, context);
}

/** A path that fits no kind is a plain 404, but for a built-in group, which says it in a `Status`. */
function servedType(info: ResourceInfo, types: readonly ServedType[]): ServedType {
  const ofGroup = types.filter((type) => type.group === info.group);
  const type = ofGroup.find((one) => one.version === info.version && one.plural === info.resource);
  if (type === undefined || !fitsPath(info, type)) throw ofGroup[0]?.builtIn ? resourceNotFound() : pageNotFound();
  return type;
}

/** What can only be created is not stored. */
function isReview({ verbs }: ServedType): boolean {
  return verbs.length === 1;
}

function fitsPath({ resource: plural, namespace, name, verb, subresource }: ResourceInfo, type: ServedType): boolean {
  if (isReview(type) && name !== '') return false;
  if (subresource !== '' && !type.subresources.includes(subresource)) return false;
  if (type.namespaced) return namespace !== '' || verb === 'list' || verb === 'watch';
  return namespace === '' || (plural === 'namespaces' && name === namespace);
}

function isAllowedMethod({ verb, name }: ResourceInfo, type: ServedType): boolean {
  return type.verbs.includes(verb) && (verb !== 'create' || name === '');
}

function methodNotAllowed({ group, resource: plural, verb }: ResourceInfo, { builtIn }: ServedType): Refusal {
  const reason = 'MethodNotAllowed';
  if (builtIn)
    return refuse({ code: 405, reason, message: 'the server does not allow this method on the requested resource', details: {} });
  const message = `${verb} is not supported on resources of kind "${plural}.${group}"`;
  return refuse({ code: 405, reason, message, details: { group, kind: plural } });
}

function seed(object: KubeObject, store: ObjectStore, types: readonly ServedType[]): void {
  const type = typeOf(object, types);
  const { namespace } = object.metadata;
  if (type.namespaced && namespace === undefined) throw new Error(`${object.kind} ${object.metadata.name} needs a namespace`);
  if (namespace !== undefined) seedNamespace(namespace, store, types);
  const filled = withDefaults(type, object);
  const causes = rbacCauses(type, filled);
  if (causes.length > 0) throw new Error(`${object.kind} ${object.metadata.name} is invalid: ${causes[0]?.field}: ${causes[0]?.message}`);
  store.add(type, filled);
}

function seedNamespace(name: string, store: ObjectStore, types: readonly ServedType[]): void {
  const exists = store.all({ group: '', plural: 'namespaces' }).some(({ metadata }) => metadata.name === name);
  if (!exists) seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, store, types);
}
