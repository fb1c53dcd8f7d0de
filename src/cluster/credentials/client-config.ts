import type { ConnectionOptions } from '../connection-options.ts';
import type { ClientConfig } from '../kubeconfig/client-config.ts';
import { chooseConfig, type KubeconfigHost } from '../kubeconfig/kubeconfig.ts';
import { type CredentialHost, credentialSource } from './credentials.ts';

/** What the outside world gives to configuration and credentials. */
export type ConfigHost = KubeconfigHost & CredentialHost;

/**
 * Finds server, identity and namespace as kubectl does with the same files, environment and flags. Runs no plugin and sends nothing. Throws
 * ConfigInvalid or CredentialsFailed, and a UsageError for a flag that no kubeconfig could make right.
 */
export async function loadClientConfig(options: ConnectionOptions, host: ConfigHost): Promise<ClientConfig> {
  const { credentials, ...config } = await chooseConfig(options, host);
  return { ...config, credentials: await credentialSource(credentials, options.kuberc, host) };
}
