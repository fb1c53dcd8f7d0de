import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import { parseNamespace } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import type { KubeObject } from '../../../domain/kubernetes/resource.ts';
import { UsageError } from '../../../errors.ts';
import { lookUp } from '../../../text/look-up.ts';
import type { runtimesMatchOptions } from './match.command.ts';
import { MATCH_FORMATS, type MatchFormat } from './output-format.ts';

/** A stored object that is named on the command line. */
export interface NamedService {
  readonly kind: ServiceKind;
  readonly name: string;
}

export type ServiceKind = 'InferenceService' | 'LLMInferenceService';

/** What was asked for, checked and completed. */
export interface MatchRequest {
  readonly names: readonly NamedService[];
  readonly paths: readonly string[];
  readonly recursive: boolean;
  readonly offline: boolean;
  readonly allNamespaces: boolean;
  /** The InferenceService that `--model-format` stands for. */
  readonly model: KubeObject | undefined;
  /** Of `-n`. */
  readonly namespace: string | undefined;
  readonly showsAll: boolean;
  readonly headers: boolean;
  readonly format: MatchFormat;
  readonly quiet: boolean;
}

type Options = OptionValues<typeof runtimesMatchOptions>;

/** Checks what the option model cannot say. @throws UsageError */
export function toMatchRequest(options: Options, words: readonly string[], connection: ConnectionOptions): MatchRequest {
  const names = words.flatMap((word) => word.split(',')).map(parseService);
  refuseCombinations(options, names);
  return {
    names,
    paths: options.filename,
    recursive: options.recursive,
    offline: options.offline,
    allNamespaces: options.allNamespaces,
    model: options.modelFormat === undefined ? undefined : toModel(options, options.modelFormat),
    namespace: connection.namespace ? parseNamespace(connection.namespace) : undefined,
    showsAll: options.all,
    headers: !options.noHeaders,
    quiet: options.quiet > 0,
    format: MATCH_FORMATS.find((format) => format === options.output) ?? 'table',
  };
}

function refuseCombinations(options: Options, names: readonly NamedService[]): void {
  const refused = COMBINATIONS.find(([isRefused]) => isRefused(options, names.length > 0));
  if (refused !== undefined) throw new UsageError(refused[1]);
}

const COMBINATIONS: readonly (readonly [isRefused: (options: Options, hasNames: boolean) => boolean, message: string])[] = [
  [({ modelFormat, protocol }) => protocol !== undefined && modelFormat === undefined, '--protocol can only be used with --model-format'],
  [({ modelFormat, runtime }) => runtime !== undefined && modelFormat === undefined, '--runtime can only be used with --model-format'],
  [({ modelFormat, multiNode }) => multiNode && modelFormat === undefined, '--multi-node can only be used with --model-format'],
  [
    ({ modelFormat }, hasNames) => modelFormat !== undefined && hasNames,
    '--model-format stands for an InferenceService: give no names with it',
  ],
  [({ modelFormat, allNamespaces }) => modelFormat !== undefined && allNamespaces, '--model-format asks in one namespace: use -n, not -A'],
  [({ allNamespaces }, hasNames) => allNamespaces && hasNames, 'a resource cannot be retrieved by name across all namespaces'],
  [({ offline, filename }) => offline && filename.length === 0, '--offline needs files: give them with -f'],
  [({ recursive, filename }) => recursive && filename.length === 0, '-R can only be used with -f'],
];

const KINDS: Readonly<Record<string, ServiceKind>> = {
  isvc: 'InferenceService',
  inferenceservice: 'InferenceService',
  inferenceservices: 'InferenceService',
  llmisvc: 'LLMInferenceService',
  llminferenceservice: 'LLMInferenceService',
  llminferenceservices: 'LLMInferenceService',
};

/** `NAME`, `isvc/NAME`, `inferenceservices.serving.kserve.io/NAME`. @throws UsageError */
function parseService(word: string): NamedService {
  const [first = '', ...rest] = word.split('/');
  if (rest.length === 0) return { kind: 'InferenceService', name: checkName(first, word) };
  const kind = lookUp(KINDS, first.toLowerCase().replace(/(?:\.v\w+)?\.serving\.kserve\.io$/, ''));
  if (kind === undefined) throw new UsageError(`${JSON.stringify(word)} is not an InferenceService: write NAME or isvc/NAME`);
  return { kind, name: checkName(rest.join('/'), word) };
}

function checkName(name: string, word: string): string {
  if (/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(name)) return name;
  throw new UsageError(`${JSON.stringify(word)} cannot be the name of an InferenceService`);
}

/** What a person would write into a manifest. */
function toModel({ protocol, runtime, multiNode }: Options, modelFormat: string): KubeObject {
  const colon = modelFormat.indexOf(':');
  const name = colon < 0 ? modelFormat : modelFormat.slice(0, colon);
  if (name === '')
    throw new UsageError(`invalid argument ${JSON.stringify(modelFormat)} for "--model-format" flag: there is no name before the colon`);
  const version = colon < 0 ? undefined : modelFormat.slice(colon + 1);
  const model = { modelFormat: { name, version }, protocolVersion: protocol, runtime };
  return { kind: 'InferenceService', metadata: {}, spec: { predictor: { model, ...(multiNode && { workerSpec: {} }) } } };
}
