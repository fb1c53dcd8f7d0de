import { lookUp } from '../../../text/look-up.ts';
import type { ModelRequest } from '../model.ts';
import { effectivePriority, type Selection, selectRuntime } from '../runtime-selection.ts';
import { protocolRank, type ServingRuntime, type SupportedModelFormat } from '../serving-runtime.ts';
import { entriesOf, type Reason, rejectionReasons } from './reasons.ts';
import type { Selector } from './selector.ts';

/** One change that lifts a reason: a field of the InferenceService or of the runtime, and its value; null removes it. */
export interface Fix {
  readonly target: 'inferenceService' | 'runtime';
  /** Such as `spec.predictor.model.protocolVersion`. */
  readonly field: string;
  readonly value: string | number | boolean | object | null;
  /** Whether this change alone makes the runtime the chosen one. */
  readonly chosen: boolean;
}

/** What is asked for, and how an edit of the InferenceService would change that. */
export interface Asked {
  readonly request: ModelRequest;
  /** Path of the predictor. */
  readonly path: string;
  /** The field from before `model` that the predictor has: it has no place for a version or the name of a runtime. */
  readonly legacyField?: string | undefined;
  /** The request with one of its values replaced, as the webhook would leave it; undefined if it cannot be asked for. */
  readonly changed: <K extends keyof ModelRequest>(key: K, value: ModelRequest[K] | undefined) => ModelRequest | undefined;
}

/** A change that was not tried yet. */
interface Draft {
  readonly fix: Omit<Fix, 'chosen'>;
  readonly request: ModelRequest;
  readonly runtime: ServingRuntime;
}

/** The change that lifts a reason, tried out by selecting again; the first that makes the runtime the chosen one, if one does. */
export function findFix(reason: Reason, runtime: ServingRuntime, asked: Asked, selector: Selector): Fix | undefined {
  const fixes = draftsFor(reason, runtime, asked).flatMap((draft): Fix[] => {
    const chosen = isChosen(draft, runtime, asked, selector);
    return isLifted(reason, draft, chosen, selector) ? [{ ...draft.fix, chosen }] : [];
  });
  return fixes.find(({ chosen }) => chosen) ?? fixes[0];
}

/** A change of the name that the model gives to its runtime; null leaves the choice to KServe. */
export interface NameFix {
  readonly fix: Fix;
  /** The one that is then chosen. */
  readonly runtime: ServingRuntime;
}

/**
 * What helps where the named runtime is not taken: the name that was probably meant, and to name none. `choose` selects again; undefined if
 * nothing is chosen, or nobody can know.
 */
export function nameFixes(
  asked: Asked,
  nearName: string | undefined,
  choose: (request: ModelRequest) => ServingRuntime | undefined,
): readonly NameFix[] {
  if (asked.request.runtime === undefined) return [];
  return [...(nearName === undefined ? [] : [nearName]), undefined].flatMap((name) => {
    const request = asked.changed('runtime', name);
    const runtime = request === undefined ? undefined : choose(request);
    if (runtime === undefined) return [];
    return [{ fix: { target: 'inferenceService', field: fieldOf(asked, 'runtime'), value: toFieldValue(name), chosen: true }, runtime }];
  });
}

function isLifted({ reason }: Reason, { request, runtime }: Draft, chosen: boolean, selector: Selector): boolean {
  if (chosen) return true;
  if (reason === 'Outranked' || (request.runtime !== undefined && isHidden(runtime, selector))) return false;
  return !rejectionReasons(request, runtime).some((other) => other.reason === reason);
}

/** Whether a ServingRuntime has the name of a ClusterServingRuntime. */
export function isHidden({ scope, name }: ServingRuntime, selector: Selector): boolean {
  return scope === 'cluster' && selector.named(name)[0]?.scope === 'namespace';
}

function isChosen({ fix, request, runtime }: Draft, before: ServingRuntime, asked: Asked, selector: Selector): boolean {
  if (fix.target === 'inferenceService') return chosenOf(selector.select(request)) === before;
  return chosenOf(selectRuntime(request, [...rivals(before, asked.request, selector), runtime])) === runtime;
}

/** All that the changed runtime has to come before: of those that fit, the first. */
function rivals(runtime: ServingRuntime, request: ModelRequest, selector: Selector): readonly ServingRuntime[] {
  if (request.runtime !== undefined) return selector.named(request.runtime).filter((other) => other !== runtime);
  const selection = selector.select(request);
  const first = 'chosen' in selection ? selection.candidates.find((other) => other !== runtime) : undefined;
  return first === undefined ? [] : [first];
}

function chosenOf(selection: Selection): ServingRuntime | undefined {
  return 'chosen' in selection ? selection.chosen : undefined;
}

