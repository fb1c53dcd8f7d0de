import { PODS } from '../../domain/kubernetes/core-kinds.ts';
import { type KubeObject, type ResourceType, resourceName } from '../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import type { Cluster, ServerVersion } from '../cluster.ts';
import type { ApiRequest, Transport } from '../transport/transport.ts';
import { type AskApi, discover } from './discovery.ts';
import { type Asked, isObject, objectIn, textIn, unexpected } from './error.ts';
import { allPages, type Page } from './pages.ts';
import { collectionPath, objectPath, openApiPath, podLogPath } from './path.ts';
import { checkIdentity, placementCheck } from './placement.ts';

const CHUNK_SIZE = 500;

/** Of one log: twenty lines are far shorter. */
const LOG_BYTES = 64 * 1024;

/** Who is said to own the fields that are applied. */
const FIELD_MANAGER = 'kubectl-kserve';

/** The `Cluster` that a transport reaches. */
export function clusterOver(transport: Transport): Cluster {
  const send = async (request: ApiRequest, asked: Asked) => {
    const answer = await transport.request(request);
    return { object: explaining(transport, () => objectIn(answer, asked, transport.redact)), bytes: answer.body.length };
  };
  const ask: AskApi = async (request, asked) => (await send(request, asked)).object;
  return {
    list: (type, { namespace, labelSelector, fieldSelector, chunkSize = CHUNK_SIZE }, select) => {
      const asked = { method: 'GET', resource: resourceName(type) };
      const selectors = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
      const path = collectionPath(type, namespace);
      const placement = placementCheck(type, namespace);
      const checked = (item: KubeObject) => {
        placement.check(item);
        return select(item);
      };
      return allPages(chunkSize, async (query) => {
        const { object, bytes } = await send({ method: 'GET', path, query: { ...query, ...selectors } }, asked);
        if (query.continue === undefined) placement.restart();
        return explaining(transport, () => ({ ...toPage(object, type, checked), bytes }));
      });
    },
    get: async (type, name, { namespace }) => {
      const asked = { method: 'GET', resource: resourceName(type), name };
      const object = await ask({ method: 'GET', path: objectPath(type, namespace, name) }, asked);
      return explaining(transport, () => {
        const found = toObject(object, type);
        checkIdentity(found, type, name, namespace);
        return found;
      });
    },
    podLog: async (name, { namespace, container, previous, tailLines }) => {
      const query = {
        container,
        ...(previous && { previous: 'true' }),
        tailLines: String(tailLines),
        limitBytes: String(LOG_BYTES),
      };
      // As kubectl: a log is text, a refusal is JSON.
      const answer = await transport.request({ method: 'GET', path: podLogPath(namespace, name), query, accept: 'application/json, */*' });
      const asked = { method: 'GET', resource: resourceName(PODS), name };
      return explaining(transport, () => textIn(answer, asked, transport.redact));
    },
    create: async (type, object, { namespace, dryRun, impersonateUser }) => {
      const asked = { method: 'POST', resource: resourceName(type) };
      const request: ApiRequest = {
        method: 'POST',
        path: collectionPath(type, namespace),
        ...(dryRun === true && { query: { dryRun: 'All' } }),
        body: JSON.stringify(object),
        repeatable: isReview(type),
        ...(impersonateUser !== undefined && { impersonation: { user: impersonateUser, groups: [], extra: {} } }),
      };
      const created = await ask(request, asked);
      return explaining(transport, () => toObject(created, type));
    },
    apply: async (type, name, object, { namespace }) => {
      const asked = { method: 'PATCH', resource: resourceName(type), name };
      const query = { dryRun: 'All', fieldManager: FIELD_MANAGER, force: 'true' };
      // JSON is YAML.
      const request: ApiRequest = {
        method: 'PATCH',
        path: objectPath(type, namespace, name),
        query,
        body: JSON.stringify(object),
        contentType: 'application/apply-patch+yaml',
        repeatable: true,
      };
      const applied = await ask(request, asked);
      return explaining(transport, () => toObject(applied, type));
    },
    discover: (options) => discover(ask, options),
    serverVersion: async () => {
      const version = await ask({ method: 'GET', path: '/version' }, { method: 'GET' });
      return explaining(transport, () => toVersion(version));
    },
    openApi: (group, version) => ask({ method: 'GET', path: openApiPath(group, version) }, { method: 'GET' }),
  };
}

