import { worstOf } from '../../../command/worst-of.ts';
import { ExitCode } from '../../../errors.ts';
import { isStructured } from '../../../output/printer.ts';
import type { ListError } from '../../../output/structured.ts';
import type { NamespaceState } from '../../../queries/namespace-state.ts';
import { isRefusal } from '../../../queries/runtimes.ts';
import { didYouMean } from '../../../text/did-you-mean.ts';
import { failureMessages, incompleteMessage, installationMessages } from '../reading/messages.ts';
import { notFoundText } from '../reading/named-runtime.ts';
import { listErrors, type RuntimeReading } from '../reading/reading.ts';
import type { Reader } from '../reading/refusals.ts';
import { filterMessages } from './filter-messages.ts';
import { catalogueMessages, emptyMessages, namespaceMessages } from './messages.ts';
import { inOrderOfNames, missingNames } from './named.ts';
import { filterNotes } from './notes.ts';
import { isFiltered, isSingle, isWanted, type ListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

/** A namespace that was asked in, and whether it is there. */
export interface FoundNamespace {
  readonly name: string;
  readonly state: NamespaceState;
}

/** What the list is made from, when all requests are done. */
export interface ListFacts {
  readonly request: ListRequest;
  readonly reading: RuntimeReading<RuntimeRow>;
  /** Those that were asked in. */
  readonly namespaces: readonly FoundNamespace[];
  /** OpenShift's Templates are served: on OpenShift AI they are what there is to choose from. False if it was not worth asking. */
  readonly hasTemplates: boolean;
  /** Names that could have been meant by one that is missing. */
  readonly otherNames: readonly string[];
  readonly reader: Reader;
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

/** What to print and how to exit, from all that is known. Pure. */
export function decide(facts: ListFacts): ListOutcome {
  const { reading, request } = facts;
  const read = reading.listed.flatMap(({ result }) => result.items);
  const rows = ordered(
    read.filter(({ runtime }) => isWanted(runtime, request)),
    request,
  );
  const errors = listErrors(reading);
  const missing = missingNames(request, reading);
  const isEmpty = request.names.length === 0 && errors.length === 0 && read.length === 0 && reading.listed.length > 0;
  return {
    rows,
    errors,
    messages: [
      ...failureMessages(reading),
      ...incompleteMessage(reading),
      ...installationMessages(reading),
      ...(isEmpty ? emptyMessages(facts) : []),
      ...missing.map((named) => notFoundText(named, didYouMean(named.name, facts.otherNames))),
      ...(isFiltered(request) && read.length > 0 ? filterMessages({ read, shown: rows, isWhole: errors.length === 0 }, request) : []),
      ...namespaceMessages(facts, isEmpty),
      ...catalogueMessages(facts, isEmpty),
      ...filterNotes(request, read, rows, facts.reader),
    ],
    hasAnswer:
      (reading.listed.length > 0 && !isNothing(request, rows)) ||
      (isStructured(request.format) && reading.failures.some(({ error }) => isRefusal(error))),
    exitCode: worstOf([exitCodeOf(facts, errors, rows.length === 0), missing.length > 0 ? ExitCode.no : ExitCode.ok]),
  };
}

/** A filter is a question, and no runtime that fits is a no; a label selector only narrows the list, as in kubectl. */
function exitCodeOf({ reading, request, namespaces }: ListFacts, errors: readonly ListError[], isNone: boolean): ExitCode {
  const { listed, failures } = reading;
  if (listed.length === 0) return failures.length > 0 ? ExitCode.undetermined : absentCode(reading);
  return worstOf([
    errors.length > 0 ? ExitCode.partial : ExitCode.ok,
    errors.length === 0 && isNone && isFiltered(request) ? ExitCode.no : ExitCode.ok,
    namespaces.some(({ state }) => state === 'absent') ? ExitCode.no : ExitCode.ok,
  ]);
}

/** Nothing that was asked for is served. */
function absentCode({ state, answers }: RuntimeReading<RuntimeRow>): ExitCode {
  const isPartOfKserve = state === 'installed' || state === 'clusterRuntimesAbsent' || state === 'servingRuntimesAbsent';
  return isPartOfKserve && new Set(answers.map(({ scope }) => scope)).size === 1 ? ExitCode.no : ExitCode.undetermined;
}

function ordered(rows: readonly RuntimeRow[], request: ListRequest): readonly RuntimeRow[] {
  const { names, order } = request;
  const listed = names.length === 0 ? rows.toSorted(compareRows) : inOrderOfNames(rows, names);
  return order === undefined || isSingle(request) ? listed : order(listed, ({ object }) => object);
}

/** Where kubectl prints nothing at all, rather than an empty list. */
function isNothing(request: ListRequest, rows: readonly RuntimeRow[]): boolean {
  return rows.length === 0 && request.names.length > 0 && (isSingle(request) || request.ignoreNotFound);
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
