import type { Cluster, Connection } from '../../src/cluster/cluster.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import type { User, UserName } from '../../tools/control-plane/users.ts';
import { connectReal } from './connect-real.ts';
import { untilAuthorizerSaw } from './rbac-barrier.ts';
import { type CliResult, runCli } from './run-cli.ts';

/** How the tests of a suite use a real server of their own, which is there from the first hook on. Its connections are closed after them. */
export function commandsOn(plane: () => ControlPlane) {
  const opened = new Map<string, Connection>();
  after(() => {
    for (const connection of opened.values()) connection.close();
  });

  const clusterOf = async (user: User | UserName): Promise<Cluster> => {
    const name = typeof user === 'string' ? user : user.name;
    const connection = opened.get(name) ?? (await connectReal(plane(), user));
    opened.set(name, connection);
    return connection.cluster;
  };

  return {
    clusterOf,
    run: async (argv: string, user: User | UserName = 'ana'): Promise<CliResult> => runCli({ argv, cluster: await clusterOf(user) }),
    /** Does something in a state of the server that is gone afterwards. */
    inState: async (objects: readonly KubeObject[], act: () => Promise<void>): Promise<void> => {
      await plane().admin.apply(...objects);
      await untilAuthorizerSaw(plane().admin, 'a');
      try {
        await act();
      } finally {
        // A namespace would not go without controllers, and take nothing in any more.
        await plane().admin.delete(...objects.filter(({ kind }) => kind !== 'Namespace'));
      }
    },
  };
}
