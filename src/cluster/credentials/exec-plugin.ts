import { oneAtATime } from '../../async/one-at-a-time.ts';
import { withVariables } from '../../environment.ts';
import { ClusterError, messageOf } from '../../errors.ts';
import { reveal, Secret } from '../../text/secret.ts';
import type { Credential, CredentialSource, SecretPem } from '../kubeconfig/client-config.ts';
import type { ClusterEntry, Exec } from '../kubeconfig/decode.ts';
import type { Environment } from '../kubeconfig/files.ts';
import { bearerAuthorization } from './authorization.ts';
import { type Command, CommandMissing, cleanCommand, lookPath, runCommand } from './exec-command.ts';
import { forbids, type PluginPolicy } from './exec-policy.ts';
import { type ExecReply, readExecReply } from './exec-reply.ts';
import type { PluginRuns, SharedPlugins } from './shared-plugins.ts';

/*
 * Credential plugins: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * Behaviour as in https://github.com/kubernetes/client-go/blob/master/plugin/pkg/client/auth/exec/exec.go
 */

/** `spec.cluster` of KUBERNETES_EXEC_INFO. */
export type ExecCluster = Readonly<Record<string, unknown>>;

export interface ExecHost {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
  readonly stdinIsTTY: boolean;
  readonly stderr: Command['stderr'];
  readonly now: () => Date;
  /** What the plugins of several clusters share; absent where there is one cluster. */
  readonly plugins?: SharedPlugins;
}

export interface ExecPlugin {
  readonly exec: Exec;
  /** `user "ana" in /home/ana/.kube/config`. */
  readonly owner: string;
  readonly cluster: ExecCluster;
  readonly policy: () => Promise<PluginPolicy>;
}

const MISSING_HINT =
  'It looks like you are trying to use a client-go credential plugin that is not installed.\n' +
  'To learn more about this feature, consult the documentation available at:\n' +
  '  https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins';

