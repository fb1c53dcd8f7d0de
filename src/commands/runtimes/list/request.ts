import type { Context } from '../../../command/context.ts';
import { parseNamespace } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import { formatFits, protocolFits } from '../../../domain/kserve/runtime-selection.ts';
import type { RuntimeScope, ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { parseLabelSelector } from '../../../domain/kubernetes/label-selector.ts';
import { UsageError } from '../../../errors.ts';
import type { Order } from '../../../output/jsonpath/order.ts';
import type { TemplateOutput } from '../../../output/jsonpath/output.ts';
import type { LabelOptions } from '../../../output/labels.ts';
import { type ListFormat, toOutputFormat } from '../../../output/printer.ts';
import type { runtimesListOptions } from './list.command.ts';

/** What was asked for, checked and completed. */
export interface ListRequest {
  readonly scopes: readonly RuntimeScope[];
  readonly allNamespaces: boolean;
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
  options: OptionValues<typeof runtimesListOptions>,
  { connectionOptions, template }: Pick<Context, 'connectionOptions' | 'template'>,
): Promise<ListRequest> {
  const format = template === undefined ? toOutputFormat(options.output) : 'template';
  if (options.showLabels && format !== 'table' && format !== 'wide') {
    throw new UsageError(`--show-labels option cannot be used with ${options.output} printer`);
  }
  if (options.labelColumns.length > 0 && template?.kind === 'columns') {
    throw new UsageError(`--label-columns option cannot be used with ${options.output} printer`);
  }
  parseLabelSelector(options.selector ?? '');
  if (connectionOptions.namespace) parseNamespace(connectionOptions.namespace);
  return {
    scopes: options.scope === 'namespace' || options.scope === 'cluster' ? [options.scope] : ['namespace', 'cluster'],
    allNamespaces: options.allNamespaces,
    labelSelector: options.selector,
    fieldSelector: options.fieldSelector,
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
    watch: toWatchRequest(options),
  };
}

function toWatchRequest(options: OptionValues<typeof runtimesListOptions>): WatchRequest | undefined {
  const { watch, watchOnly, outputWatchEvents: showsEvents } = options;
  if (watch || watchOnly) return { showsList: !watchOnly, showsEvents };
  if (showsEvents) throw new UsageError('--output-watch-events option can only be used with --watch or --watch-only');
  return undefined;
}

/** Whether it matters which namespace is in use. */
export function asksNamespace({ scopes, allNamespaces }: ListRequest): boolean {
  return scopes.includes('namespace') && !allNamespaces;
}

/** The namespace that a kind is asked for in; undefined: the whole cluster. */
export function namespaceAsked({ allNamespaces }: ListRequest, scope: RuntimeScope, namespace: string): string | undefined {
  return scope === 'cluster' || allNamespaces ? undefined : namespace;
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
