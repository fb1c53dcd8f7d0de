import type { Context } from '../../../command/context.ts';
import { parseNamespaces } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import { formatFits, protocolFits } from '../../../domain/kserve/runtime-selection.ts';
import type { RuntimeScope, ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { parseLabelSelector } from '../../../domain/kubernetes/label-selector.ts';
import { UsageError } from '../../../errors.ts';
import type { Order } from '../../../output/jsonpath/order.ts';
import type { TemplateOutput } from '../../../output/jsonpath/output.ts';
import type { LabelOptions } from '../../../output/labels.ts';
import { type ListFormat, toOutputFormat } from '../../../output/printer.ts';
import type { RuntimePlace } from '../../../queries/runtimes.ts';
import { type NamedRuntime, parseRuntime } from '../reading/named-runtime.ts';
import type { runtimesListOptions } from './list.command.ts';

/** What was asked for, checked and completed. */
export interface ListRequest {
  readonly scopes: readonly RuntimeScope[];
  readonly allNamespaces: boolean;
  /** Of `-n`; undefined: the one in use. */
  readonly namespaces: readonly string[] | undefined;
  /** Those to show; all if empty. */
  readonly names: readonly NamedRuntime[];
  readonly ignoreNotFound: boolean;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
  /** Of `--sort-by`; undefined: as the server lists them. */
  readonly order: Order | undefined;
  readonly showKind: boolean;
  readonly modelFormat: string | undefined;
  readonly protocol: string | undefined;
  readonly chunkSize: number;
  readonly format: ListFormat;
  /** Of the format `template`. */
  readonly template: TemplateOutput | undefined;
  readonly allowMissingKeys: boolean;
  readonly headers: boolean;
  readonly labels: LabelOptions;
  /** Undefined: the list is all. */
  readonly watch: WatchRequest | undefined;
}

/** How changes are shown. */
export interface WatchRequest {
  /** What there is already is shown first. */
  readonly showsList: boolean;
  /** What happened is shown with each object. */
  readonly showsEvents: boolean;
}

/** Checks what the option model cannot say. Rejects with a UsageError. */
export async function toListRequest(
  options: Options,
  words: readonly string[],
  { connectionOptions, template }: Pick<Context, 'connectionOptions' | 'template'>,
): Promise<ListRequest> {
  const format = template === undefined ? toOutputFormat(options.output) : 'template';
  checkLabels(options, format, template);
  parseLabelSelector(options.selector ?? '');
  const watch = toWatchRequest(options);
  return {
    ...toSelection(options, words, watch),
    namespaces: connectionOptions.namespace ? parseNamespaces(connectionOptions.namespace) : undefined,
    ignoreNotFound: options.ignoreNotFound,
    allNamespaces: options.allNamespaces,
    labelSelector: options.selector,
    order: options.sortBy === undefined ? undefined : (await import('../../../output/jsonpath/order.ts')).orderBy(options.sortBy),
    showKind: options.showKind,
    modelFormat: parseModelFormat(options.modelFormat),
    protocol: options.protocol,
    chunkSize: options.chunkSize,
    format,
    template,
    allowMissingKeys: options.allowMissingTemplateKeys,
    headers: !options.noHeaders,
    labels: { labelColumns: options.labelColumns, showLabels: options.showLabels },
    watch,
  };
}

type Options = OptionValues<typeof runtimesListOptions>;

/** @throws UsageError */
function checkLabels({ output, showLabels, labelColumns }: Options, format: ListFormat, template: TemplateOutput | undefined): void {
  if (showLabels && format !== 'table' && format !== 'wide') {
    throw new UsageError(`--show-labels option cannot be used with ${output} printer`);
  }
  if (labelColumns.length > 0 && template?.kind === 'columns') {
    throw new UsageError(`--label-columns option cannot be used with ${output} printer`);
  }
}

const SCOPES: readonly RuntimeScope[] = ['namespace', 'cluster'];

/** What of all there is: kinds, names, and what the server selects by. @throws UsageError */
function toSelection(
  options: Options,
  words: readonly string[],
  watch: WatchRequest | undefined,
): Pick<ListRequest, 'scopes' | 'names' | 'fieldSelector'> {
  const allowed = SCOPES.filter((scope) => options.scope === scope || options.scope === 'all');
  const names = parseNames(words, allowed, options);
  const scopes = names.length === 0 ? allowed : allowed.filter((scope) => names.some((named) => named.scopes.includes(scope)));
  const [first, ...others] = names;
  if (watch === undefined || first === undefined) return { scopes, names, fieldSelector: options.fieldSelector };
  if (others.length > 0) throw new UsageError('watch is only supported for one name, or for all');
  // What is watched is a list, be it of one.
  return { scopes, names: [], fieldSelector: `metadata.name=${first.name}` };
}

function toWatchRequest(options: Options): WatchRequest | undefined {
  const { watch, watchOnly, outputWatchEvents: showsEvents } = options;
  if (watch || watchOnly) return { showsList: !watchOnly, showsEvents };
  if (showsEvents) throw new UsageError('--output-watch-events option can only be used with --watch or --watch-only');
  return undefined;
}

/** @throws UsageError */
function parseNames(
  words: readonly string[],
  scopes: readonly RuntimeScope[],
  { selector, fieldSelector, allNamespaces, scope }: Options,
): readonly NamedRuntime[] {
  if (words.length === 0) return [];
  if (selector !== undefined || fieldSelector !== undefined) throw new UsageError('name cannot be provided when a selector is specified');
  if (allNamespaces) throw new UsageError('a resource cannot be retrieved by name across all namespaces');
  return words.map((word) => {
    const named = parseRuntime(word);
    const kept = named.scopes.filter((one) => scopes.includes(one));
    if (kept.length === 0) throw new UsageError(`${JSON.stringify(word)} is not of --scope=${scope}`);
    return { ...named, scopes: kept };
  });
}

/** One object was asked for, not a list. */
export function isSingle({ names: [first, ...others], namespaces }: Pick<ListRequest, 'names' | 'namespaces'>): boolean {
  return others.length === 0 && first?.scopes.length === 1 && (namespaces?.length ?? 1) === 1;
}

/** Whether it matters which namespace is in use. */
export function asksNamespace({ scopes, allNamespaces }: ListRequest): boolean {
  return scopes.includes('namespace') && !allNamespaces;
}

/** Whether namespaced runtimes may be of several namespaces. */
export function isSpread({ allNamespaces, namespaces = [] }: Pick<ListRequest, 'allNamespaces' | 'namespaces'>): boolean {
  return allNamespaces || namespaces.length > 1;
}

/** Where runtimes are asked for. */
export function placesOf({ scopes, allNamespaces }: ListRequest, namespaces: readonly string[]): readonly RuntimePlace[] {
  const everywhere = (scope: RuntimeScope): RuntimePlace => ({ scope, namespace: undefined });
  return scopes.flatMap((scope) =>
    scope === 'cluster' || allNamespaces ? [everywhere(scope)] : namespaces.map((namespace) => ({ scope, namespace })),
  );
}

/** Whether the request asks what serves a model, and not only what there is. */
export function isFiltered({ modelFormat, protocol }: Pick<ListRequest, 'modelFormat' | 'protocol'>): boolean {
  return modelFormat !== undefined || protocol !== undefined;
}

/** Whether KServe would use the runtime for an InferenceService that names it: `autoSelect` is not needed, but it must be enabled. */
export function isWanted(runtime: ServingRuntime, filter: Pick<ListRequest, 'modelFormat' | 'protocol'>): boolean {
  return !isFiltered(filter) || (!runtime.disabled && fits(runtime, filter));
}

/** Whether the runtime lists the model format and the protocol, enabled or not. */
export function fits(runtime: ServingRuntime, { modelFormat, protocol }: Pick<ListRequest, 'modelFormat' | 'protocol'>): boolean {
  return protocolFits(protocol, runtime) && (modelFormat === undefined || formatFits({ format: modelFormat }, runtime, 'explicit'));
}

/** `NAME[:VERSION]` as it is: both may hold anything, so only a missing name can be detected. @throws UsageError */
function parseModelFormat(text: string | undefined): string | undefined {
  if (text?.startsWith(':') !== true) return text;
  throw new UsageError(`invalid argument ${JSON.stringify(text)} for "--model-format" flag: there is no name before the colon`);
}