/** A cluster entry as it is passed to a plugin. `certificateAuthority` is the content of the CA file or data. */
export function toExecCluster(cluster: ClusterEntry, certificateAuthority: Buffer | undefined): ExecCluster {
  const extension = cluster.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec');
  return {
    server: (cluster.server ?? '').replace(/^([^/]*\/\/[^/?#]*\/[^?#]+)[?#].*$/s, '$1'),
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': certificateAuthority?.length ? certificateAuthority.toString('base64') : undefined,
    'proxy-url': cluster['proxy-url'],
    'disable-compression': cluster['disable-compression'],
    config: extension?.extension ?? null,
  };
}

// Control characters could rewrite the terminal; line breaks and tabs may stay.
function visibleHint(installHint: string): string {
  return installHint.replace(
    /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\t\n\v\f\r]/gu,
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

function isInteractive(exec: Exec, stdinIsTTY: boolean): boolean {
  if (exec.interactiveMode === 'Always' && !stdinIsTTY) {
    throw new Error('exec plugin cannot support interactive mode: standard input is not a terminal');
  }
  return exec.interactiveMode !== 'Never' && stdinIsTTY;
}

function execInfo({ exec, cluster }: ExecPlugin, interactive: boolean): string {
  const spec = exec.provideClusterInfo ? { cluster, interactive } : { interactive };
  return `${JSON.stringify({ kind: 'ExecCredential', apiVersion: exec.apiVersion, spec })}\n`;
}

async function run(plugin: ExecPlugin, host: ExecHost, signal: AbortSignal): Promise<ExecReply> {
  const { exec } = plugin;
  const interactive = isInteractive(exec, host.stdinIsTTY);
  const command = cleanCommand(exec.command ?? '');
  const isPath = /[\\/]/.test(command);
  const found = lookPath(command, host);
  const fault = forbids(await plugin.policy(), command, found, host);
  if (fault !== undefined) throw new Error(fault);
  if (found === undefined && !isPath) throw new CommandMissing(`exec: executable ${command} not found`);
  const variables = (exec.env ?? []).map(({ name = '', value }) => [name, value === undefined ? '' : reveal(value)] as const);
  const env = withVariables(host.env, [...variables, ['KUBERNETES_EXEC_INFO', execInfo(plugin, interactive)]], host.platform);
  const stdin = interactive ? 'inherit' : 'ignore';
  const args = exec.args === undefined ? [] : reveal(exec.args);
  const { cwd, stderr } = host;
  const start = () => runCommand({ command, args, env, cwd, stdin, stderr, signal }, found ?? command, host.platform);
  const stdout = interactive && host.plugins !== undefined ? await host.plugins.askAlone(start, signal) : await start();
  return readExecReply(stdout.toString('utf8'), exec.apiVersion ?? '');
}

function failure(cause: unknown, { exec, owner }: ExecPlugin): ClusterError {
  const message = `getting credentials: ${messageOf(cause)}`;
  const installHint = visibleHint(exec.installHint ?? '');
  const missing = [MISSING_HINT, installHint].filter((text) => text !== '').join('\n\n');
  const hint = cause instanceof CommandMissing ? missing : `The credential plugin of ${owner} failed: log in again, or run it by hand.`;
  return new ClusterError('CredentialsFailed', message, { cause, hint });
}

function toCredential(reply: ExecReply, owner: string): Credential {
  const pem = (text: Secret, what: string): SecretPem => ({
    pem: new Secret(Buffer.from(reveal(text))),
    origin: `${what} from the credential plugin of ${owner}`,
  });
  return {
    ...(reply.token === undefined ? {} : { authorization: bearerAuthorization(reply.token) }),
    ...(reply.certificate === undefined
      ? {}
      : { clientCertificate: { certificate: pem(reply.certificate.certificate, 'certificate'), key: pem(reply.certificate.key, 'key') } }),
  };
}

/** Runs are never parallel; a request that waited for a run looks again, so a result that came already expired serves one request only. */
function runsOf(plugin: ExecPlugin, host: ExecHost): PluginRuns {
  let kept: { readonly credential: Credential; readonly expiresAt: number } | undefined;
  let failed: { readonly cause: unknown } | undefined;
  const credential = oneAtATime(async (signal: AbortSignal, rejected: Credential | undefined): Promise<Credential> => {
    signal.throwIfAborted();
    if (kept !== undefined && kept.credential !== rejected && host.now().getTime() <= kept.expiresAt) return kept.credential;
    if (failed !== undefined) throw failed.cause;
    const reply = await run(plugin, host, signal).catch((cause: unknown) => {
      if (signal.aborted) throw signal.reason;
      // Other clusters would run it again for nothing, and ask a person once more.
      if (host.plugins !== undefined) failed = { cause };
      throw cause;
    });
    kept = { credential: toCredential(reply, plugin.owner), expiresAt: reply.expiresAt ?? Number.POSITIVE_INFINITY };
    return kept.credential;
  });
  return { credential };
}

/** The same for plugins that answer the same. */
function keyOf(plugin: ExecPlugin): string {
  const { command, args, env = [], apiVersion, interactiveMode } = plugin.exec;
  const variables = env.map(({ name, value }) => [name, value && reveal(value)]);
  return JSON.stringify([command, args && reveal(args), variables, apiVersion, interactiveMode, execInfo(plugin, false)]);
}

/** Credentials that a plugin gives, kept in memory until they expire or the server refuses them. */
export function execCredentials(plugin: ExecPlugin, host: ExecHost): CredentialSource {
  const runs = host.plugins?.runsOf(keyOf(plugin), () => runsOf(plugin, host)) ?? runsOf(plugin, host);
  let given: Credential | undefined;
  let rejected: Credential | undefined;
  const get = async (signal: AbortSignal): Promise<Credential> => {
    given = await runs.credential(signal, rejected).catch((cause: unknown) => {
      throw signal.aborted ? signal.reason : failure(cause, plugin);
    });
    return given;
  };
  const refresh = (refused?: Credential): boolean => {
    rejected = refused ?? given;
    return true;
  };
  return { origin: `credential plugin ${plugin.exec.command ?? ''} of ${plugin.owner}`, get, refresh };
}
