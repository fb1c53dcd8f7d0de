import type { Connection } from '../../../../cluster/cluster.ts';
import type { Context } from '../../../../command/context.ts';
import { worstOf } from '../../../../command/worst-of.ts';
import { toServingRuntime } from '../../../../domain/kserve/serving-runtime.ts';
import type { KubeObject } from '../../../../domain/kubernetes/resource.ts';
import { ClusterError, ExitCode, withHint } from '../../../../errors.ts';
import type { AskedKind } from '../../../../queries/runtimes.ts';
import { isDefinite } from '../../../../queries/watch/failures.ts';
import { type Followed, type Follower, follow } from '../../../../queries/watch/follow.ts';
import { type Change, createSeen } from '../../../../queries/watch/seen.ts';
import { accessHint, type Reader, WATCH_VERBS } from '../../reading/refusals.ts';
import { rolesAfterRefusal } from '../../reading/roles-after-refusal.ts';
import { type ListInput, outcomeOf } from '../report.ts';
import { isFiltered, isWanted, type ListRequest, type WatchRequest } from '../request.ts';
import { toRow } from '../row.ts';
import type { RuntimeRow } from '../view.ts';
import { type ChangePrinter, changePrinter } from './change-printer.ts';
import { createTroubleReport, endMessage, sortMessage } from './messages.ts';

/** A kind to follow, from its list on. */
interface FollowedKind extends Followed, Pick<AskedKind<RuntimeRow>, 'api' | 'scope'> {}

/** What is known when the list has been shown; the list itself is not kept. */
interface Started {
  readonly kinds: readonly FollowedKind[];
  readonly print: ChangePrinter;
  readonly reader: Reader;
  /** Of the list. */
  readonly exitCode: ExitCode;
}

/** Shows the list and then what changes, until nothing is left to follow. Rejects with a ClusterError if nothing can be said but why. */
export async function watchRuntimes(input: ListInput, watch: WatchRequest): Promise<ExitCode> {
  const { context, request } = input;
  return followAll(await start(input, watch), context, request, await context.connection());
}

async function start(input: ListInput, watch: WatchRequest): Promise<Started> {
  const { context, request } = input;
  const { reading, reader, outcome } = await outcomeOf(input);
  const print = await changePrinter(context, request, outcome.rows);
  if (request.order !== undefined) context.streams.errOut.write(sortMessage(watch));
  if (watch.showsList && outcome.rows.length > 0) await print(outcome.rows.map((row) => ({ type: 'ADDED', row })));
  if (outcome.messages.length > 0) context.streams.errOut.write(`${outcome.messages.join('\n')}\n`);
  // As kubectl: what could not even be listed is not waited for. With one kind the other may come.
  const kinds = reading.listed.length === 0 ? [] : reading.answers.flatMap((answer) => followed(answer, request));
  const isPartial = reading.failures.length > 0 ? ExitCode.partial : ExitCode.ok;
  return { kinds, print, reader, exitCode: reading.listed.length === 0 ? outcome.exitCode : isPartial };
}

/** A kind that may be read, be it later: not one that is refused or not there. */
function followed(answer: AskedKind<RuntimeRow>, request: ListRequest): readonly FollowedKind[] {
  const { api, scope, namespace, result } = answer;
  if (result instanceof ClusterError && (isDefinite(result) || result.reason === 'NotFound')) return [];
  const { labelSelector, fieldSelector, chunkSize } = request;
  const wanted = (object: KubeObject) => !isFiltered(request) || isWanted(toServingRuntime(object, scope), request);
  const seen = createSeen(api.type, wanted);
  const isWhole = !(result instanceof ClusterError) && result.failure === undefined;
  for (const row of result instanceof ClusterError ? [] : result.items) if (isWanted(row.runtime, request)) seen.add(identityOf(row));
  const resourceVersion = isWhole ? result.resourceVersion : undefined;
  return [{ api, scope, type: api.type, namespace, labelSelector, fieldSelector, chunkSize, resourceVersion, seen }];
}

function identityOf({ runtime: { name, namespace }, version = '' }: RuntimeRow): KubeObject {
  return { metadata: { name, ...(namespace !== undefined && { namespace }), resourceVersion: version } };
}

async function followAll({ kinds, print, reader, exitCode }: Started, context: Context, request: ListRequest, connection: Connection) {
  const { wait, signal, streams } = context;
  const report = createTroubleReport(streams.errOut.write);
  let current = connection;
  const renew = async (used: unknown): Promise<void> => {
    if (used === current.cluster) current = await context.reconnect();
  };
  const toChanged =
    (kind: FollowedKind) =>
    ({ type, object, isUnknown }: Change) => {
      const row = toRow(object, kind.type, kind.scope, request);
      return { type, row, ...(isUnknown && { isUnknown }) };
    };
  const ends = kinds.map(async (kind) => {
    const follower: Follower = {
      cluster: () => current.cluster,
      renew,
      onChanges: (changes) => print(changes.map(toChanged(kind))),
      onTrouble: (failure) => report(kind, failure),
      wait,
      signal,
    };
    const failure = await follow(kind, follower);
    // As with kubectl, that is how long the user wants to watch.
    if (failure.reason === 'RequestTimedOut') return ExitCode.ok;
    streams.errOut.write(endMessage(kind.scope, await explained(failure, kind, reader, current)));
    return request.watch?.showsList === true ? ExitCode.partial : ExitCode.undetermined;
  });
  const codes = await Promise.all(ends);
  return worstOf([exitCode, ...codes]);
}

/** A refusal with the least that grants it. */
async function explained(failure: ClusterError, kind: FollowedKind, reader: Reader, { cluster }: Connection): Promise<ClusterError> {
  if (failure.reason !== 'Forbidden') return failure;
  const { api, type, namespace } = kind;
  const roles = await rolesAfterRefusal(cluster, Promise.reject(failure), type, namespace, WATCH_VERBS);
  const places = new Map(roles.map((role) => [role.usualName, role]));
  const hint = accessHint({ api, namespace }, failure, { ...reader, rolePlaces: places });
  return withHint(failure, hint ?? failure.hint);
}
