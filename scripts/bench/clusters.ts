import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { type ApiServer, startApiServer } from '../../tools/api-server/server.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';

/** Embedded API servers with the sample runtimes, and one kubeconfig with a context for each. */
export interface Clusters {
  readonly contexts: readonly string[];
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

/** Starts so many, each with an authority of its own, as clusters have. */
export async function startClusters(count: number, folder: string): Promise<Clusters> {
  const servers = await Promise.all(Array.from({ length: count }, () => startApiServer({ objects: fixtureObjects('runtimes') })));
  const named = servers.map((server, index) => ({ server, name: `cluster-${index + 1}` }));
  const kubeconfig = join(folder, 'clusters.yaml');
  writeFileSync(kubeconfig, kubeconfigOf(named), { mode: 0o600 });
  return {
    contexts: named.map(({ name }) => name),
    kubeconfig,
    close: async () => void (await Promise.all(servers.map((server) => server.close()))),
  };
}

interface Named {
  readonly server: ApiServer;
  readonly name: string;
}

/** In the form that `kubectl config` writes, which is read without the YAML library. */
function kubeconfigOf(clusters: readonly Named[]): string {
  const [first] = clusters;
  const config = {
    apiVersion: 'v1',
    clusters: clusters.map(({ server, name }) => ({ cluster: clusterOf(server), name })),
    contexts: clusters.map(({ name }) => ({ context: { cluster: name, namespace: 'team-a', user: name }, name })),
    'current-context': first?.name,
    kind: 'Config',
    users: clusters.map(({ server, name }) => ({ name, user: server.credential('admin') })),
  };
  return dump(config, { seqNoIndent: true, lineWidth: -1 });
}

function clusterOf({ ca = '', url }: ApiServer): object {
  return { 'certificate-authority-data': Buffer.from(ca).toString('base64'), server: url };
}