function explaining<T>(transport: Transport, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ClusterError ? transport.explain(error) : error;
  }
}

/** Questions in the shape of a write: they change nothing and may be asked twice. */
function isReview({ group, plural }: ResourceType): boolean {
  return (group === 'authorization.k8s.io' || group === 'authentication.k8s.io') && plural.endsWith('reviews');
}

function apiVersionOf({ group, version }: ResourceType): string {
  return group === '' ? version : `${group}/${version}`;
}

function toPage<T>(list: Readonly<Record<string, unknown>>, type: ResourceType, select: (object: KubeObject) => T): Omit<Page<T>, 'bytes'> {
  const { kind, apiVersion, items, metadata } = list;
  if (kind !== `${type.kind}List` || apiVersion !== apiVersionOf(type) || !(Array.isArray(items) || items === null))
    throw unexpected(`${described(list)} in place of a list of ${resourceName(type)}`);
  const next = nextOf(metadata ?? {});
  if (next === undefined) throw unexpected(`a list of ${resourceName(type)} that does not tell whether it is complete`);
  return { items: (items ?? []).map((item) => select(toItem(item, type))), next };
}

/** Where a list goes on, `''` at its end, undefined if its metadata leave that open: https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#ListMeta */
function nextOf(metadata: unknown): string | undefined {
  if (!isObject(metadata)) return undefined;
  const next = metadata.continue ?? '';
  const isEnd = (metadata.remainingItemCount ?? 0) === 0;
  return typeof next === 'string' && (next !== '' || isEnd) ? next : undefined;
}

/** Objects in a list of a built-in kind do not repeat what the list says. */
function toItem(item: unknown, type: ResourceType): KubeObject {
  if (!isKubeObject(item)) throw unexpected(`a list of ${resourceName(type)} with an item that is no object`);
  const { kind = type.kind, apiVersion = apiVersionOf(type) } = item;
  if (kind !== type.kind || apiVersion !== apiVersionOf(type)) throw unexpected(`${described(item)} in a list of ${resourceName(type)}`);
  if (!isNamed(item)) throw unexpected(`a list of ${resourceName(type)} with an item without a name`);
  return item.kind === undefined ? { apiVersion: apiVersionOf(type), kind: type.kind, ...item } : item;
}

function isNamed({ metadata }: KubeObject): boolean {
  return typeof metadata.name === 'string' && metadata.name !== '';
}

function toObject(object: Readonly<Record<string, unknown>>, type: ResourceType): KubeObject {
  if (object.kind === type.kind && object.apiVersion === apiVersionOf(type) && isKubeObject(object)) return object;
  throw unexpected(`${described(object)} in place of ${type.kind} of ${apiVersionOf(type)}`);
}

function toVersion({ gitVersion, platform }: Readonly<Record<string, unknown>>): ServerVersion {
  if (typeof gitVersion !== 'string') throw unexpected('no gitVersion at /version');
  return { gitVersion, platform: typeof platform === 'string' ? platform : undefined };
}

function isKubeObject(value: unknown): value is KubeObject {
  return isObject(value) && isObject(value.metadata);
}

function described({ kind, apiVersion }: Readonly<Record<string, unknown>>): string {
  return typeof kind === 'string' && typeof apiVersion === 'string'
    ? escapeText(`${kind} of ${apiVersion}`)
    : 'JSON without kind and apiVersion';
}
