import type { Build, Context, OptionValues } from '../../cli/command.ts';
import { worstOf } from '../../cli/exit-code.ts';
import type { Connection, ServerVersion } from '../../cluster/cluster.ts';
import type { KserveVersion } from '../../domain/kserve-version.ts';
import { ExitCode, KserveError, UsageError } from '../../errors.ts';
import { escapeText } from '../../output/escape.ts';
import type { versionOptions } from './version.command.ts';

/** Versions of all parts; a part that was not asked for or not learned is absent. */
interface Versions {
  readonly plugin: { readonly version: string; readonly node: string; readonly platform: string };
  readonly server?: ServerVersion | undefined;
  readonly kserve?: KserveVersion | undefined;
}

interface Answer {
  readonly versions: Versions;
  /** What could not be learned and changes the code. */
  readonly failures: readonly KserveError[];
  /** What could not be learned and does not matter much. */
  readonly notes: readonly string[];
  readonly exitCode: ExitCode;
}

export async function run(context: Context, options: OptionValues<typeof versionOptions>): Promise<ExitCode> {
  const plugin = pluginVersion(context.build, context.platform);
  const answer = options.client ? { versions: { plugin }, failures: [], notes: [], exitCode: ExitCode.ok } : await ask(context, plugin);
  context.streams.out.write(await render(answer.versions, options.output));
  if (!options.client) await report(context, answer);
  return answer.exitCode;
}

function pluginVersion(build: Build, platform: string): Versions['plugin'] {
  return { version: `v${build.version}`, node: build.node, platform: `${platform}/${build.arch}` };
}

async function ask(context: Context, plugin: Versions['plugin']): Promise<Answer> {
  const connection = await settled(context.connection());
  if (connection instanceof KserveError) {
    return { versions: { plugin }, failures: [connection], notes: [], exitCode: ExitCode.undetermined };
  }
  const [server, kserve] = await Promise.all([settled(connection.cluster.serverVersion()), askKserve(connection)]);
  const serverFailed = server instanceof KserveError;
  const kserveFailed = kserve instanceof KserveError;
  // One cause, one message: what keeps the server's version from us usually keeps all of it.
  const failures = serverFailed ? [server] : kserveFailed ? [kserve] : [];
  const codes = [serverFailed ? ExitCode.undetermined : ExitCode.ok, kserveFailed ? ExitCode.partial : ExitCode.ok];
  return {
    versions: { plugin, server: serverFailed ? undefined : server, kserve: kserveFailed ? undefined : kserve.version },
    failures,
    notes: kserveFailed ? [] : kserve.notes,
    exitCode: worstOf(codes),
  };
}

async function askKserve(connection: Connection): Promise<KserveError | { version: KserveVersion; notes: readonly string[] }> {
  const { learnKserveVersion } = await import('./kserve.ts');
  return settled(learnKserveVersion(connection.cluster));
}

/** A foreseen failure as a value; misuse and bugs go on as exceptions. */
async function settled<T>(promise: Promise<T>): Promise<T | KserveError> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof KserveError && !(error instanceof UsageError)) return error;
    throw error;
  }
}

async function render(versions: Versions, format: string | undefined): Promise<string> {
  const report = { apiVersion: 'kubectl-kserve/v1alpha1', kind: 'VersionReport', ...versions };
  if (format === 'json') {
    const { jsonText } = await import('../../output/json.ts');
    return `${jsonText(report)}\n`;
  }
  if (format === 'yaml') {
    const { yamlText } = await import('../../output/yaml.ts');
    return yamlText(withoutUndefined(report));
  }
  return textLines(versions);
}

function withoutUndefined(report: object): object {
  return Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined));
}

function textLines({ plugin, server, kserve }: Versions): string {
  const lines = [`Plugin Version: ${plugin.version}`, `Node Version: ${plugin.node} (${plugin.platform})`];
  if (server !== undefined) lines.push(`Server Version: ${escapeText(server.gitVersion)}`);
  if (kserve !== undefined) lines.push(`KServe Version: ${escapeText(kserveText(kserve))}`);
  return `${lines.join('\n')}\n`;
}

function kserveText(version: KserveVersion): string {
  switch (version.kind) {
    case 'exact':
      return `v${version.version}`;
    case 'atLeast':
      return `v${version.version} or newer`;
    case 'absent':
      return 'not installed';
  }
}

async function report(context: Context, { failures, notes }: Answer): Promise<void> {
  const { failureText } = await import('../../output/failure.ts');
  for (const note of notes) context.streams.errOut.write(`note: ${escapeText(note)}\n`);
  for (const failure of failures) context.streams.errOut.write(`${failureText(failure)}\n`);
}
