import type { ListResult } from '../../../cluster/cluster.ts';
import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import { worstOf } from '../../../command/worst-of.ts';
import type { InstallationState } from '../../../domain/kserve/api.ts';
import { resourceName } from '../../../domain/kubernetes/resource.ts';
import { ClusterError, ExitCode } from '../../../errors.ts';
import type { ListError } from '../../../output/structured.ts';
import { type AskedKind, isAbsent, isRefusal } from '../../../queries/runtimes.ts';
import { accessHint, foreignAnswer, isForeign } from './hints.ts';
import { emptyMessages, failureMessages, incompleteMessage, installationMessages } from './messages.ts';
import { isWanted, type ListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

/** What the server said about one of the two kinds, and where it was asked. */
export interface KindAnswer extends AskedKind<RuntimeRow> {
  /** Absent: the whole cluster was asked. */
  readonly namespace: string | undefined;
}

/** `unverified`: not asked, or the account may not know. */
export type NamespaceState = 'exists' | 'absent' | 'unverified';

/** All that is known when the requests are done. */
export interface Known {
  readonly request: ListRequest;
  readonly state: InstallationState;
  readonly discoveryFailure: ClusterError | undefined;
  readonly answers: readonly KindAnswer[];
  /** The one in use. */
  readonly namespace: string;
  readonly namespaceState: NamespaceState;
  readonly programName: string;
  readonly connectionOptions: ConnectionOptions;
}

export interface ListOutcome {
  readonly rows: readonly RuntimeRow[];
  readonly errors: readonly ListError[];
  /** For stderr, each of one or more lines, escaped. */
  readonly messages: readonly string[];
  /** False: there is nothing to write on stdout in any format. */
  readonly hasAnswer: boolean;
  readonly exitCode: ExitCode;
}

/** A kind that could not be read, or not to its end. */
export interface KindFailure {
  readonly answer: KindAnswer;
  readonly error: ClusterError;
  readonly hint: string | undefined;
  /** `some`: the first pages came. */
  readonly missing: 'all' | 'some';
}

/** The answers, sorted by what they mean. */
export interface Sorted {
  /** Kinds of which at least the first page came. */
  readonly listed: readonly (KindAnswer & { readonly result: ListResult<RuntimeRow> })[];
  readonly failures: readonly KindFailure[];
  /** Kinds that the server does not serve, as far as is known. */
  readonly absent: readonly (KindAnswer & { readonly result: ClusterError })[];
}

/** What to print and how to exit, from all that is known. Pure. */
export function decide(known: Known): ListOutcome {
  const sorted = sortAnswers(known);
  const read = sorted.listed.flatMap(({ result }) => result.items);
  const rows = read.filter(({ runtime }) => isWanted(runtime, known.request)).toSorted(compareRows);
  const isWhole = sorted.failures.length === 0 && missingKinds(sorted).length === 0;
  const isEmpty = isWhole && rows.length === 0 && sorted.listed.length > 0;
  return {
    rows,
    errors: [...sorted.failures.map(toListError), ...missingKinds(sorted)],
    messages: [
      ...failureMessages(sorted, known),
      ...incompleteMessage(sorted),
      ...installationMessages(sorted, known),
      ...(isEmpty ? emptyMessages(sorted, known, read) : []),
    ],
    hasAnswer: sorted.listed.length > 0 || sorted.failures.some(({ error }) => isRefusal(error)),
    exitCode: exitCodeOf(sorted, known, isEmpty),
  };
}

function sortAnswers(known: Known): Sorted {
  const { answers } = known;
  const isListed = (answer: KindAnswer): answer is Sorted['listed'][number] => !(answer.result instanceof ClusterError);
  const absent = answers.filter((answer): answer is Sorted['absent'][number] => isAbsent(answer));
  const failures = answers.flatMap((answer): KindFailure[] => {
    const failure = isListed(answer) ? answer.result.failure : answer.result;
    if (!(failure instanceof ClusterError) || absent.some(({ api }) => api === answer.api)) return [];
    const error = worded(failure, answer);
    return [{ answer, error, hint: accessHint(answer, error, known), missing: isListed(answer) ? 'some' : 'all' }];
  });
  return { listed: answers.filter(isListed), failures, absent };
}

function worded(failure: ClusterError, answer: KindAnswer): ClusterError {
  if (isForeign(failure)) return foreignAnswer(failure);
  const { type, installed } = answer.api;
  if (failure.reason !== 'NotFound' || installed !== 'unknown') return failure;
  const message = `the server does not serve ${resourceName(type)} in version ${type.version}`;
  return new ClusterError('NotFound', message, { code: failure.code, hint: failure.hint, cause: failure });
}

function exitCodeOf(sorted: Sorted, known: Known, isEmpty: boolean): ExitCode {
  const { listed, failures, absent } = sorted;
  if (listed.length === 0) return failures.length > 0 ? ExitCode.undetermined : absentCode(known);
  return worstOf([
    failures.length > 0 || missingKinds(sorted).length > 0 ? ExitCode.partial : ExitCode.ok,
    isEmpty && absent.length < known.answers.length && known.namespaceState === 'absent' ? ExitCode.no : ExitCode.ok,
  ]);
}

/** Nothing that was asked for is served. */
function absentCode({ state, answers }: Known): ExitCode {
  const isPartOfKserve = state === 'installed' || state === 'clusterRuntimesAbsent' || state === 'servingRuntimesAbsent';
  return isPartOfKserve && answers.length === 1 ? ExitCode.no : ExitCode.undetermined;
}

/** ServingRuntimes are no optional part of KServe: a list without them is incomplete. */
function missingKinds({ listed, absent }: Sorted): readonly ListError[] {
  if (listed.length === 0) return [];
  const kinds = absent.filter(({ scope }) => scope === 'namespace');
  return kinds.map((answer) => toListError({ answer, error: answer.result, hint: undefined, missing: 'all' }));
}

function toListError({ answer, error, hint }: KindFailure): ListError {
  const help = hint ?? error.hint;
  return {
    resource: resourceName(answer.api.type),
    scope: answer.scope,
    reason: error.reason,
    message: error.message,
    ...(answer.namespace !== undefined && { namespace: answer.namespace }),
    ...(help !== undefined && { hint: help }),
  };
}

/** Namespaced ones first, by namespace, then by name, as bytes: the order of the server. */
function compareRows({ runtime: a }: RuntimeRow, { runtime: b }: RuntimeRow): number {
  if (a.scope !== b.scope) return a.scope === 'namespace' ? -1 : 1;
  return compareText(a.namespace ?? '', b.namespace ?? '') || compareText(a.name, b.name);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
