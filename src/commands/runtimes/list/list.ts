import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import { type RuntimeScope, toServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import type { KubeObject, ResourceType } from '../../../domain/kubernetes/resource.ts';
import type { ExitCode } from '../../../errors.ts';
import { isStructured, prepareToPrint } from '../../../output/printer.ts';
import { withoutManagedFields } from '../../../output/structured.ts';
import { namespaceState } from '../../../queries/namespace-state.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import { askRuntimes } from '../../../queries/runtimes.ts';
import { findHintedRoles } from '../reading/hinted-roles.ts';
import type { runtimesListOptions } from './list.command.ts';
import { report } from './report.ts';
import { asksNamespace, type ListRequest, namespaceAsked, toListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

export async function run(context: Context, options: OptionValues<typeof runtimesListOptions>): Promise<ExitCode> {
  const request = await toListRequest(options, context);
  const connection = await context.connection();
  const { cluster } = connection;
  const namespace = asksNamespace(request) ? namespaceOf(connection) : connection.namespace;
  const hinted: Promise<readonly FoundRole[]>[] = [];
  const asked = askRuntimes(cluster, request.scopes, (type, scope) => {
    const { labelSelector, fieldSelector, chunkSize } = request;
    const options = { namespace: namespaceAsked(request, scope, namespace), labelSelector, fieldSelector, chunkSize };
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
  return report({ context, request, cluster, namespace, namedState, answers, rolePlaces });
}

/** Objects of a long list take memory: only formats that show them keep them. */
function toRow(object: KubeObject, type: ResourceType, scope: RuntimeScope, request: ListRequest): RuntimeRow {
  const kept = keptOf(object, request);
  return { type, runtime: toServingRuntime(object, scope), ...(kept !== undefined && { object: kept }) };
}

/** kubectl keeps for templates what it leaves out of JSON. */
function keptOf(object: KubeObject, { format, order }: ListRequest): KubeObject | undefined {
  if (format === 'template') return object;
  return isStructured(format) || order !== undefined ? withoutManagedFields(object) : undefined;
}
