import { PODS } from '../../domain/kubernetes/core-kinds.ts';
import { fieldOf, textOf } from '../../domain/kubernetes/json-value.ts';
import { type KubeObject, type ResourceType, resourceName } from '../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../errors.ts';
import type { Cluster, ServerVersion } from '../cluster.ts';
import { isSuccess, type WireAnswer } from '../transport/exchange.ts';
import type { ApiRequest, Transport } from '../transport/transport.ts';
import { type AskApi, discover } from './discovery.ts';
import { isObject, objectIn, textIn, unexpected } from './error.ts';
import { apiVersionOf, described, toItem, toObject, versionOf } from './objects.ts';
import { allPages, type Page, type PageQuery } from './pages.ts';
import { collectionPath, objectPath, openApiPath, podLogPath } from './path.ts';
import { checkIdentity, placementCheck } from './placement.ts';
import { likelyNext, readAhead } from './read-ahead.ts';

const CHUNK_SIZE = 500;

/** Of one log: twenty lines are far shorter. */
const LOG_BYTES = 64 * 1024;

/** A server may also send whole objects. https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const METADATA = { group: 'meta.k8s.io', version: 'v1', kind: 'PartialObjectMetadata' };

const STRICT = { fieldValidation: 'Strict' };

/** Who is said to own the fields that are applied. */
const FIELD_MANAGER = 'kubectl-kserve';

/** The `Cluster` that a transport reaches. */
export function clusterOver(transport: Transport): Cluster {
  const ask: AskApi = async (request, asked) => {
    const answer = await transport.request(request);
    return explaining(transport, () => objectIn(answer, asked, transport.redact));
  };
  return {
    list: async (type, { namespace, labelSelector, fieldSelector, chunkSize = CHUNK_SIZE, versioned, metadataOnly = false }, select) => {
      const asked = { method: 'GET', resource: resourceName(type) };
      const selectors = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
      const path = collectionPath(type, namespace);
      const placement = placementCheck(type, namespace);
      const checked = (item: KubeObject) => {
        placement.check(item);
        return select(item);
      };
      let resourceVersion = '';
      const read = (answer: WireAnswer, query: PageQuery) => {
        const object = objectIn(answer, asked, transport.redact);
        if (query.continue === undefined) {
          placement.restart();
          if (versioned === true) resourceVersion = versionOf(object, `a list of ${resourceName(type)}`);
        }
        return { ...toPage(object, listedType(object, type, metadataOnly), checked), bytes: answer.body.length };
      };
      const fetchPage = readAhead(async (query) => {
        const request: ApiRequest = {
          method: 'GET',
          path,
          query: { ...query, ...selectors },
          ...(metadataOnly && { accept: METADATA_LIST }),
        };
        const answer = await transport.request(request);
        return {
          next: isSuccess(answer) ? likelyNext(answer.body) : undefined,
          read: () => explaining(transport, () => read(answer, query)),
        };
      });
      const result = await allPages(chunkSize, fetchPage);
      return versioned === true ? { ...result, resourceVersion } : result;
    },
    watch: async (type, options, ended) => (await import('./watch.ts')).openWatch(transport, type, options, ended),
    get: async (type, name, { namespace }) => {
      const asked = { method: 'GET', resource: resourceName(type), name };
      const object = await ask({ method: 'GET', path: objectPath(type, namespace, name) }, asked);
      return explaining(transport, () => named(object, type, name, namespace));
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
    create: async (type, object, { namespace, dryRun, strict, impersonateUser }) => {
      const asked = { method: 'POST', resource: resourceName(type) };
      const request: ApiRequest = {
        method: 'POST',
        path: collectionPath(type, namespace),
        query: { ...(dryRun === true && { dryRun: 'All' }), ...(strict === true && STRICT) },
        body: JSON.stringify(object),
        repeatable: isReview(type),
        ...(impersonateUser !== undefined && { impersonation: { user: impersonateUser, groups: [], extra: {} } }),
      };
      const created = await ask(request, asked);
      const name = isReview(type) ? undefined : textOf(fieldOf(fieldOf(object, 'metadata'), 'name'));
      return explaining(transport, () => (name === undefined ? toObject(created, type) : named(created, type, name, namespace)));
    },
    apply: async (type, name, object, { namespace, strict }) => {
      const asked = { method: 'PATCH', resource: resourceName(type), name };
      const query = { dryRun: 'All', fieldManager: FIELD_MANAGER, force: 'true', ...(strict === true && STRICT) };
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
      return explaining(transport, () => named(applied, type, name, namespace));
    },
    discover: (options) => discover(ask, options),
    serverVersion: async () => {
      const version = await ask({ method: 'GET', path: '/version' }, { method: 'GET' });
      return explaining(transport, () => toVersion(version));
    },
    openApi: (group, version) => ask({ method: 'GET', path: openApiPath(group, version) }, { method: 'GET' }),
  };
}

/** The object that was asked for. Throws a ClusterError if it is another one. */
function named(answer: Readonly<Record<string, unknown>>, type: ResourceType, name: string, namespace: string | undefined): KubeObject {
  const object = toObject(answer, type);
  checkIdentity(object, type, name, namespace);
  return object;
}

function listedType({ kind }: Readonly<Record<string, unknown>>, type: ResourceType, metadataOnly: boolean): ResourceType {
  return metadataOnly && kind === `${METADATA.kind}List` ? { ...type, ...METADATA } : type;
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

function toVersion({ gitVersion, platform }: Readonly<Record<string, unknown>>): ServerVersion {
  if (typeof gitVersion !== 'string') throw unexpected('no gitVersion at /version');
  return { gitVersion, platform: typeof platform === 'string' ? platform : undefined };
}
