import type { Host } from '../host.ts';
import { clusterOver } from './api/client.ts';
import type { Connection } from './cluster.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { type ConfigHost, loadClientConfig } from './credentials/client-config.ts';
import { workingFolder } from './kubeconfig/working-folder.ts';
import { createTransport } from './transport/transport.ts';
import { userAgent } from './transport/user-agent.ts';

/** What the connections to several clusters have in common; what plugins say is for a person now, whatever becomes of other messages. */
export type Shared = Partial<Pick<ConfigHost, 'loaded' | 'plugins' | 'stderr'>>;

/** The API server that kubeconfig, environment and flags name. Rejects with a ClusterError; sends nothing yet. */
export async function connect(options: ConnectionOptions, host: Host, shared: Shared = {}): Promise<Connection> {
  const config = await loadClientConfig(options, configHost(host, shared));
  const transport = await createTransport({
    config,
    env: host.env,
    platform: host.platform,
    now: host.now,
    signal: host.signal,
    userAgent: userAgent(host),
    commandName: host.commandName,
    write: host.streams.errOut.write,
    verbosity: options.verbosity ?? 0,
    secrets: host.secrets,
    ...(host.wait !== undefined && { wait: host.wait }),
    ...(host.mostAnswerBytes !== undefined && { mostBodyBytes: host.mostAnswerBytes }),
  });
  const { namespace, contextName } = config;
  return { cluster: clusterOver(transport), namespace, contextName, warningCount: transport.warningCount, close: transport.close };
}

function configHost(host: Host, shared: Shared): ConfigHost {
  const { env, platform, now, signal, streams } = host;
  return {
    env,
    platform,
    now,
    cwd: workingFolder(env),
    signal,
    // Asked only for a plugin: to look at a stream opens it.
    get stdinIsTTY() {
      return streams.in.isTTY;
    },
    // A plugin that asks for a code finds the terminal only if it is handed on as it is.
    get stderr() {
      return streams.errOut.isTTY ? 'inherit' : streams.errOut.write;
    },
    warn: streams.errOut.write,
    ...(host.secrets !== undefined && { secrets: host.secrets }),
    sendToProvider: async (request) => (await import('./transport/send-to-provider.ts')).providerSender(host)(request),
    ...shared,
  };
}
