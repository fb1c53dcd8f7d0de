import type { ConnectionOptions } from '../../cluster/connection-options.ts';
import { parseNamespace } from '../../command/namespace.ts';
import type { OptionValues } from '../../command/option.ts';
import { nameOf } from '../../domain/doctor/facts.ts';
import type { RuntimeKind } from '../../domain/doctor/runtime.ts';
import { isService, type ServiceKind } from '../../domain/doctor/service.ts';
import type { Severity } from '../../domain/finding.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import { UsageError } from '../../errors.ts';
import { parseWait } from '../wait.ts';
import type { doctorOptions } from './doctor.command.ts';
import { DOCTOR_FORMATS } from './output-format.ts';

/** A service or runtime as the command line names it; without a kind either kind of service will do. */
export interface Target {
  readonly kind?: ServiceKind | RuntimeKind | undefined;
  readonly name: string;
}

/** What was asked for, checked. */
export interface DoctorRequest {
  /** Empty: all. */
  readonly targets: readonly Target[];
  readonly files: readonly string[];
  readonly recursive: boolean;
  readonly offline: boolean;
  readonly allNamespaces: boolean;
  readonly now: Date | undefined;
  readonly failOn: Severity;
  /** Milliseconds; undefined: look once. */
  readonly wait: number | undefined;
  readonly logs: boolean;
  readonly showChain: boolean;
  readonly format: DoctorFormat;
  readonly quiet: boolean;
}

export function isRuntimeTarget({ kind }: Target): boolean {
  return kind === 'ServingRuntime' || kind === 'ClusterServingRuntime';
}

/** The kinds that a target can be of. */
export function kindsOf({ kind }: Target): readonly string[] {
  return kind === undefined ? ['InferenceService', 'LLMInferenceService'] : [kind];
}

/** Whether an object is the one that a target names. */
export function isNamed(object: KubeObject, { kind, name }: Target): boolean {
  return nameOf(object) === name && (kind === undefined ? isService(object) : kind === object.kind);
}

const KINDS: ReadonlyMap<string, ServiceKind | RuntimeKind> = new Map([
  ...['isvc', 'inferenceservice', 'inferenceservices'].map((word) => [word, 'InferenceService'] as const),
  ...['llmisvc', 'llminferenceservice', 'llminferenceservices'].map((word) => [word, 'LLMInferenceService'] as const),
  ...['servingruntime', 'servingruntimes'].map((word) => [word, 'ServingRuntime'] as const),
  ...['clusterservingruntime', 'clusterservingruntimes'].map((word) => [word, 'ClusterServingRuntime'] as const),
]);

/** Checks what the option model cannot say. @throws UsageError */
export function toDoctorRequest(
  options: OptionValues<typeof doctorOptions>,
  words: readonly string[],
  connection: ConnectionOptions,
): DoctorRequest {
  if (connection.namespace) parseNamespace(connection.namespace);
  checkFileFlags(options);
  if (options.allNamespaces && words.length > 0) throw new UsageError('a resource cannot be retrieved by name across all namespaces');
  return {
    targets: words.map(parseTarget),
    files: options.filename,
    recursive: options.recursive || options.offline,
    offline: options.offline,
    allNamespaces: options.allNamespaces,
    now: options.now === undefined ? undefined : parseTime(options.now),
    wait: options.wait === undefined ? undefined : parseWait(options.wait),
    failOn: SEVERITIES.find((severity) => severity === options.failOn) ?? 'error',
    logs: options.logs,
    showChain: options.showChain || options.output === 'wide',
    quiet: options.quiet > 0,
    format: DOCTOR_FORMATS.find((format) => format === options.output) ?? 'text',
  };
}

const SEVERITIES = ['error', 'warning', 'info'] as const;
type DoctorFormat = 'text' | (typeof DOCTOR_FORMATS)[number];

function checkFileFlags({ offline, filename, now, wait, logs }: OptionValues<typeof doctorOptions>): void {
  if (offline && filename.length === 0) throw new UsageError('--offline needs files to look at: give them with -f');
  if (wait !== undefined && filename.length > 0) throw new UsageError('--wait asks a cluster again and again: it cannot be used with -f');
  if (logs && filename.length > 0) throw new UsageError('--logs asks a cluster: it cannot be used with -f');
  if (now !== undefined && !offline) throw new UsageError('--now is for files: use it with --offline');
}

function parseTarget(word: string): Target {
  const [kind = '', name, ...rest] = word.split('/');
  if (name === undefined) return { name: kind };
  const known = KINDS.get(kind.toLowerCase().replace(/\.serving\.kserve\.io$/, ''));
  if (known === undefined || name === '' || rest.length > 0) {
    throw new UsageError(
      `invalid argument ${JSON.stringify(word)}: expected NAME, isvc/NAME, llmisvc/NAME, servingruntime/NAME or clusterservingruntime/NAME`,
    );
  }
  return { kind: known, name };
}

function parseTime(text: string): Date {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(`invalid argument ${JSON.stringify(text)} for "--now" flag: expected a time such as 2026-11-29T12:00:00Z`);
  return new Date(time);
}
