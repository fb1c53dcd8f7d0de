import { settled } from '../../../async/settled.ts';
import type { Cluster, ListResult } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { TEMPLATES } from '../../../domain/kserve/kinds.ts';
import { isServed } from '../../../domain/kserve/resource-lookup.ts';
import type { RolePlace } from '../../../domain/rbac/grant.ts';
import { ClusterError, type ExitCode, UsageError } from '../../../errors.ts';
import { type Listing, printListing } from '../../../output/printer.ts';
import { listDocument } from '../../../output/structured.ts';
import { listedNames } from '../../../queries/listed-names.ts';
import { type NamespaceState, namespaceState } from '../../../queries/namespace-state.ts';
import type { RuntimeAnswers } from '../../../queries/runtimes.ts';
import { type RuntimeReading, toReading } from '../reading/reading.ts';
import type { Reader } from '../reading/refusals.ts';
import { listNote } from './messages.ts';
import { missingNames } from './named.ts';
import { decide, type FoundNamespace, type ListOutcome } from './outcome.ts';
import { isSingle, type ListRequest } from './request.ts';
import { type RuntimeRow, runtimesView } from './view.ts';

/** A request, and what was answered. */
export interface ListInput {
  readonly context: Context;
  readonly request: ListRequest;
  readonly cluster: Cluster;
  /** Those that were asked in: none with `-A`, or for cluster-scoped runtimes alone. */
  readonly namespaces: readonly string[];
  /** Of each of them, if they were named by `-n`. */
  readonly namedStates: readonly NamespaceState[];
  readonly answers: RuntimeAnswers<RuntimeRow>;
  /** Where roles that hints name are or can be, by the name that they would have. */
  readonly rolePlaces: ReadonlyMap<string, RolePlace>;
}

interface ListMeaning {
  readonly reading: RuntimeReading<RuntimeRow>;
  readonly reader: Reader;
  readonly outcome: ListOutcome;
}

/** Prints what the answers mean. Rejects with a ClusterError if nothing can be said but why. */
export async function report(input: ListInput): Promise<ExitCode> {
  const { outcome } = await outcomeOf(input);
  await print(input.context, input.request, outcome);
  return outcome.exitCode;
}

/** What the answers mean, and what of them could be read. Rejects as `report`. */
export async function outcomeOf(input: ListInput): Promise<ListMeaning> {
  const { context, request, answers, rolePlaces } = input;
  const { programName, connectionOptions } = context;
  const reader = { programName, connectionOptions, words: ['runtimes', 'list'], rolePlaces };
  const [namespaces, hasTemplates, otherNames] = await Promise.all([statesOfNamespaces(input), servesTemplates(input), namesBeside(input)]);
  checkFieldSelector(request, answers);
  const reading = await toReading(answers, reader);
  return { reading, reader, outcome: decide({ request, reading, reader, namespaces, hasTemplates, otherNames }) };
}

/** Which fields can be selected by only the server knows. @throws UsageError if they are of none of the kinds */
function checkFieldSelector({ fieldSelector }: ListRequest, { answers }: RuntimeAnswers<RuntimeRow>): void {
  const refused = answers.map(({ result }) => (result instanceof ClusterError && result.reason === 'BadRequest' ? result : undefined));
  const [first] = refused;
  if (fieldSelector === undefined || first === undefined || refused.includes(undefined)) return;
  throw new UsageError(`invalid argument ${JSON.stringify(fieldSelector)} for "--field-selector" flag: ${first.message}`);
}

/** Whether the namespace of the context exists is worth a request only if nothing is found. */
async function statesOfNamespaces({ cluster, namespaces, namedStates, answers }: ListInput): Promise<readonly FoundNamespace[]> {
  const isWorthIt = answers.answers.every(({ result }) => isEmpty(result));
  const stateOf = async (name: string, index: number): Promise<FoundNamespace> => {
    const state = namedStates[index] ?? (isWorthIt ? await namespaceState(cluster, name) : 'unverified');
    return { name, state };
  };
  return Promise.all(namespaces.map(stateOf));
}

/** What there is where a name was not found: worth a request only then. */
function namesBeside({ cluster, request, answers: { answers } }: ListInput): Promise<readonly string[]> {
  const scopes = missingNames(request, { answers }).flatMap((named) => named.scopes);
  const asked = answers.filter(({ scope }) => scopes.includes(scope));
  return listedNames(
    cluster,
    asked.map(({ api: { type }, namespace }) => ({ type, namespace })),
  );
}

/** Whether OpenShift's Templates take the place of cluster-scoped runtimes; worth a request only where there are no runtimes at all. */
async function servesTemplates({ cluster, request, answers: { answers, discovery } }: ListInput): Promise<boolean> {
  const isWorthIt = request.names.length === 0 && request.scopes.includes('cluster') && answers.every(({ result }) => isEmpty(result));
  const known = discovery ?? (isWorthIt ? await settled(cluster.discover({})) : undefined);
  return known !== undefined && !(known instanceof ClusterError) && isServed(TEMPLATES, known) === 'yes';
}

function isEmpty(result: ListResult<RuntimeRow> | ClusterError): boolean {
  return result instanceof ClusterError ? result.reason === 'NotFound' : result.items.length === 0 && result.failure === undefined;
}

async function print(context: Context, request: ListRequest, outcome: ListOutcome): Promise<void> {
  const { out, errOut } = context.streams;
  const isTable = request.format === 'table' || request.format === 'wide';
  const listing: Listing<RuntimeRow> = {
    rows: outcome.rows,
    errors: outcome.errors,
    isSingle: isSingle(request),
    view: runtimesView(outcome.rows, request, context.now()),
    typeOf: (row: RuntimeRow) => row.type,
    nameOf: (row: RuntimeRow) => row.runtime.name,
    objectOf: (row: RuntimeRow) => row.object ?? { metadata: {} },
  };
  if (isTable && context.table !== undefined)
    context.table({ rows: outcome.rows, viewOf: (rows) => runtimesView(rows, request, context.now(), true) });
  else if (outcome.hasAnswer) {
    const terminalWidth = out.isTTY ? out.columns : undefined;
    await printListing(out.write, listing, { ...request, terminalWidth, style: context.style });
  }
  const messages = [...outcome.messages, ...(await templateNotes(listing, request))];
  if (messages.length > 0) errOut.write(`${messages.join('\n')}\n`);
}

async function templateNotes(
  { rows, errors, isSingle: isObject, objectOf }: Listing<RuntimeRow>,
  request: ListRequest,
): Promise<readonly string[]> {
  const { template } = request;
  const [row, ...others] = rows;
  // Who writes `items` knows that it is a List.
  if (template?.kind !== 'jsonpath' || row === undefined || others.length > 0 || isObject || /\bitems\b/.test(template.template.text))
    return [];
  const { findsNothing } = await import('../../../output/jsonpath/output.ts');
  return findsNothing(template, listDocument({ items: [objectOf(row)], errors })) ? [listNote(row, request)] : [];
}
