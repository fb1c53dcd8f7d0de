import type { Cluster, Connection } from '../../cluster/cluster.ts';
import type { ConnectionOptions } from '../../cluster/connection-options.ts';
import type { Completes } from '../../command/option.ts';
import type { RuntimeApis } from '../../domain/kserve/api.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../domain/kserve/kinds.ts';
import { TASKS } from '../../domain/kserve/required-access.ts';
import { findResource, isServed, resourcesOfGroup } from '../../domain/kserve/resource-lookup.ts';
import { NAMESPACES, SERVICE_ACCOUNTS } from '../../domain/kubernetes/core-kinds.ts';
import type { ApiResource, KubeObject } from '../../domain/kubernetes/resource.ts';
import { STANDARD_VERBS } from '../../domain/kubernetes/verb.ts';
import { ClusterError, KserveError } from '../../errors.ts';
import type { CliHost } from '../cli-host.ts';
import type { Candidate } from './complete.ts';

/** What a source has to offer; `activeHelp` says why if it is not all. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  readonly activeHelp?: string | undefined;
  /** More of the same word follows. */
  readonly unfinished?: boolean;
  /** The cluster could not be asked. */
  readonly isUnknown?: boolean;
}

/** The command line so far, as far as sources look at it. */
export interface CandidatesRequest {
  readonly connection: ConnectionOptions;
  readonly allNamespaces: boolean;
  readonly typed: string;
}

/** Milliseconds of the process: with kubectl in front TAB takes less than a second then. A shell that hangs is worse than one that offers nothing. */
const PATIENCE = 800;

/** Of one answer: what takes longer to read is not waited for. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Objects a page. */
const CHUNK_SIZE = 500;

const NOT_SERVED = `${KSERVE_GROUP} is not served by this cluster`;

type AskCluster = (connection: Connection, question: CandidatesRequest) => Promise<Offer>;

const FROM_CLUSTER: Readonly<Partial<Record<Completes, AskCluster>>> = {
  namespace: ({ cluster }) => namesOf(cluster.list(NAMESPACES, { chunkSize: CHUNK_SIZE }, nameOf)),
  'model-format': (connection, question) => fromRuntimes(connection, question, formatsOf),
  protocol: (connection, question) => fromRuntimes(connection, question, protocolsOf),
  runtime: (connection, question) => fromRuntimes(connection, question, (runtime) => [nameOf(runtime)]),
  'inference-service': (connection, question) =>
    question.typed.includes('/') ? namesOfKind(connection, question) : inferenceServices(connection),
  'service-account': serviceAccounts,
  resource: (connection, question) => (question.typed.includes('/') ? namesOfKind : servedKinds)(connection, question),
};

const words = (names: Iterable<string>): readonly Candidate[] => [...new Set(names)].toSorted().map((word) => ({ word }));

/** Offers for a value. Waits for cluster and files until `PATIENCE` is over, and no longer. */
export async function candidatesOf(source: Completes, question: CandidatesRequest, host: CliHost): Promise<Offer> {
  switch (source) {
    case 'task':
      return { candidates: TASKS.map(({ name, summary }) => ({ word: name, summary })) };
    case 'finding': {
      const { CODES, catalogueEntry } = await import('../../domain/doctor/catalogue/catalogue.ts');
      return { candidates: CODES.map((word) => ({ word, summary: catalogueEntry(word).title })) };
    }
    case 'verb':
      return { candidates: STANDARD_VERBS.map((word) => ({ word })) };
    case 'resource': {
      const offer = await fromCluster(source, question, host);
      return offer.isUnknown && !question.typed.includes('/') ? { ...offer, candidates: KSERVE_KINDS.map(kindCandidate) } : offer;
    }
    case 'context':
    case 'cluster':
    case 'user':
      return inTime(host, 'the kubeconfig could not be read', (patient) => fromKubeconfig(source, question, patient));
    default:
      return fromCluster(source, question, host);
  }
}

/** What `ask` finds in time. It gets a host that is silent, and whose signal tells that time is over, and notes in `found` what comes. */
async function inTime(host: CliHost, what: string, ask: (host: CliHost, found: string[]) => Promise<Offer>): Promise<Offer> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([host.signal, giveUp.signal]);
  const { promise: givenUp, resolve } = Promise.withResolvers<Offer>();
  const found: string[] = [];
  signal.addEventListener('abort', () => {
    const activeHelp = `${found.length === 0 ? what : 'not all names came'} within a second`;
    resolve({ candidates: words(found), activeHelp, isUnknown: true });
  });
  // Not AbortSignal.timeout, which lets the process end without an answer.
  const timer = setTimeout(() => giveUp.abort(), Math.max(0, PATIENCE - host.elapsed()));
  return Promise.race([ask(quiet(host, signal), found), givenUp]).finally(() => clearTimeout(timer));
}

async function fromKubeconfig(source: 'context' | 'cluster' | 'user', { connection }: CandidatesRequest, host: CliHost): Promise<Offer> {
  const { loadKubeconfig } = await import('../../cluster/kubeconfig/kubeconfig.ts');
  const { kubeconfig } = await loadKubeconfig(connection, host);
  return { candidates: words(kubeconfig[`${source}s`].keys()) };
}

async function fromCluster(source: Completes, question: CandidatesRequest, host: CliHost): Promise<Offer> {
  const ask = FROM_CLUSTER[source];
  if (ask === undefined) return { candidates: [] };
  const offer = await inTime(host, 'the cluster did not answer', (patient, found) =>
    askCluster((connection) => ask(noting(connection, found), question), question, patient),
  );
  // A namespace, and then a name.
  return { ...offer, unfinished: source === 'service-account' && !SEPARATOR.test(question.typed) };
}

/** Between the namespace and the name of a ServiceAccount. */
const SEPARATOR = /[:/]/;

async function askCluster(
  ask: (connection: Connection) => Promise<Offer>,
  { connection: options }: CandidatesRequest,
  host: CliHost,
): Promise<Offer> {
  try {
    const connection = await host.connect(options, { ...host, mostAnswerBytes: MOST_BYTES });
    host.signal.addEventListener('abort', connection.close);
    return await ask(connection).finally(connection.close);
  } catch (error) {
    return { candidates: [], activeHelp: reasonOf(error), isUnknown: true };
  }
}

/** A connection whose lists are noted as they come, page by page. */
function noting(connection: Connection, found: string[]): Connection {
  const list: Cluster['list'] = (type, options, select) => {
    const note = (object: KubeObject) => {
      const value = select(object);
      for (const name of [value].flat()) found.push(String(name));
      return value;
    };
    return connection.cluster.list(type, options, note);
  };
  return { ...connection, cluster: { ...connection.cluster, list } };
}

function reasonOf(error: unknown): string {
  return error instanceof KserveError ? error.message : 'the names are not known: an internal error';
}

/** Nothing may ask the user or write beside the answer while a word is completed. */
function quiet(host: CliHost, signal: AbortSignal): CliHost {
  const errOut = { write: () => undefined, isTTY: false, columns: undefined };
  const nobody = { isTTY: false, readAll: async () => Buffer.alloc(0), lines: async function* () {} };
  return { ...host, signal, streams: { in: nobody, out: errOut, errOut } };
}

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

function kindCandidate({ plural, kind }: Pick<ApiResource, 'plural' | 'kind'>): Candidate {
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
