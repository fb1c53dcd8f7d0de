import type { Connection } from '../cluster/cluster.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../domain/kserve-kinds.ts';
import { TASKS } from '../domain/required-access.ts';
import type { KubeObject, ResourceType } from '../domain/resource.ts';
import { resourcesOfGroup } from '../domain/resource-lookup.ts';
import { STANDARD_VERBS } from '../domain/verb.ts';
import { KserveError } from '../errors.ts';
import type { Completes, ConnectionOptions, Host } from './command.ts';
import type { Candidate } from './complete.ts';

/** What a source has to offer; `activeHelp` says why if it is not all. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  readonly activeHelp?: string | undefined;
  /** More of the same word follows. */
  readonly unfinished?: boolean;
}

/** The command line so far, as far as sources look at it. */
export interface Question {
  readonly connection: ConnectionOptions;
  readonly allNamespaces: boolean;
  readonly typed: string;
}

/** Milliseconds; a shell that hangs on TAB is worse than one that offers nothing. */
const PATIENCE = 1000;

/** How many objects are asked for: nobody reads more names than that. */
const MOST = 500;

const NAMESPACES: ResourceType = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };
const SERVICE_ACCOUNTS: ResourceType = { group: '', version: 'v1', plural: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true };

type Ask = (connection: Connection, question: Question) => Promise<Offer>;

const FROM_CLUSTER: Readonly<Partial<Record<Completes, Ask>>> = {
  namespace: ({ cluster }) => namesOf(cluster.list(NAMESPACES, { chunkSize: MOST }, nameOf)),
  runtime: (connection, question) => fromRuntimes(connection, question, (runtime) => [nameOf(runtime)]),
  'model-format': (connection, question) => fromRuntimes(connection, question, formatsOf),
  'service-account': serviceAccounts,
};

const words = (names: Iterable<string>): readonly Candidate[] => [...new Set(names)].toSorted().map((word) => ({ word }));

/** Offers for a value. Asks the cluster at most once for each kind and never for longer than a second. */
export async function candidatesOf(source: Completes, question: Question, host: Host): Promise<Offer> {
  switch (source) {
    case 'task':
      return { candidates: TASKS.map(({ name, summary }) => ({ word: name, summary })) };
    case 'verb':
      return { candidates: STANDARD_VERBS.map((word) => ({ word })) };
    case 'resource':
      return { candidates: KSERVE_KINDS.map(({ plural, kind }) => ({ word: `${plural}.${KSERVE_GROUP}`, summary: kind })) };
    case 'context':
    case 'cluster':
    case 'user':
      return fromKubeconfig(source, question, host);
    default:
      return fromCluster(source, question, host);
  }
}

async function fromKubeconfig(source: 'context' | 'cluster' | 'user', { connection }: Question, host: Host): Promise<Offer> {
  const { loadKubeconfig } = await import('../cluster/kubeconfig.ts');
  const { kubeconfig } = await loadKubeconfig(connection, host);
  return { candidates: words(kubeconfig[`${source}s`].keys()) };
}

async function fromCluster(source: Completes, question: Question, host: Host): Promise<Offer> {
  const ask = FROM_CLUSTER[source];
  if (ask === undefined) return { candidates: [] };
  const giveUp = new AbortController();
  const signal = AbortSignal.any([host.signal, giveUp.signal]);
  const { promise: givenUp, resolve } = Promise.withResolvers<Offer>();
  signal.addEventListener('abort', () => resolve({ candidates: [], activeHelp: `the cluster did not answer within ${PATIENCE / 1000} s` }));
  // Not AbortSignal.timeout, which lets the process end without an answer.
  const timer = setTimeout(() => giveUp.abort(), PATIENCE);
  return Promise.race([askCluster(ask, question, quiet(host, signal)), givenUp]).finally(() => clearTimeout(timer));
}

async function askCluster(ask: Ask, question: Question, host: Host): Promise<Offer> {
  try {
    const connection = await host.connect(question.connection, host);
    host.signal.addEventListener('abort', connection.close);
    return await ask(connection, question).finally(connection.close);
  } catch (error) {
    return { candidates: [], activeHelp: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof KserveError ? error.message : 'the names are not known: an internal error';
}

/** Nothing may ask the user or write beside the answer while a word is completed. */
function quiet(host: Host, signal: AbortSignal): Host {
  const errOut = { write: () => undefined, isTTY: false, columns: undefined };
  const nobody = { isTTY: false, readAll: async () => '' };
  return { ...host, signal, streams: { in: nobody, out: errOut, errOut } };
}

function nameOf(object: KubeObject): string {
  return object.metadata.name ?? '';
}

async function namesOf(list: Promise<{ readonly items: readonly string[] }>): Promise<Offer> {
  const { items } = await list;
  return { candidates: words(items) };
}

/** Namespaced and cluster-scoped runtimes; if one kind is refused, the other is offered and the refusal told. */
async function fromRuntimes(
  connection: Connection,
  question: Question,
  select: (runtime: KubeObject) => readonly string[],
): Promise<Offer> {
  const { cluster } = connection;
  const served = resourcesOfGroup(KSERVE_GROUP, await cluster.discover({}));
  const types = served.filter(({ plural }) => plural === 'servingruntimes' || plural === 'clusterservingruntimes');
  if (types.length === 0) return { candidates: [], activeHelp: `no runtimes: ${KSERVE_GROUP} is not served by this cluster` };
  const namespace = question.allNamespaces ? undefined : connection.namespace;
  const lists = await Promise.allSettled(
    types.map((type) => cluster.list(type, { chunkSize: MOST, ...(type.namespaced ? { namespace } : {}) }, select)),
  );
  const found = lists.flatMap((list) => (list.status === 'fulfilled' ? list.value.items.flat() : []));
  const refused = lists.find((list) => list.status === 'rejected');
  return { candidates: words(found), activeHelp: refused === undefined ? undefined : reasonOf(refused.reason) };
}

function formatsOf(runtime: KubeObject): readonly string[] {
  const { supportedModelFormats } = (runtime.spec ?? {}) as { readonly supportedModelFormats?: unknown };
  if (!Array.isArray(supportedModelFormats)) return [];
  return supportedModelFormats.map((format: { readonly name?: unknown } | null) => format?.name).filter((name) => typeof name === 'string');
}

/** `NAMESPACE:NAME`, first the one, then the other. */
async function serviceAccounts({ cluster, namespace: own }: Connection, { typed }: Question): Promise<Offer> {
  const colon = typed.indexOf(':');
  if (colon >= 0) {
    const namespace = typed.slice(0, colon);
    return namesOf(cluster.list(SERVICE_ACCOUNTS, { namespace, chunkSize: MOST }, (account) => `${namespace}:${nameOf(account)}`));
  }
  try {
    const { items } = await cluster.list(NAMESPACES, { chunkSize: MOST }, nameOf);
    return { candidates: words(items.map((name) => `${name}:`)), unfinished: true };
  } catch {
    return { candidates: [{ word: `${own}:` }], unfinished: true };
  }
}
