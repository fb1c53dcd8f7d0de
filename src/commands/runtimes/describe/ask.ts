import { settled } from '../../../async/settled.ts';
import type { ListResult } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import { runtimeApis } from '../../../domain/kserve/api.ts';
import type { RuntimeScope } from '../../../domain/kserve/serving-runtime.ts';
import type { KubeObject, ResourceType } from '../../../domain/kubernetes/resource.ts';
import type { ClusterError } from '../../../errors.ts';
import { type AskedServices, listServices } from '../../../queries/inference-services.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import { askRuntimes, bothKinds } from '../../../queries/runtimes.ts';
import type { NamedRuntime } from '../reading/named-runtime.ts';
import { type RuntimeReading, toReading } from '../reading/reading.ts';
import { rolesAfterRefusal } from '../reading/roles-after-refusal.ts';

const EVENTS: ResourceType = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true };

const TYPES = { namespace: runtimeApis(undefined).servingRuntimes.type, cluster: runtimeApis(undefined).clusterServingRuntimes.type };

/** Events of cluster-scoped objects are kept there. */
export const CLUSTER_EVENTS = 'default';

/** What the server said, in one round. */
export interface Answers {
  readonly namespace: string;
  readonly reading: RuntimeReading<KubeObject>;
  /** What getting a runtime by name gave: that may be permitted where listing all is not. By scope and name. */
  readonly got: ReadonlyMap<string, KubeObject | ClusterError>;
  readonly services: Readonly<Record<RuntimeScope, AskedServices>>;
  /** By scope and name. */
  readonly events: ReadonlyMap<string, ListResult<KubeObject> | ClusterError>;
}

export function gotKey(scope: RuntimeScope, name: string): string {
  return `${scope}/${name}`;
}

/** Asks for all at once. Rejects with a ClusterError if nothing can be said but why. */
export async function askRuntime(names: readonly NamedRuntime[], context: Context): Promise<Answers> {
  const connection = await context.connection();
  const { cluster } = connection;
  const namespace = namespaceOf(connection);
  const hinted: Promise<readonly FoundRole[]>[] = [];
  const keep = (object: KubeObject) => object;
  const [answers, got, own, all, events] = await Promise.all([
    askRuntimes(cluster, bothKinds(namespace), (type, place) => {
      const list = cluster.list(type, { namespace: place.namespace }, keep);
      hinted.push(rolesAfterRefusal(cluster, list, type, place.namespace));
      return list;
    }),
    byName(names, (scope, name) => settled(cluster.get(TYPES[scope], name, scope === 'cluster' ? {} : { namespace }))),
    listServices(cluster, namespace),
    names.some(({ scopes }) => scopes.includes('cluster')) ? listServices(cluster, undefined) : undefined,
    byName(names, (scope, name) => {
      const options = { namespace: scope === 'cluster' ? CLUSTER_EVENTS : namespace, fieldSelector: `involvedObject.name=${name}` };
      return settled(cluster.list(EVENTS, options, keep));
    }),
  ]);
  const roles = (await Promise.all(hinted)).flat();
  const reader = {
    programName: context.programName,
    words: ['runtimes', 'describe'],
    connectionOptions: context.connectionOptions,
    rolePlaces: new Map(roles.map((role) => [role.usualName, role])),
  };
  return {
    namespace,
    reading: await toReading(answers, reader),
    got,
    services: { namespace: own, cluster: all ?? own },
    events,
  };
}

/** Asks for each name in each of its scopes. */
async function byName<T>(
  names: readonly NamedRuntime[],
  ask: (scope: RuntimeScope, name: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const asked = names.flatMap(({ scopes, name }) => scopes.map(async (scope) => [gotKey(scope, name), await ask(scope, name)] as const));
  return new Map(await Promise.all(asked));
}
