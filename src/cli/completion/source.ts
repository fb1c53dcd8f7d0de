import type { Cluster, Connection } from '../../cluster/cluster.ts';
import type { ConnectionOptions } from '../../cluster/connection-options.ts';
import type { Completes } from '../../command/option.ts';
import { KSERVE_KINDS } from '../../domain/kserve/kinds.ts';
import { TASKS } from '../../domain/kserve/required-access.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import { STANDARD_VERBS } from '../../domain/kubernetes/verb.ts';
import { KserveError } from '../../errors.ts';
import type { CliHost } from '../cli-host.ts';
import { FROM_CLUSTER, kindCandidate, SEPARATOR } from './cluster-names.ts';
import { type CandidatesRequest, type Offer, words } from './offer.ts';

/** Milliseconds of the process: with kubectl in front TAB takes less than a second then. A shell that hangs is worse than one that offers nothing. */
const PATIENCE = 800;

/** Of one answer: what takes longer to read is not waited for. */
const MOST_BYTES = 4 * 1024 * 1024;

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

async function askCluster(ask: (connection: Connection) => Promise<Offer>, question: CandidatesRequest, host: CliHost): Promise<Offer> {
  try {
    const connection = await host.connect(await inOneContext(question, host), { ...host, mostAnswerBytes: MOST_BYTES });
    host.signal.addEventListener('abort', connection.close);
    return await ask(connection).finally(connection.close);
  } catch (error) {
    return { candidates: [], activeHelp: reasonOf(error), isUnknown: true };
  }
}

/** Never another cluster than those that the line is about: of several contexts the first. */
async function inOneContext({ connection, contexts }: CandidatesRequest, host: CliHost): Promise<ConnectionOptions> {
  if (contexts.length === 0) return connection;
  const [{ loadKubeconfig }, { contextNames, selectContexts }] = await Promise.all([
    import('../../cluster/kubeconfig/kubeconfig.ts'),
    import('../contexts/select-contexts.ts'),
  ]);
  const loaded = await loadKubeconfig(connection, host);
  // There is one, or it throws.
  const [context = ''] = selectContexts(contexts, contextNames(loaded));
  return { ...connection, context };
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
