import type { Choice } from './choice.ts';
import type { ClusterEntry, Exec, UserEntry } from './decode.ts';
import { parseGoUrl } from './go-url.ts';
import { type About, flagsOver, originsOf } from './origin.ts';
import { withoutUserInfo } from './server-url.ts';

/** Something that kubectl refuses, and where it is said. */
interface Fault {
  readonly text: string;
  readonly about: About;
  /** If a flag says it, the flag is wrong whatever the kubeconfig is. */
  readonly isMisuse?: boolean;
}

/** Why a choice cannot be used. */
export interface ConfigFault {
  /** kubectl's words. */
  readonly message: string;
  /** Flags and entries that say it; none if a name is of no entry. */
  readonly origins: readonly string[];
  readonly isMisuse: boolean;
}

/** Why a file cannot be opened, in Go's words; undefined if it can. */
export type OpenFault = (file: string) => string | undefined;

function inCluster(text: string, ...keys: (keyof ClusterEntry)[]): Fault {
  return { text, about: { entry: 'cluster', keys } };
}

function inUser(text: string, ...keys: (keyof UserEntry)[]): Fault {
  return { text, about: { entry: 'user', keys } };
}

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

function proxyFaults(proxyUrl: string | undefined, name: string): readonly Fault[] {
  const fault = proxyUrl === undefined ? undefined : proxyUrlFault(proxyUrl);
  if (fault === undefined) return [];
  const text = `invalid 'proxy-url' "${withoutUserInfo(proxyUrl ?? '')}" for cluster "${name}": ${fault}`;
  return [{ ...inCluster(text, 'proxy-url'), isMisuse: true }];
}

function clusterFaults(name: string, cluster: ClusterEntry, openFault: OpenFault): readonly Fault[] {
  const file = cluster['certificate-authority'];
  const faults: Fault[] = [];
  if (cluster.server === undefined) faults.push(inCluster(`no server found for cluster "${name}"`, 'server'));
  faults.push(...proxyFaults(cluster['proxy-url'], name));
  if (file !== undefined && cluster['certificate-authority-data'] !== undefined) {
    const both = 'certificate-authority-data and certificate-authority are both specified';
    faults.push(inCluster(`${both} for ${name}. certificate-authority-data will override.`));
  }
  const files = unreadable('certificate-authority', file, name, openFault);
  return [...faults, ...files.map((text) => inCluster(text, 'certificate-authority'))];
}

function certificateFaults(name: string, user: UserEntry, openFault: OpenFault): readonly Fault[] {
  const { 'client-certificate': certificate, 'client-key': key } = user;
  const certificateData = user['client-certificate-data'];
  const keyData = user['client-key-data'];
  if (certificate === undefined && certificateData === undefined) return [];
  const faults: Fault[] = [];
  if (certificate !== undefined && certificateData !== undefined) {
    faults.push(inUser(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`));
  }
  if (key !== undefined && keyData !== undefined) {
    faults.push(inUser(`client-key-data and client-key are both specified for ${name}; client-key-data will override`));
  }
  if (key === undefined && keyData === undefined) {
    const text = `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`;
    faults.push(inUser(text, 'client-certificate'));
  }
  return [
    ...faults,
    ...unreadable('client-cert', certificate, name, openFault).map((text) => inUser(text, 'client-certificate')),
    ...unreadable('client-key', key, name, openFault).map((text) => inUser(text, 'client-key')),
  ];
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

function methodFaults(name: string, user: UserEntry): readonly Fault[] {
  const basic = user.username !== undefined || user.password !== undefined;
  if (user.token !== undefined && basic) {
    const text = `more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`;
    return [inUser(text, 'token', 'username', 'password')];
  }
  return [];
}

function impersonationFaults(name: string, user: UserEntry): readonly Fault[] {
  const more = user['as-uid'] ?? user['as-groups'] ?? user['as-user-extra'];
  if (more === undefined || user.as !== undefined) return [];
  const text = `requesting uid, groups or user-extra for ${name} without impersonating a user`;
  return [{ ...inUser(text, 'as-uid', 'as-groups', 'as-user-extra'), isMisuse: true }];
}

function userFaults(name: string, user: UserEntry, openFault: OpenFault): readonly Fault[] {
  return [
    ...certificateFaults(name, user, openFault),
    ...execFaults(name, user.exec, user['auth-provider'] !== undefined).map((text) => inUser(text)),
    ...methodFaults(name, user),
    ...impersonationFaults(name, user),
  ];
}

/** All that is wrong with the chosen entries. https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/validation.go */
function usabilityFaults(choice: Choice, openFault: OpenFault): readonly Fault[] {
  return [...userFaults(choice.userName, choice.user, openFault), ...clusterFaults(choice.clusterName, choice.cluster, openFault)];
}

function flagFault(choice: Choice): string | undefined {
  if (choice.missing.user) return `auth info "${choice.userName}" does not exist`;
  if (choice.missing.context && choice.flags.has('--context')) return `context "${choice.contextName}" does not exist`;
  if (choice.missing.cluster) return `cluster "${choice.clusterName}" does not exist`;
  return undefined;
}

function usabilityMessage(choice: Choice, found: readonly Fault[]): string | undefined {
  const { missing, contextName } = choice;
  const texts = found.map(({ text }) => text);
  const faults = missing.context ? [`context was not found for specified context: ${contextName}`, ...texts] : texts;
  if (faults.length > 1) return ['Error in configuration: ', ...faults.map((fault) => `* ${fault}`)].join('\n');
  return missing.context ? `Error in configuration: ${faults[0]}` : faults[0];
}

function isMisuse({ flags }: Choice, [fault, ...others]: readonly Fault[]): boolean {
  return fault?.isMisuse === true && others.length === 0 && flagsOver(flags, fault.about.keys).length > 0;
}

/**
 * What kubectl says of a choice that it cannot use; undefined if it can. With `-n` kubectl looks at the flags' names first,
 * because without it the namespace is asked for before the rest.
 */
export function validateChoice(choice: Choice, openFault: OpenFault): ConfigFault | undefined {
  const faults = usabilityFaults(choice, openFault);
  const byName = flagFault(choice);
  const usability = usabilityMessage(choice, faults);
  const message = choice.flags.has('--namespace') ? (byName ?? usability) : (usability ?? byName);
  if (message === undefined) return undefined;
  if (Object.values(choice.missing).includes(true)) return { message, origins: [], isMisuse: false };
  const origins = faults.flatMap(({ about }) => originsOf(choice, about));
  return { message, origins: [...new Set(origins)], isMisuse: isMisuse(choice, faults) };
}
