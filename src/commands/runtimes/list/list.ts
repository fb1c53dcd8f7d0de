import type { Cluster } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import type { KubeObject, ResourceType } from '../../../domain/kubernetes/resource.ts';
import type { ExitCode } from '../../../errors.ts';
import { prepareToPrint } from '../../../output/printer.ts';
import { namespaceState } from '../../../queries/namespace-state.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import { askRuntimes, type RuntimePlace } from '../../../queries/runtimes.ts';
import { rolesAfterRefusal } from '../reading/roles-after-refusal.ts';
import type { runtimesListOptions } from './list.command.ts';
import { getNamed, namesIn } from './named.ts';
import { report } from './report.ts';
import { asksNamespace, type ListRequest, placesOf, toListRequest } from './request.ts';
import { toRow } from './row.ts';

export async function run(
  context: Context,
  options: OptionValues<typeof runtimesListOptions>,
  words: readonly string[],
): Promise<ExitCode> {
  const request = await toListRequest(options, words, context);
  const connection = await context.connection();
  const { cluster } = connection;
  const namespaces = asksNamespace(request) ? (request.namespaces ?? [namespaceOf(connection)]) : [];
  const hinted: Promise<readonly FoundRole[]>[] = [];
  const asked = askRuntimes(cluster, placesOf(request, namespaces), (type, place) => {
    const list = listPlace(cluster, type, place, request);
    hinted.push(rolesAfterRefusal(cluster, list, type, place.namespace));
    return list;
  });
  const { out } = context.streams;
  prepareToPrint({ format: request.format, terminalWidth: out.isTTY ? out.columns : undefined });
  // An absent namespace is answered with an empty list. One that was named may be misspelt: whether it exists is asked with the lists.
  const named = request.namespaces === undefined ? [] : namespaces;
  const [answers, namedStates] = await Promise.all([asked, Promise.all(named.map((namespace) => namespaceState(cluster, namespace)))]);
  const roles = (await Promise.all(hinted)).flat();
  const rolePlaces = new Map(roles.map((role) => [role.usualName, role]));
  const input = { context, request, cluster, namespaces, namedStates, answers, rolePlaces };
  if (request.watch === undefined) return report(input);
  const { watchRuntimes } = await import('./watch/watch.ts');
  return watchRuntimes(input, request.watch);
}

/** All of a place, or those that were named. */
function listPlace(cluster: Cluster, type: ResourceType, { scope, namespace }: RuntimePlace, request: ListRequest) {
  const select = (object: KubeObject) => toRow(object, type, scope, request);
  const { labelSelector, fieldSelector, chunkSize, names, watch } = request;
  if (names.length > 0) return getNamed(cluster, type, { names: namesIn(scope, names), namespace }, select);
  return cluster.list(type, { namespace, labelSelector, fieldSelector, chunkSize, versioned: watch !== undefined }, select);
}
