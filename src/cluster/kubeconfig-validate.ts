import { parseGoUrl } from './go-url.ts';
import type { Choice } from './kubeconfig-choice.ts';
import type { ClusterEntry, Exec, UserEntry } from './kubeconfig-decode.ts';
import { withoutUserInfo } from './server-url.ts';

/** Why a file cannot be opened, in Go's words; undefined if it can. */
export type OpenFault = (file: string) => string | undefined;

function unreadable(what: string, file: string | undefined, owner: string, openFault: OpenFault): readonly string[] {
  const fault = file === undefined ? undefined : openFault(file);
  return fault === undefined ? [] : [`unable to read ${what} ${file} for ${owner} due to ${fault}`];
}

/** What is wrong with a `proxy-url`; undefined if nothing. */
function proxyUrlFault(proxyUrl: string): string | undefined {
  const url = parseGoUrl(proxyUrl);
  if (url === undefined) return `could not parse: ${withoutUserInfo(proxyUrl)}`;
  if (['http', 'https', 'socks5'].includes(url.scheme)) return undefined;
  return `unsupported scheme "${url.scheme}", must be http, https, or socks5`;
}

function proxyFaults(proxyUrl: string | undefined, name: string): readonly string[] {
  const fault = proxyUrl === undefined ? undefined : proxyUrlFault(proxyUrl);
  return fault === undefined ? [] : [`invalid 'proxy-url' "${withoutUserInfo(proxyUrl ?? '')}" for cluster "${name}": ${fault}`];
}

function clusterFaults(name: string, cluster: ClusterEntry, openFault: OpenFault): readonly string[] {
  const file = cluster['certificate-authority'];
  const faults: string[] = [];
  if (cluster.server === undefined) faults.push(`no server found for cluster "${name}"`);
  faults.push(...proxyFaults(cluster['proxy-url'], name));
  if (file !== undefined && cluster['certificate-authority-data'] !== undefined) {
    faults.push(
      `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
    );
  }
  return [...faults, ...unreadable('certificate-authority', file, name, openFault)];
}

function certificateFaults(name: string, user: UserEntry, openFault: OpenFault): readonly string[] {
  const { 'client-certificate': certificate, 'client-key': key } = user;
  const certificateData = user['client-certificate-data'];
  const keyData = user['client-key-data'];
  if (certificate === undefined && certificateData === undefined) return [];
  const faults: string[] = [];
  if (certificate !== undefined && certificateData !== undefined) {
    faults.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`);
  }
  if (key !== undefined && keyData !== undefined) {
    faults.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`);
  }
  if (key === undefined && keyData === undefined) {
    faults.push(`client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`);
  }
  return [...faults, ...unreadable('client-cert', certificate, name, openFault), ...unreadable('client-key', key, name, openFault)];
}

function modeFault(name: string, mode: string | undefined): string | undefined {
  if (mode === undefined) return `interactiveMode must be specified for ${name} to use exec authentication plugin`;
  if (['Never', 'IfAvailable', 'Always'].includes(mode)) return undefined;
  return `invalid interactiveMode for ${name}: ${JSON.stringify(mode)}`;
}

function execFaults(name: string, plugin: Exec | undefined, hasAuthProvider: boolean): readonly string[] {
  if (plugin === undefined) return [];
  const faults: string[] = [];
  if (hasAuthProvider) faults.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`);
  if (plugin.command === undefined) faults.push(`command must be specified for ${name} to use exec authentication plugin`);
  if (plugin.apiVersion === undefined) faults.push(`apiVersion must be specified for ${name} to use exec authentication plugin`);
  for (const variable of plugin.env ?? []) {
    if (!variable.name) faults.push(`env variable name must be specified for ${name} to use exec authentication plugin`);
  }
  const mode = modeFault(name, plugin.interactiveMode);
  return mode === undefined ? faults : [...faults, mode];
}

function methodFaults(name: string, user: UserEntry): readonly string[] {
  const basic = user.username !== undefined || user.password !== undefined;
  if (user.token !== undefined && basic) {
    return [`more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`];
  }
  return [];
}

function impersonationFaults(name: string, user: UserEntry): readonly string[] {
  const more = user['as-uid'] ?? user['as-groups'] ?? user['as-user-extra'];
  if (more === undefined || user.as !== undefined) return [];
  return [`requesting uid, groups or user-extra for ${name} without impersonating a user`];
}

function userFaults(name: string, user: UserEntry, openFault: OpenFault): readonly string[] {
  return [
    ...certificateFaults(name, user, openFault),
    ...execFaults(name, user.exec, user['auth-provider'] !== undefined),
    ...methodFaults(name, user),
    ...impersonationFaults(name, user),
  ];
}

/** All that is wrong with the chosen entries. https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/validation.go */
function usabilityFaults(choice: Choice, openFault: OpenFault): readonly string[] {
  return [
    ...(choice.missing.context ? [contextNotFound(choice.contextName)] : []),
    ...userFaults(choice.userName, choice.user, openFault),
    ...clusterFaults(choice.clusterName, choice.cluster, openFault),
  ];
}

function contextNotFound(name: string): string {
  return `context was not found for specified context: ${name}`;
}

function flagFault(choice: Choice, contextFlag: boolean): string | undefined {
  if (choice.missing.user) return `auth info "${choice.userName}" does not exist`;
  if (choice.missing.context && contextFlag) return `context "${choice.contextName}" does not exist`;
  if (choice.missing.cluster) return `cluster "${choice.clusterName}" does not exist`;
  return undefined;
}

function usabilityMessage(faults: readonly string[], contextMissing: boolean): string | undefined {
  if (faults.length > 1) return ['Error in configuration: ', ...faults.map((fault) => `* ${fault}`)].join('\n');
  return contextMissing ? `Error in configuration: ${faults[0]}` : faults[0];
}

/**
 * What kubectl says of a choice that it cannot use; undefined if it can. With `-n` kubectl looks at the flags' names first,
 * because without it the namespace is asked for before the rest.
 */
export function validateChoice(
  choice: Choice,
  given: { readonly context: boolean; readonly namespace: boolean },
  openFault: OpenFault,
): string | undefined {
  const byName = flagFault(choice, given.context);
  const usability = usabilityMessage(usabilityFaults(choice, openFault), choice.missing.context);
  return given.namespace ? (byName ?? usability) : (usability ?? byName);
}
