import type { ListResult } from '../../../cluster/cluster.ts';
import type { InstallationState } from '../../../domain/kserve/api.ts';
import { resourceName } from '../../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../../errors.ts';
import type { ListError } from '../../../output/structured.ts';
import { type AskedKind, isAbsent, type RuntimeAnswers } from '../../../queries/runtimes.ts';
import type { Reader } from './refusals.ts';

/** A kind that could not be read, or not to its end. */
export interface KindFailure<T> {
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

/** Sorts answers by what they mean. Rejects with a ClusterError if nothing can be said but why. */
export async function toReading<T>(given: RuntimeAnswers<T>, reader: Reader): Promise<RuntimeReading<T>> {
  const { answers, apis, discovery } = given;
  const absent = firstOfEachKind(answers.filter((answer): answer is RuntimeReading<T>['absent'][number] => isAbsent(answer)));
  return {
    state: apis.state,
    discoveryFailure: discovery instanceof ClusterError ? discovery : undefined,
    answers,
    listed: answers.filter(isListed),
    failures: answers.every(isWhole) ? [] : (await import('./failures.ts')).kindFailures(given, absent, reader),
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

/** Where all is read, nothing is loaded that words failures. */
function isWhole({ result }: AskedKind<unknown>): boolean {
  return !(result instanceof ClusterError) && result.failure === undefined;
}

function isListed<T>(answer: AskedKind<T>): answer is RuntimeReading<T>['listed'][number] {
  return !(answer.result instanceof ClusterError);
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
