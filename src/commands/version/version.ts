import { settled } from '../../async/settled.ts';
import type { Connection, ServerVersion } from '../../cluster/cluster.ts';
import type { Context } from '../../command/context.ts';
import type { OptionValues } from '../../command/option.ts';
import type { KserveVersion } from '../../domain/kserve/version.ts';
import { ClusterError, ExitCode, KserveError, UsageError } from '../../errors.ts';
import type { Build } from '../../host.ts';
import { REPORT_VERSION, type ReportFormat, reportText, toReportFormat } from '../../output/report.ts';
import type { FoundVersion } from '../../queries/kserve-version.ts';
import type { LlmPresets } from '../../queries/llm-presets.ts';
import { escapeText } from '../../text/escape.ts';
import type { versionOptions } from './version.command.ts';

/** Versions of all parts; a part that was not asked for or not learned is absent. */
interface Versions {
  readonly plugin: { readonly version: string; readonly node: string; readonly platform: string };
  readonly server?: ServerVersion | undefined;
  readonly kserve?: KserveVersion | undefined;
  /** Optional kinds of KServe that are not served. */
  readonly absentKinds?: readonly string[] | undefined;
  /** Where LLMInferenceServices find configurations to be based on. */
  readonly llmPresets?: readonly LlmPresets[] | undefined;
}

/** Something that is not known, and why. */
interface UnknownPart {
  readonly part: 'server' | 'kserve' | 'kserveExact' | 'llmPresets';
  /** A text if it is no failure: a floor is still an answer. */
  readonly why: KserveError | string;
}

interface VersionAnswer {
  readonly versions: Versions;
  readonly unknown: readonly UnknownPart[];
}

export async function run(context: Context, options: OptionValues<typeof versionOptions>): Promise<ExitCode> {
  const plugin = pluginVersion(context.build, context.platform);
  const answer = options.client ? { versions: { plugin }, unknown: [] } : await ask(context, plugin);
  const exitCode = exitCodeOf(answer.unknown);
  context.streams.out.write(await render(answer, exitCode, toReportFormat(options.output)));
  if (answer.unknown.length > 0) context.streams.errOut.write(await explanation(answer.unknown));
  return exitCode;
}

function pluginVersion(build: Build, platform: string): Versions['plugin'] {
  return { version: `v${build.version}`, node: build.node, platform: `${platform}/${build.arch}` };
}

async function ask(context: Context, plugin: Versions['plugin']): Promise<VersionAnswer> {
  const connection = await settled(context.connection(), isForeseen);
  if (connection instanceof KserveError) {
    const unknown = (['server', 'kserve'] as const).map((part) => ({ part, why: connection }));
    return { versions: { plugin }, unknown };
  }
  const [server, kserve] = await Promise.all([settled(connection.cluster.serverVersion(), isForeseen), askKserve(connection)]);
  return {
    versions: { plugin, server: known(server), ...versionsOf(kserve) },
    unknown: [
      ...(server instanceof KserveError ? [{ part: 'server' as const, why: server }] : []),
      ...(kserve instanceof KserveError ? [{ part: 'kserve' as const, why: kserve }] : whyNotMore(kserve)),
    ],
  };
}

function versionsOf(kserve: FoundVersion | KserveError): Omit<Versions, 'plugin'> {
  if (kserve instanceof KserveError) return {};
  const { version, absentKinds, llmPresets } = kserve;
  return {
    kserve: version,
    absentKinds: unlessEmpty(absentKinds),
    llmPresets: llmPresets instanceof KserveError ? undefined : unlessEmpty(llmPresets),
  };
}

function unlessEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length === 0 ? undefined : list;
}

function whyNotMore({ whyNotExact, llmPresets }: FoundVersion): readonly UnknownPart[] {
  return [
    ...(whyNotExact === undefined ? [] : [{ part: 'kserveExact' as const, why: whyNotExact }]),
    ...(llmPresets instanceof KserveError ? [{ part: 'llmPresets' as const, why: llmPresets }] : []),
  ];
}

async function askKserve(connection: Connection): Promise<KserveError | FoundVersion> {
  const { findKserveVersion } = await import('../../queries/kserve-version.ts');
  return settled(findKserveVersion(connection.cluster), isForeseen);
}

function known<T>(answer: T | KserveError): T | undefined {
  return answer instanceof KserveError ? undefined : answer;
}

/** Misuse and bugs go on as exceptions. */
function isForeseen(error: unknown): error is KserveError {
  return error instanceof KserveError && !(error instanceof UsageError);
}

/** Without the server's version the question is not answered; KServe's is the smaller part of it. */
function exitCodeOf(unknown: readonly UnknownPart[]): ExitCode {
  const parts = unknown.map(({ part }) => part);
  if (parts.includes('server')) return ExitCode.undetermined;
  return parts.includes('kserve') ? ExitCode.partial : ExitCode.ok;
}

async function render({ versions, unknown }: VersionAnswer, exitCode: ExitCode, format: ReportFormat | undefined): Promise<string> {
  if (format === undefined) return textLines(versions);
  const errors = unknown.length > 0 ? unknown.map(toError) : undefined;
  const fields = { apiVersion: REPORT_VERSION, kind: 'VersionReport', ...versions, errors, exitCode };
  const report = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return reportText(report, format);
}

function toError({ part, why }: UnknownPart): object {
  if (typeof why === 'string') return { part, message: why };
  return {
    part,
    ...(why instanceof ClusterError && { reason: why.reason }),
    message: why.message,
    ...(why.hint !== undefined && { hint: why.hint }),
  };
}

function textLines({ plugin, server, kserve, absentKinds, llmPresets }: Versions): string {
  const lines = [`Plugin Version: ${plugin.version}`, `Node.js: ${plugin.node} (${plugin.platform})`];
  if (server !== undefined) lines.push(`Server Version: ${escapeText(server.gitVersion)}`);
  if (kserve !== undefined) lines.push(`KServe Version: ${escapeText(kserveText(kserve))}`);
  if (absentKinds !== undefined) lines.push(`KServe Kinds Not Installed: ${absentKinds.join(', ')} (optional)`);
  for (const { namespace, count } of llmPresets ?? []) lines.push(`LLM Presets: ${count} in the namespace ${namespace}`);
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

const NAMES = {
  server: 'the version of the API server',
  kserve: 'the version of KServe',
  kserveExact: 'the exact version of KServe',
  llmPresets: 'which presets of LLMInferenceService there are',
} as const;

/** Parts that are an addition: without them the question is answered. */
const EXTRAS: ReadonlySet<UnknownPart['part']> = new Set(['kserveExact', 'llmPresets']);

/** Each cause once, with what is not known for it. */
async function explanation(unknown: readonly UnknownPart[]): Promise<string> {
  const { failureText } = await import('../../output/failure.ts');
  const reasonOf = ({ part, why }: UnknownPart): string => {
    if (typeof why === 'string') return escapeText(why);
    return EXTRAS.has(part) ? escapeText(why.message) : failureText(why);
  };
  const lines = [...Map.groupBy(unknown, reasonOf)].map(([text, parts]) => {
    const names = parts.map(({ part }) => NAMES[part]);
    const missing = `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} not known`;
    return parts.every(({ part }) => EXTRAS.has(part)) ? `note: ${missing}: ${text}` : `${text}\nnote: ${missing}`;
  });
  return `${lines.join('\n')}\n`;
}