const FIELDS: Readonly<Record<keyof ModelRequest, string>> = {
  format: 'model.modelFormat.name',
  version: 'model.modelFormat.version',
  protocol: 'model.protocolVersion',
  runtime: 'model.runtime',
  multiNode: 'workerSpec',
};

function draftsFor(reason: Reason, runtime: ServingRuntime, asked: Asked): readonly Draft[] {
  switch (reason.reason) {
    case 'Disabled':
      return [ofRuntime(asked, 'spec.disabled', false, { ...runtime, disabled: false })];
    case 'MultiModel':
      return [ofRuntime(asked, 'spec.multiModel', false, { ...runtime, multiModel: false })];
    case 'FormatMissing':
      return reason.near === undefined ? [] : ofService(asked, runtime, 'format', reason.near);
    case 'NotAutoSelectable':
      return [...ofService(asked, runtime, 'runtime', runtime.name), ...autoSelect(asked, runtime)];
    case 'VersionMismatch':
      return [...nearestFirst(reason.versions, asked.request.version), undefined].flatMap((version) =>
        ofService(asked, runtime, 'version', version),
      );
    case 'ProtocolMismatch':
      return reason.protocols
        .toSorted((a, b) => protocolRank(a) - protocolRank(b))
        .flatMap((protocol) => ofService(asked, runtime, 'protocol', protocol));
    case 'NotMultiNode':
      return ofService(asked, runtime, 'multiNode', false);
    case 'MultiNodeOnly':
      return ofService(asked, runtime, 'multiNode', true);
    case 'Outranked':
      return reason.decidedBy === 'priority' ? morePriority(asked, runtime, reason.by) : [];
    case 'Shadowed':
      return [];
  }
}

function ofRuntime({ request }: Asked, field: string, value: Fix['value'], runtime: ServingRuntime): Draft {
  return { fix: { target: 'runtime', field, value }, request, runtime };
}

function ofService<K extends keyof ModelRequest>(
  asked: Asked,
  runtime: ServingRuntime,
  key: K,
  value: ModelRequest[K] | undefined,
): readonly Draft[] {
  const request = asked.changed(key, value);
  if (request === undefined) return [];
  return [{ fix: { target: 'inferenceService', field: fieldOf(asked, key), value: toFieldValue(value) }, request, runtime }];
}

function fieldOf({ path, legacyField }: Asked, key: keyof ModelRequest): string {
  return `${path}.${(lookUp(FIELDS, key) ?? key).replace(/^model\b/, legacyField ?? 'model')}`;
}

/** `workerSpec` is there or not. */
function toFieldValue(value: string | boolean | undefined): Fix['value'] {
  if (value === true) return {};
  return value === false || value === undefined ? null : value;
}

/** Versions that are the same number first: `1` and `1.0`. */
function nearestFirst(versions: readonly string[], wanted: string | undefined): readonly string[] {
  const isSame = (version: string) => Number(version) === Number(wanted);
  return [...new Set([...versions.filter(isSame), ...versions])];
}

/** Where an entry stands in the object; undefined if what was read of the object is not all that is in it. */
function indexOf(runtime: ServingRuntime, entry: SupportedModelFormat | undefined): number | undefined {
  return entry === undefined || runtime.malformed.length > 0 ? undefined : runtime.supportedModelFormats.indexOf(entry);
}

function withEntry(runtime: ServingRuntime, index: number, change: Partial<SupportedModelFormat>): ServingRuntime {
  return {
    ...runtime,
    supportedModelFormats: runtime.supportedModelFormats.map((entry, at) => (at === index ? { ...entry, ...change } : entry)),
  };
}

function autoSelect(asked: Asked, runtime: ServingRuntime): readonly Draft[] {
  return entriesOf(asked.request, runtime).flatMap((entry) => {
    const index = indexOf(runtime, entry);
    if (index === undefined || entry.autoSelect) return [];
    return [ofRuntime(asked, `spec.supportedModelFormats[${index}].autoSelect`, true, withEntry(runtime, index, { autoSelect: true }))];
  });
}

/** KServe refuses two entries of a name with different priorities: only a single one can be changed alone. */
function morePriority(asked: Asked, runtime: ServingRuntime, winner: ServingRuntime): readonly Draft[] {
  const { format } = asked.request;
  const [entry, ...others] = runtime.supportedModelFormats.filter(({ name }) => name === format);
  const index = indexOf(runtime, entry);
  if (index === undefined || others.length > 0) return [];
  const priority = (effectivePriority(format, winner) ?? 0) + 1;
  return [ofRuntime(asked, `spec.supportedModelFormats[${index}].priority`, priority, withEntry(runtime, index, { priority }))];
}
