import type { ModelRequest } from './model.ts';
import { modelFormatText, protocolRank, type ServingRuntime } from './serving-runtime.ts';

/** Why KServe selects nothing: `lastFailureInfo.reason` of the InferenceService, and which check failed. */
export type SelectionFailure =
  | { readonly reason: 'RuntimeNotRecognized' }
  | { readonly reason: 'RuntimeDisabled'; readonly runtime: ServingRuntime }
  | { readonly reason: 'NoSupportingRuntime'; readonly check: 'protocol' | 'format'; readonly runtime: ServingRuntime }
  | { readonly reason: 'NoSupportingRuntime'; readonly check: 'all' };

/** What KServe makes of a request and the runtimes that it finds. */
export type Selection =
  | { readonly mode: 'auto' | 'explicit'; readonly chosen: ServingRuntime; readonly candidates: readonly ServingRuntime[] }
  | { readonly mode: 'auto' | 'explicit'; readonly failure: SelectionFailure };

/** What KServe assumes if no protocol is asked for, since 0.12. */
export const DEFAULT_PROTOCOL = 'v1';

/**
 * Selects as KServe 0.15 to 0.20 do. `runtimes` are those of the InferenceService's namespace and the cluster-scoped ones, in any
 * order. https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go
 */
export function selectRuntime(request: ModelRequest, runtimes: readonly ServingRuntime[]): Selection {
  if (request.runtime !== undefined) return selectExplicit(request, request.runtime, runtimes);
  const candidates = runtimeCandidates(request, runtimes);
  const [chosen] = candidates;
  return chosen === undefined
    ? { mode: 'auto', failure: { reason: 'NoSupportingRuntime', check: 'all' } }
    : { mode: 'auto', chosen, candidates };
}

function selectExplicit(request: ModelRequest, name: string, runtimes: readonly ServingRuntime[]): Selection {
  const named = runtimes.filter((runtime) => runtime.name === name);
  // A namespaced runtime hides a cluster-scoped one of its name, even where it does not fit.
  const chosen = named.find(({ scope }) => scope === 'namespace') ?? named[0];
  const failure = chosen === undefined ? { reason: 'RuntimeNotRecognized' as const } : explicitFailure(request, chosen);
  if (failure !== undefined) return { mode: 'explicit', failure };
  return { mode: 'explicit', chosen: chosen as ServingRuntime, candidates: [] };
}

function explicitFailure(request: ModelRequest, runtime: ServingRuntime): SelectionFailure | undefined {
  if (runtime.disabled) return { reason: 'RuntimeDisabled', runtime };
  if (!protocolFits(request.protocol, runtime)) return { reason: 'NoSupportingRuntime', check: 'protocol', runtime };
  if (!formatFits(request, runtime, 'explicit')) return { reason: 'NoSupportingRuntime', check: 'format', runtime };
  return undefined;
}

/**
 * Runtimes that KServe could choose for a request that names none, the best one first: any namespaced one before any other.
 */
export function runtimeCandidates(request: ModelRequest, runtimes: readonly ServingRuntime[]): readonly ServingRuntime[] {
  return runtimes.filter((runtime) => isCandidate(request, runtime)).toSorted((a, b) => compareCandidates(request.format, a, b));
}

/** What decides between two runtimes that fit, the first that tells them apart. */
export type DecidedBy = 'scope' | 'priority' | 'protocol' | 'creationTime' | 'name';

type Compare = (format: string, a: ServingRuntime, b: ServingRuntime) => number;

const CRITERIA: readonly (readonly [DecidedBy, Compare])[] = [
  ['scope', (_, a, b) => Number(a.scope === 'cluster') - Number(b.scope === 'cluster')],
  ['priority', comparePriority],
  ['protocol', (_, a, b) => lowestRank(a) - lowestRank(b)],
  ['creationTime', (_, a, b) => createdAt(b) - createdAt(a)],
  ['name', (_, a, b) => compareText(a.name, b.name)],
];

function compareCandidates(format: string, a: ServingRuntime, b: ServingRuntime): number {
  for (const [, compare] of CRITERIA) {
    const order = compare(format, a, b);
    if (order !== 0) return order;
  }
  return 0;
}

/** What puts the one of two runtimes that fit before the other; undefined if they are the same. */
export function decidedBy(format: string, a: ServingRuntime, b: ServingRuntime): DecidedBy | undefined {
  return CRITERIA.find(([, compare]) => compare(format, a, b) !== 0)?.[0];
}

function isCandidate(request: ModelRequest, runtime: ServingRuntime): boolean {
  return (
    !runtime.disabled &&
    !runtime.multiModel &&
    formatFits(request, runtime, 'auto') &&
    protocolFits(request.protocol ?? DEFAULT_PROTOCOL, runtime) &&
    runtime.multiNode === request.multiNode
  );
}

/** Whether a runtime speaks a protocol; one that lists none is taken to speak all. `undefined` and `''` ask for none. */
export function protocolFits(protocol: string | undefined, runtime: Pick<ServingRuntime, 'protocolVersions'>): boolean {
  const { protocolVersions } = runtime;
  return protocol === undefined || protocol === '' || protocolVersions.length === 0 || protocolVersions.includes(protocol);
}

/**
 * Whether a runtime lists the model format, compared as text. With a version an entry must have exactly that one; an entry without
 * version does not do. In mode `auto` only entries with `autoSelect` count.
 */
export function formatFits(
  request: Pick<ModelRequest, 'format' | 'version'>,
  runtime: Pick<ServingRuntime, 'supportedModelFormats'>,
  mode: 'auto' | 'explicit',
): boolean {
  const wanted = modelFormatText({ name: request.format, ...(request.version !== undefined && { version: request.version }) });
  return runtime.supportedModelFormats
    .filter(({ autoSelect }) => mode === 'explicit' || autoSelect)
    .some((format) => format.name === wanted || modelFormatText(format) === wanted);
}

/** The priority that counts for a format: that of the first entry of its name, whatever its version. */
export function effectivePriority(format: string, runtime: Pick<ServingRuntime, 'supportedModelFormats'>): number | undefined {
  return runtime.supportedModelFormats.find(({ name }) => name === format)?.priority;
}

/** Higher first; a runtime without priority comes after all that have one. */
function comparePriority(format: string, a: ServingRuntime, b: ServingRuntime): number {
  const [first, second] = [effectivePriority(format, a), effectivePriority(format, b)];
  return first === second ? 0 : (second ?? Number.NEGATIVE_INFINITY) - (first ?? Number.NEGATIVE_INFINITY);
}

function lowestRank(runtime: ServingRuntime): number {
  // Infinity is no protocol's rank: `Math.min` of an empty list counts as unknown.
  return Math.min(protocolRank(''), ...runtime.protocolVersions.map(protocolRank));
}

/** Milliseconds; a missing time is older than any. */
function createdAt({ creationTimestamp }: ServingRuntime): number {
  const time = creationTimestamp === undefined ? Number.NaN : Date.parse(creationTimestamp);
  return Number.isNaN(time) ? Number.MIN_SAFE_INTEGER : time;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
