import { basename, join } from 'node:path';
import { describeFileError, isMissing } from '../../documents/file-error.ts';
import { list, struct, text } from '../../documents/go-json.ts';
import { readBounded } from '../../documents/read-file.ts';
import { parseDocument } from '../../documents/yaml.ts';
import { messageOf } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { type Environment, homeFolder } from '../kubeconfig/files.ts';
import { cleanCommand, type LookupHost, lookPath } from './exec-command.ts';

/** Which credential plugins kubectl's preferences file lets run: https://kubernetes.io/docs/reference/kubectl/kuberc/ */
export type PluginPolicy =
  | { readonly type: 'AllowAll' }
  | { readonly type: 'DenyAll' }
  | { readonly type: 'Allowlist'; readonly commands: readonly string[] };

export interface PolicyHost {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly warn: (text: string) => void;
}

interface Preference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly credentialPluginPolicy?: string;
  readonly credentialPluginAllowlist?: readonly AllowlistEntry[];
}

interface AllowlistEntry {
  readonly name?: string;
  readonly command?: string;
}

const ALLOW_ALL: PluginPolicy = { type: 'AllowAll' };
const string = text();
const allowlist = list(struct<AllowlistEntry>('AllowlistEntry', { name: string, command: string }), {});
const preference = struct<Preference>('Preference', {
  apiVersion: string,
  kind: string,
  credentialPluginPolicy: text('v1beta1.CredentialPluginPolicy'),
  // An empty list is a fault of its own, unlike elsewhere.
  credentialPluginAllowlist: { ...allowlist, decode: (value, place) => (isEmptyList(value) ? [] : allowlist.decode(value, place)) },
});

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The preferences file: `--kuberc`, `$KUBERC`, `~/.kube/kuberc`; undefined if switched off. */
function kubercFile(flag: string | undefined, host: PolicyHost): { readonly file: string; readonly explicit: boolean } | undefined {
  const { KUBERC: variable, KUBECTL_KUBERC: feature } = host.env;
  if (feature === 'false' || (variable === 'off' && !flag)) return undefined;
  if (variable === 'off') throw new Error('disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive');
  const named = flag || variable;
  return named ? { file: named, explicit: true } : { file: join(homeFolder(host.env, host.platform), '.kube', 'kuberc'), explicit: false };
}

async function firstPreference(source: string, file: string): Promise<Preference | undefined> {
  const documents = source.split(/^---(?:[ \t].*)?\r?$/m).filter((document) => document.trim() !== '');
  for (const document of documents) {
    const found = await decodePreference(document);
    if (found !== undefined) return found;
  }
  if (documents.length > 0) throw new Error(`no valid preferences found in ${file}`);
  return undefined;
}

async function decodePreference(document: string): Promise<Preference | undefined> {
  try {
    const decoded = preference.decode(await parseDocument(document), { struct: '', path: '' });
    const known = decoded?.kind === 'Preference' && /^kubectl\.config\.k8s\.io\/v1(?:alpha|beta)1$/.test(decoded.apiVersion ?? '');
    return known ? decoded : undefined;
  } catch {
    // Broken or of another kind: kubectl goes on to the next document too.
    return undefined;
  }
}

function commandsOf(entries: readonly AllowlistEntry[] | undefined): readonly string[] {
  if (entries === undefined) throw new Error('credential plugin policy set to "Allowlist", but allowlist is unspecified');
  if (entries.length === 0)
    throw new Error('credential plugin policy set to "Allowlist", but allowlist is empty; use "DenyAll" policy instead');
  return entries.map(({ name, command }, index) => {
    const allowed = command ?? name;
    if (allowed === undefined) throw new Error(`misconfigured credential plugin allowlist: empty allowlist entry #${index + 1}`);
    const clean = cleanCommand(allowed);
    if (clean !== allowed) throw new Error(`non-normalized file path: "${allowed}" vs "${clean}"`);
    return allowed;
  });
}

function toPolicy({ apiVersion, credentialPluginPolicy: type = '', credentialPluginAllowlist: entries }: Preference): PluginPolicy {
  // The alpha version has no policy.
  if (apiVersion === 'kubectl.config.k8s.io/v1alpha1') return ALLOW_ALL;
  if (type === 'Allowlist') return { type, commands: commandsOf(entries) };
  if (type !== '' && type !== 'AllowAll' && type !== 'DenyAll') throw new Error(`unknown plugin policy: "${type}"`);
  if (entries !== undefined) {
    throw new Error(`misconfigured credential plugin allowlist: plugin policy is "${type}" but allowlist is non-nil`);
  }
  return type === 'DenyAll' ? { type } : ALLOW_ALL;
}

function readIfThere(file: string): string {
  try {
    return readBounded(file).toString();
  } catch (cause) {
    if (isMissing(cause)) return '';
    throw new Error(describeFileError(cause, file), { cause });
  }
}

/**
 * Reads the policy. A file that the user named must be readable and right, else an Error is thrown; what is wrong with the default one is
 * only a warning, as in kubectl. https://github.com/kubernetes/kubectl/blob/master/pkg/kuberc/kuberc.go
 */
export async function readPluginPolicy(flag: string | undefined, host: PolicyHost): Promise<PluginPolicy> {
  const where = kubercFile(flag, host);
  if (where === undefined) return ALLOW_ALL;
  const found = await readPreference(where.file, where.explicit, host.warn);
  return found === undefined ? ALLOW_ALL : toPolicy(found);
}

async function readPreference(file: string, explicit: boolean, warn: PolicyHost['warn']): Promise<Preference | undefined> {
  try {
    return await firstPreference(explicit ? readNamed(file) : readIfThere(file), file);
  } catch (cause) {
    const reason = messageOf(cause);
    if (explicit) throw new Error(`kuberc: ${reason}`, { cause });
    warn(`kuberc: no preferences loaded from ${escapeText(`${file}: ${reason}`)}\n`);
    return undefined;
  }
}

function readNamed(file: string): string {
  try {
    return readBounded(file).toString();
  } catch (cause) {
    throw new Error(describeFileError(cause, file), { cause });
  }
}

/** Why a policy forbids a command; undefined if it may run. `resolved` is the file that the command means. */
export function forbids(policy: PluginPolicy, command: string, resolved: string | undefined, host: LookupHost): string | undefined {
  if (policy.type === 'AllowAll') return undefined;
  if (policy.type === 'DenyAll') return `plugin "${command}" not allowed: policy set to "DenyAll"`;
  if (policy.commands.includes(command)) return undefined;
  if (resolved === undefined) return `plugin path "${command}" cannot be resolved for credential plugin allowlist check: not found in PATH`;
  const namesakes = policy.commands.filter((allowed) => basename(allowed) === basename(resolved));
  if (namesakes.some((allowed) => allowed === resolved || lookPath(allowed, host) === resolved)) return undefined;
  return `plugin path "${resolved}" is not permitted by the credential plugin allowlist`;
}
