import type { ModelRequest } from '../model.ts';
import { DEFAULT_PROTOCOL, type DecidedBy, formatFits, protocolFits } from '../runtime-selection.ts';
import { modelFormatText, type ServingRuntime, type SupportedModelFormat } from '../serving-runtime.ts';

/** Why KServe does not take a runtime, each with what a sentence about it needs. */
export type RejectionReason =
  | { readonly reason: 'Disabled' }
  /** For ModelMesh only. */
  | { readonly reason: 'MultiModel' }
  /** No entry has the name. `near` has it in other letter case, or is one edit away. */
  | { readonly reason: 'FormatMissing'; readonly formats: readonly string[]; readonly near?: string }
  /** Entries have the name, but none of those that fit has `autoSelect`. */
  | { readonly reason: 'NotAutoSelectable' }
  /** `versions` are those that entries of the name list; an entry without one adds nothing. */
  | { readonly reason: 'VersionMismatch'; readonly versions: readonly string[] }
  | { readonly reason: 'ProtocolMismatch'; readonly protocols: readonly string[] }
  /** The model has workers, the runtime has none. */
  | { readonly reason: 'NotMultiNode' }
  /** The runtime has workers, the model has none. */
  | { readonly reason: 'MultiNodeOnly' }
  /** A ServingRuntime of the namespace has the name. */
  | { readonly reason: 'Shadowed'; readonly by: ServingRuntime };

/** A runtime that fits, but another one comes first. */
export interface OutrankedReason {
  readonly reason: 'Outranked';
  readonly by: ServingRuntime;
  readonly decidedBy: DecidedBy;
}

export type Reason = RejectionReason | OutrankedReason;

/** Everything that keeps a runtime from serving a request, but for the order of those that fit. */
export function rejectionReasons(request: ModelRequest, runtime: ServingRuntime): readonly RejectionReason[] {
  return request.runtime === undefined ? automaticReasons(request, runtime) : explicitReasons(request, runtime);
}

function automaticReasons(request: ModelRequest, runtime: ServingRuntime): readonly RejectionReason[] {
  return [
    ...when(runtime.disabled, { reason: 'Disabled' }),
    ...when(runtime.multiModel, { reason: 'MultiModel' }),
    ...formatReasons(request, runtime, 'auto'),
    ...when(!protocolFits(request.protocol ?? DEFAULT_PROTOCOL, runtime), {
      reason: 'ProtocolMismatch',
      protocols: runtime.protocolVersions,
    }),
    ...when(request.multiNode && !runtime.multiNode, { reason: 'NotMultiNode' }),
    ...when(!request.multiNode && runtime.multiNode, { reason: 'MultiNodeOnly' }),
  ];
}

function explicitReasons(request: ModelRequest, runtime: ServingRuntime): readonly RejectionReason[] {
  return [
    ...when(runtime.disabled, { reason: 'Disabled' }),
    ...when(!protocolFits(request.protocol, runtime), { reason: 'ProtocolMismatch', protocols: runtime.protocolVersions }),
    ...formatReasons(request, runtime, 'explicit'),
  ];
}

function when(condition: boolean, reason: RejectionReason): readonly RejectionReason[] {
  return condition ? [reason] : [];
}

function formatReasons(request: ModelRequest, runtime: ServingRuntime, mode: 'auto' | 'explicit'): readonly RejectionReason[] {
  if (formatFits(request, runtime, mode)) return [];
  const entries = entriesOf(request, runtime);
  if (entries.length === 0) return [missing(request, runtime)];
  const isVersionWrong = !formatFits(request, runtime, 'explicit');
  return [
    ...when(isVersionWrong, { reason: 'VersionMismatch', versions: entries.flatMap(({ version }) => version ?? []) }),
    // A version that fits would not help where no entry of the name is chosen by itself.
    ...when(mode === 'auto' && (!isVersionWrong || !entries.some(({ autoSelect }) => autoSelect)), { reason: 'NotAutoSelectable' }),
  ];
}

/** Entries of the name, whatever their version. A name may hold a colon: `a:1` is version 1 of `a` as well. */
export function entriesOf(
  { format, version }: Pick<ModelRequest, 'format' | 'version'>,
  { supportedModelFormats }: Pick<ServingRuntime, 'supportedModelFormats'>,
): readonly SupportedModelFormat[] {
  const wanted = version === undefined ? format : `${format}:${version}`;
  return supportedModelFormats.filter((entry) => entry.name === format || entry.name === wanted || modelFormatText(entry) === wanted);
}

function missing({ format }: ModelRequest, runtime: ServingRuntime): RejectionReason {
  const formats = [...new Set(runtime.supportedModelFormats.map(({ name }) => name))];
  const near = formats.find((name) => distance(format, name) === 1) ?? formats.find((name) => distance(format, name) === 2);
  return { reason: 'FormatMissing', formats, ...(near !== undefined && { near }) };
}

/** How far a name is from the one asked for: 0 the same, 1 in other letter case, 2 one edit away, 3 another. */
export function distance(format: string, name: string): 0 | 1 | 2 | 3 {
  if (format === name) return 0;
  const [a, b] = [format.toLowerCase(), name.toLowerCase()];
  if (a === b) return 1;
  return isOneEdit(a, b) ? 2 : 3;
}

/** Whether one letter more, less or different, or two neighbours swapped, make the one word the other; two different words. */
function isOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  // A number is no slip: llama2 and llama3 are two things.
  if (isDigit(long[start]) || isDigit(short[start])) return false;
  if (short.slice(start) === long.slice(start + 1)) return true;
  if (short.length < long.length) return false;
  if (short.slice(start + 1) === long.slice(start + 1)) return true;
  return short[start] === long[start + 1] && short[start + 1] === long[start] && short.slice(start + 2) === long.slice(start + 2);
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
