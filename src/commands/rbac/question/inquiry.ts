import { type Limit, limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Cluster, Connection } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import { applicableNeeds } from '../../../domain/kserve/applicable-needs.ts';
import { KSERVE_NAMESPACE } from '../../../domain/kserve/required-access.ts';
import type { Discovery } from '../../../domain/kubernetes/resource.ts';
import { type ExcessQuestion, excessQuestions } from '../../../domain/rbac/excess-access.ts';
import { type Outcome, type Question, questionKey } from '../../../domain/rbac/question.ts';
import { KserveError, UsageError } from '../../../errors.ts';
import { type AskedDiscovery, askDiscovery } from '../../../queries/discovery.ts';
import { type AskedIdentity, askIdentity } from '../../../queries/identity.ts';
import { absentAccountWarning } from '../../../queries/missing-objects.ts';
import { questionsFromNeeds } from './needs.ts';
import type { QuestionRequest } from './request.ts';
import { needsCore, type Questions, questionsFromWords } from './words.ts';

/** What was asked before the questions were known, each by the key of its question. */
export type AskedAhead = Map<string, Promise<Outcome>>;

/** One run of the command, as far as it is known before the questions are asked. */
export interface Inquiry<R extends QuestionRequest = QuestionRequest> {
  readonly context: Context;
  readonly connection: Connection;
  readonly request: R;
  readonly namespaces: readonly string[];
  /** The namespace in use is none that was named, but that of the ServiceAccount that is asked about. */
  readonly isAccountsNamespace: boolean;
  readonly questions: readonly Question[];
  /** What would go beyond them; undefined if nobody wants to know. */
  readonly excess: readonly ExcessQuestion[] | undefined;
  /** Kinds of the task that are not served, and that it can do without: `plural.group`. */
  readonly leftOut: readonly string[];
  readonly notes: readonly string[];
  readonly identity: AskedIdentity;
  readonly discovery: AskedDiscovery;
  readonly accountWarning: string | undefined;
  /** Empty if nothing was. */
  readonly ahead: AskedAhead;
  /** For all that is asked about it. */
  readonly limit: Limit;
}

/**
 * Learns what is needed to ask: who, what is served, and what the words or the task mean here. What `askAhead` asks goes out with that, and last, for
 * nothing can be said without the rest.
 */
export async function prepare<R extends QuestionRequest>(
  context: Context,
  request: R,
  askAhead: (request: QuestionRequest, connection: Connection, limit: Limit) => AskedAhead = () => new Map(),
): Promise<Inquiry<R>> {
  const connection = await context.connection();
  const { cluster } = connection;
  const place = placeOf(request, connection);
  const limit = limitInFlight(REVIEWS_IN_FLIGHT);
  const learning = Promise.all([
    limit(() => askIdentity(cluster)),
    limit(() => askDiscovery(cluster, wantsCore(request))),
    limit(() => absentAccountWarning(cluster, request.subject)),
    limit(() => findKserve(request, cluster)),
  ]);
  const ahead = askAhead(request, connection, limit);
  const [identity, discovery, accountWarning, kserve] = await learning;
  const ask = () => toQuestions(request, place.namespaces, { discovery: discovery.discovery, kserve });
  const { questions, notes, leftOut } = whereKnown(ask, discovery.warning);
  const excess = request.reportExcess ? bounded(excessQuestions(questions, discovery.discovery), MOST_EXCESS_QUESTIONS) : undefined;
  return {
    ...{ context, connection, request, notes, leftOut, identity, discovery, accountWarning, excess, ahead, limit },
    ...place,
    questions: bounded(unique(questions), MOST_QUESTIONS),
  };
}

/** The questions where the server says nothing of what it serves. @throws KserveError for words that have no meaning without it */
export function questionsOffline(request: QuestionRequest, connection: Connection): readonly Question[] {
  const { questions } = toQuestions(request, placeOf(request, connection).namespaces, { discovery: undefined, kserve: {} });
  return bounded(unique(questions), MOST_QUESTIONS);
}

/** Without a namespace a ServiceAccount is asked about where it lives: hardly any may do something in the namespace that the caller works in. */
export function placeOf(
  { namespaces, subject }: QuestionRequest,
  connection: Connection,
): Pick<Inquiry, 'namespaces' | 'isAccountsNamespace'> {
  if (namespaces !== undefined) return { namespaces, isAccountsNamespace: false };
  if (subject?.rbac.kind === 'ServiceAccount') return { namespaces: [subject.rbac.namespace], isAccountsNamespace: true };
  return { namespaces: [namespaceOf(connection)], isAccountsNamespace: false };
}

/** KServe's own namespace, if a task has to do with it. */
interface KservePlace {
  readonly namespace?: string;
  readonly note?: string;
}

async function findKserve({ asked }: QuestionRequest, cluster: Cluster): Promise<KservePlace> {
  if (asked.kind === 'words' || !asked.needs.some(({ namespace }) => namespace === KSERVE_NAMESPACE)) return {};
  const { kserveNamespace } = await import('../../../queries/kserve-version.ts');
  const namespace = await kserveNamespace(cluster);
  if (namespace !== undefined) return { namespace };
  return { note: `KServe's own namespace is not known, as its controller cannot be read: taken to be ${JSON.stringify(KSERVE_NAMESPACE)}` };
}

/** Without discovery words may have no meaning: then why it failed is the cause. */
function whereKnown<T>(read: () => T, discoveryWarning: string | undefined): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KserveError) || error instanceof UsageError || discoveryWarning === undefined) throw error;
    throw new KserveError(`${error.message}: ${discoveryWarning}`, { hint: error.hint, cause: error });
  }
}

function wantsCore({ asked }: QuestionRequest): boolean {
  return asked.kind === 'words' ? needsCore(asked.words) : asked.needs.some(({ group }) => group === '');
}

function leftOutNote(leftOut: readonly string[]): readonly string[] {
  return leftOut.length === 0
    ? []
    : [`left out, because the task can do without and this cluster does not serve it: ${leftOut.join(', ')}`];
}

function toQuestions(
  { asked, subresource, acceptsUnknown }: QuestionRequest,
  namespaces: readonly string[],
  { discovery, kserve }: { readonly discovery: Discovery | undefined; readonly kserve: KservePlace },
): Questions & Pick<Inquiry, 'leftOut'> {
  if (asked.kind === 'words') {
    return { ...questionsFromWords({ ...asked.words, subresource, namespaces, acceptsUnknown }, discovery), leftOut: [] };
  }
  const { needs, leftOut } = applicableNeeds(asked.needs, discovery, kserve.namespace);
  const notes = [...leftOutNote(leftOut), ...(kserve.note === undefined ? [] : [kserve.note])];
  return { questions: questionsFromNeeds(needs, namespaces, discovery), notes, leftOut };
}

function unique(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((question) => [questionKey(question.request), question])).values()];
}

/** A server with a hundred thousand kinds would be busy for hours. */
const MOST_QUESTIONS = 1_000;
/** A task in twenty namespaces takes some five thousand. */
const MOST_EXCESS_QUESTIONS = 10_000;

function bounded<Q extends Question>(questions: readonly Q[], most: number): readonly Q[] {
  // A verb may be `*`, and a kind may have none.
  if (questions.length === 0) throw new KserveError('there is nothing to ask: the server names no verbs of what was asked about');
  if (questions.length <= most) return questions;
  throw new UsageError(
    `these are ${questions.length} questions, and at most ${most} are asked at once: name fewer kinds, verbs or namespaces`,
  );
}
