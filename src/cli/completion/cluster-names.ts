import type { Connection } from '../../cluster/cluster.ts';
import type { Completes } from '../../command/option.ts';
import type { RuntimeApis } from '../../domain/kserve/api.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../domain/kserve/kinds.ts';
import { findResource, isServed, resourcesOfGroup } from '../../domain/kserve/resource-lookup.ts';
import { NAMESPACES, SERVICE_ACCOUNTS } from '../../domain/kubernetes/core-kinds.ts';
import type { ApiResource, KubeObject } from '../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../errors.ts';
import type { Candidate } from './complete.ts';
import { type CandidatesRequest, type Offer, words } from './offer.ts';

/** Objects a page. */
const CHUNK_SIZE = 500;

const NOT_SERVED = `${KSERVE_GROUP} is not served by this cluster`;

/** Between the namespace and the name of a ServiceAccount. */
export const SEPARATOR = /[:/]/;

type AskCluster = (connection: Connection, question: CandidatesRequest) => Promise<Offer>;

/** What the cluster has to offer for each kind of value. */
export const FROM_CLUSTER: Readonly<Partial<Record<Completes, AskCluster>>> = {
  namespace: ({ cluster }) => namesOf(cluster.list(NAMESPACES, { chunkSize: CHUNK_SIZE }, nameOf)),
  'model-format': (connection, question) => fromRuntimes(connection, question, formatsOf),
  protocol: (connection, question) => fromRuntimes(connection, question, protocolsOf),
  runtime: (connection, question) => fromRuntimes(connection, question, (runtime) => [nameOf(runtime)]),
  'inference-service': (connection, question) =>
    question.typed.includes('/') ? namesOfKind(connection, question) : inferenceServices(connection),
  'service-account': serviceAccounts,
  resource: (connection, question) => (question.typed.includes('/') ? namesOfKind : servedKinds)(connection, question),
};

function nameOf(object: KubeObject): string {
  return object.metadata.name ?? '';
}

async function namesOf(list: Promise<{ readonly items: readonly string[] }>): Promise<Offer> {
  const { items } = await list;
  return { candidates: words(items) };
}

async function inferenceServices({ cluster, namespace }: Connection): Promise<Offer> {
  const { listServices } = await import('../../queries/inference-services.ts');
  const { items, failure } = await listServices(cluster, namespace);
  return { candidates: words(items.map(nameOf)), activeHelp: failure?.message };
}

/** Namespaced and cluster-scoped runtimes; if one kind is refused, the other is offered and the refusal is reported. */
async function fromRuntimes(
  connection: Connection,
  question: CandidatesRequest,
  select: (runtime: KubeObject) => readonly string[],
): Promise<Offer> {
  const { askRuntimes, bothKinds, isAbsent } = await import('../../queries/runtimes.ts');
  const { cluster } = connection;
  const places = bothKinds(question.allNamespaces ? undefined : connection.namespace);
  const { answers, apis } = await askRuntimes(cluster, places, (type, { namespace }) =>
    cluster.list(type, { chunkSize: CHUNK_SIZE, namespace }, select),
  );
  const found = answers.flatMap(({ result }) => (result instanceof ClusterError ? [] : result.items.flat()));
  const failure = answers.find((answer) => answer.result instanceof ClusterError && !isAbsent(answer))?.result;
  if (failure instanceof ClusterError) return { candidates: words(found), activeHelp: failure.message };
  return answers.every(isAbsent) ? { candidates: [], activeHelp: noRuntimes(apis) } : { candidates: words(found) };
}

function noRuntimes({ state }: RuntimeApis): string {
  return `no runtimes: ${state === 'notInstalled' || state === 'legacy' ? NOT_SERVED : 'this installation of KServe has none of their kinds'}`;
}

interface OfferedSpec {
  readonly supportedModelFormats?: unknown;
  readonly protocolVersions?: unknown;
}

function listIn(runtime: KubeObject, key: keyof OfferedSpec): readonly unknown[] {
  const value = ((runtime.spec ?? {}) as OfferedSpec)[key];
  return Array.isArray(value) ? value : [];
}

/** Names, and with their versions: `sklearn`, `sklearn:1`. */
function formatsOf(runtime: KubeObject): readonly string[] {
  return listIn(runtime, 'supportedModelFormats').flatMap((format) => {
    const { name, version } = (format ?? {}) as { readonly name?: unknown; readonly version?: unknown };
    if (typeof name !== 'string') return [];
    return typeof version === 'string' ? [name, `${name}:${version}`] : [name];
  });
}

function protocolsOf(runtime: KubeObject): readonly string[] {
  return listIn(runtime, 'protocolVersions').filter((protocol) => typeof protocol === 'string');
}

export function kindCandidate({ plural, kind }: Pick<ApiResource, 'plural' | 'kind'>): Candidate {
  return { word: `${plural}.${KSERVE_GROUP}`, summary: kind };
}

/** KServe's kinds as far as the server has them, and those of its group that are newer than this program. */
async function servedKinds({ cluster }: Connection): Promise<Offer> {
  const discovery = await cluster.discover({});
  const known = KSERVE_KINDS.filter((kind) => isServed(kind, discovery) !== 'no');
  const newer = resourcesOfGroup(KSERVE_GROUP, discovery).filter(({ plural }) => !known.some((kind) => kind.plural === plural));
  const kinds = [...known, ...newer];
  return kinds.length > 0 ? { candidates: kinds.map(kindCandidate) } : { candidates: [], activeHelp: NOT_SERVED };
}

/** `KIND/NAME`. */
async function namesOfKind({ cluster, namespace }: Connection, { typed }: CandidatesRequest): Promise<Offer> {
  const kind = typed.slice(0, typed.indexOf('/'));
  const found = kind === '' ? undefined : findResource(kind, await cluster.discover({ core: true }));
  if (found?.kind !== 'found' || found.installed === 'no') return { candidates: [] };
  const { resource } = found;
  const place = resource.namespaced ? { namespace } : {};
  return namesOf(cluster.list(resource, { ...place, chunkSize: CHUNK_SIZE }, (object) => `${kind}/${nameOf(object)}`));
}

/** `NAMESPACE:NAME` or `NAMESPACE/NAME`, first the one, then the other. */
async function serviceAccounts({ cluster, namespace: own }: Connection, { typed }: CandidatesRequest): Promise<Offer> {
  const [, namespace, separator] = /^([^:/]*)([:/])/.exec(typed) ?? [];
  if (namespace !== undefined) {
    const options = { namespace, chunkSize: CHUNK_SIZE };
    return namesOf(cluster.list(SERVICE_ACCOUNTS, options, (account) => `${namespace}${separator}${nameOf(account)}`));
  }
  try {
    return await namesOf(cluster.list(NAMESPACES, { chunkSize: CHUNK_SIZE }, (namespace) => `${nameOf(namespace)}:`));
  } catch {
    return { candidates: [{ word: `${own}:` }] };
  }
}
