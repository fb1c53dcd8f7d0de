import { fileURLToPath } from 'node:url';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { CliOptions } from './run-cli.ts';

/** A kubeconfig with the contexts dev, prod-eu, prod-us, prod-ap and staging, of which no server is reached. */
const KUBECONFIG = fileURLToPath(new URL('../fixtures/contexts.yaml', import.meta.url));

/** What it takes to run a command in contexts of that kubeconfig: a cluster each, or why it is not reached. */
export function inContexts(clusters: Readonly<Record<string, Cluster | Error>>): Pick<CliOptions, 'env' | 'connect'> {
  return {
    env: { KUBECONFIG },
    connect: async ({ context = '', namespace = 'default' }) => {
      const cluster = clusters[context];
      if (cluster === undefined || cluster instanceof Error) throw cluster ?? new Error(`this test has no context ${context}`);
      return { cluster, namespace, contextName: context, warningCount: () => 0, close: () => undefined };
    },
  };
}
