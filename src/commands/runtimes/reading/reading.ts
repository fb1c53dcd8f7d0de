import type { ListResult } from '../../../cluster/cluster.ts';
import type { InstallationState } from '../../../domain/kserve/api.ts';
import { type Discovery, resourceName } from '../../../domain/kubernetes/resource.ts';
import { ClusterError, LOCAL_REASONS } from '../../../errors.ts';
import type { ListError } from '../../../output/structured.ts';
import { type AskedKind, isAbsent, type RuntimeAnswers } from '../../../queries/runtimes.ts';
import { accessHint, foreignAnswer, isForeign, isRefusedImpersonation, type Reader } from './refusals.ts';

/** A kind that could not be read, or not to its end. */
interface KindFailure<T> {
  readonly answer: AskedKind<T>;
  readonly error: ClusterError;
  readonly hint: string | undefined;
  /** `some`: the first pages came. */
  readonly missing: 'all' | 'some';
}

/** What could be read of the runtimes, and what not: a kind that is missing in `listed` is never an empty one. */
export interface RuntimeReading<T> {
  readonly state: InstallationState;
  /** Why it is not known what is installed, if that was asked. */
  readonly discoveryFailure: ClusterError | undefined;
  readonly answers: readonly AskedKind<T>[];
  /** Kinds of which at least the first page came. */
  readonly listed: readonly (AskedKind<T> & { readonly result: ListResult<T> })[];
  readonly failures: readonly KindFailure<T>[];
  /** Kinds that the server does not serve, as far as is known. */
  readonly absent: readonly (AskedKind<T> & { readonly result: ClusterError })[];
}

/** Sorts answers by what they mean. Throws a ClusterError if nothing can be said but why. */
export function toReading<T>({ answers, apis, discovery }: RuntimeAnswers<T>, reader: Reader): RuntimeReading<T> {
  throwSharedFailure(
    answers.map(({ result }) => result),
    discovery,
  );
  const absent = firstOfEachKind(answers.filter((answer): answer is RuntimeReading<T>['absent'][number] => isAbsent(answer)));
  return {
    state: apis.state,
    discoveryFailure: discovery instanceof ClusterError ? discovery : undefined,
    answers,
    listed: answers.filter(isListed),
    failures: answers.filter(({ api }) => !absent.some((other) => other.api === api)).flatMap((answer) => failureOf(answer, reader)),
    absent,
  };
}

/** What is missing in a list, as structured formats tell it. ServingRuntimes are no optional part of KServe: a list without them is incomplete. */
export function listErrors<T>({ listed, failures, absent }: RuntimeReading<T>): readonly ListError[] {
  const missing = listed.length === 0 ? [] : absent.filter(({ scope }) => scope === 'namespace');
  return [
    ...failures.map(({ answer, error, hint }) => toListError(answer, error, hint ?? error.hint)),
    ...missing.map((answer) => toListError(answer, answer.result, answer.result.hint)),
  ];
}

function firstOfEachKind<A extends AskedKind<unknown>>(answers: readonly A[]): readonly A[] {
  return answers.filter(({ scope }, index) => answers.findIndex((answer) => answer.scope === scope) === index);
}

function isListed<T>(answer: AskedKind<T>): answer is RuntimeReading<T>['listed'][number] {
  return !(answer.result instanceof ClusterError);
}

function failureOf<T>(answer: AskedKind<T>, reader: Reader): KindFailure<T>[] {
  const failure = isListed(answer) ? answer.result.failure : answer.result;
  if (!(failure instanceof ClusterError)) return [];
  const error = worded(failure, answer);
  return [{ answer, error, hint: accessHint(answer, error, reader), missing: isListed(answer) ? 'some' : 'all' }];
}

function worded<T>(failure: ClusterError, answer: AskedKind<T>): ClusterError {
  if (isForeign(failure)) return foreignAnswer(failure);
  const { type, installed } = answer.api;
  if (failure.reason !== 'NotFound' || installed !== 'unknown') return failure;
  const message = `the server does not serve ${resourceName(type)} in version ${type.version}`;
  return new ClusterError('NotFound', message, { code: failure.code, hint: failure.hint, cause: failure });
}

function toListError<T>({ api, scope, namespace }: AskedKind<T>, { reason, message }: ClusterError, hint: string | undefined): ListError {
  return {
    resource: resourceName(api.type),
    scope,
    reason,
    message,
    ...(namespace !== undefined && { namespace }),
    ...(hint !== undefined && { hint }),
  };
}

/** Failures of more than one request; a limit of time or an odd answer concerns that request alone. */
const CONCERNS_CONNECTION: ReadonlySet<string> = new Set(['Unauthorized', ...LOCAL_REASONS]).difference(
  new Set(['RequestTimedOut', 'UnexpectedResponse']),
);

/** Throws what all requests met alike, and any other would meet too, so that one message says it all. */
function throwSharedFailure(lists: readonly (ListResult<unknown> | ClusterError)[], discovery: Discovery | ClusterError | undefined): void {
  const results = discovery === undefined ? lists : [...lists, discovery];
  const failures = results.filter((result) => result instanceof ClusterError);
  const [failure] = failures;
  if (failure !== undefined && failures.length === results.length) {
    if (failures.every(isForeign)) throw foreignAnswer(failure);
    if (CONCERNS_CONNECTION.has(failure.reason) && failures.every(({ message }) => message === failure.message)) throw failure;
  }
  const [list] = lists;
  if (isRefusedImpersonation(list) && lists.every(isRefusedImpersonation)) throw list;
}
