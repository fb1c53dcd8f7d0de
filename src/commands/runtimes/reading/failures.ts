import type { ListResult } from '../../../cluster/cluster.ts';
import { type Discovery, resourceName } from '../../../domain/kubernetes/resource.ts';
import { ClusterError, LOCAL_REASONS } from '../../../errors.ts';
import type { AskedKind, RuntimeAnswers } from '../../../queries/runtimes.ts';
import type { KindFailure } from './reading.ts';
import { accessHint, foreignAnswer, isForeign, isRefusedImpersonation, type Reader } from './refusals.ts';

/** Why kinds could not be read, but for those that are `absent`. Throws a ClusterError if nothing can be said but why. */
export function kindFailures<T>(
  { answers, discovery }: RuntimeAnswers<T>,
  absent: readonly AskedKind<T>[],
  reader: Reader,
): readonly KindFailure<T>[] {
  throwSharedFailure(
    answers.map(({ result }) => result),
    discovery,
  );
  return answers.filter(({ api }) => !absent.some((other) => other.api === api)).flatMap((answer) => failureOf(answer, reader));
}

function failureOf<T>(answer: AskedKind<T>, reader: Reader): KindFailure<T>[] {
  const { result } = answer;
  const failure = result instanceof ClusterError ? result : result.failure;
  if (!(failure instanceof ClusterError)) return [];
  const error = worded(failure, answer);
  return [{ answer, error, hint: accessHint(answer, error, reader), missing: result instanceof ClusterError ? 'all' : 'some' }];
}

function worded<T>(failure: ClusterError, answer: AskedKind<T>): ClusterError {
  if (isForeign(failure)) return foreignAnswer(failure);
  const { type, installed } = answer.api;
  if (failure.reason !== 'NotFound' || installed !== 'unknown') return failure;
  const message = `the server does not serve ${resourceName(type)} in version ${type.version}`;
  return new ClusterError('NotFound', message, { code: failure.code, hint: failure.hint, cause: failure });
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
