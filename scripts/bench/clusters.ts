import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** In the form that `kubectl config` writes. */
function kubeconfigOf(clusters: readonly Named[]): string {
  return `apiVersion: v1
clusters:
${clusters.map(clusterEntry).join('')}contexts:
${clusters.map(({ name }) => `- context:\n    cluster: ${name}\n    namespace: team-a\n    user: ${name}\n  name: ${name}\n`).join('')}current-context: ${clusters[0]?.name}
kind: Config
users:
${clusters.map(userEntry).join('')}`;
}

function clusterEntry({ server, name }: Named): string {
  const authority = Buffer.from(server.ca ?? '').toString('base64');
  return `- cluster:\n    certificate-authority-data: ${authority}\n    server: ${server.url}\n  name: ${name}\n`;
}

function userEntry({ server, name }: Named): string {
  const credential = server.credential('admin');
  if (credential === undefined || !('token' in credential)) throw new Error('the administrator has no token');
  return `- name: ${name}\n  user:\n    token: ${credential.token}\n`;
}
