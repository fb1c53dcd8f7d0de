import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import type { ExitCode } from '../../../errors.ts';
import { prepareToPrint } from '../../../output/printer.ts';
import { namespaceState } from '../../../queries/namespace-state.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import { askRuntimes } from '../../../queries/runtimes.ts';
import { findHintedRoles } from '../reading/hinted-roles.ts';
import type { runtimesListOptions } from './list.command.ts';
import { report } from './report.ts';
import { asksNamespace, namespaceAsked, toListRequest } from './request.ts';
import { toRow } from './row.ts';

export async function run(context: Context, options: OptionValues<typeof runtimesListOptions>): Promise<ExitCode> {
  const request = await toListRequest(options, context);
  const connection = await context.connection();
  const { cluster } = connection;
  const namespace = asksNamespace(request) ? namespaceOf(connection) : connection.namespace;
  const hinted: Promise<readonly FoundRole[]>[] = [];
  const asked = askRuntimes(cluster, request.scopes, (type, scope) => {
    const { labelSelector, fieldSelector, chunkSize } = request;
    const options = {
      namespace: namespaceAsked(request, scope, namespace),
      labelSelector,
      fieldSelector,
      chunkSize,
      versioned: request.watch !== undefined,
    };
    const list = cluster.list(type, options, (object) => toRow(object, type, scope, request));
    hinted.push(findHintedRoles(cluster, list, type, options.namespace));
    return list;
  });
  const { out } = context.streams;
  prepareToPrint({ format: request.format, terminalWidth: out.isTTY ? out.columns : undefined });
  // An absent namespace is answered with an empty list. One that was named may be misspelt: whether it exists is asked with the lists.
  const isNamed = context.connectionOptions.namespace !== undefined && asksNamespace(request);
  const [answers, namedState] = await Promise.all([asked, isNamed ? namespaceState(cluster, namespace) : undefined]);
  const roles = (await Promise.all(hinted)).flat();
  const rolePlaces = new Map(roles.map((role) => [role.usualName, role]));
  const input = { context, request, cluster, namespace, namedState, answers, rolePlaces };
  if (request.watch === undefined) return report(input);
  const { watchRuntimes } = await import('./watch/watch.ts');
  return watchRuntimes(input, request.watch);
}
