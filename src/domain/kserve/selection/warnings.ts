import { didYouMean } from '../../../text/did-you-mean.ts';
import { fieldOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { isJsonObject } from '../../kubernetes/schema/schema-node.ts';
import { LEGACY_FIELDS } from '../legacy-fields.ts';
import type { ModelRequest } from '../model.ts';
import { type DecidedBy, effectivePriority } from '../runtime-selection.ts';
import type { MalformedField, RuntimeScope, ServingRuntime } from '../serving-runtime.ts';
import { entriesOf } from './reasons.ts';
import type { Selector } from './selector.ts';

/** What is worth knowing of a choice beside the choice itself. */
export type SelectionWarning =
  | { readonly code: 'DecidedByTime' | 'DecidedByName'; readonly chosen: ServingRuntime; readonly second: ServingRuntime }
  /** Up to KServe 0.20 equals among more than 12 are in no fixed order. */
  | { readonly code: 'ManyCandidates'; readonly scope: RuntimeScope; readonly count: number }
  /** The model names no version, and the runtimes that fit list different ones. */
  | { readonly code: 'DifferentVersions'; readonly versions: readonly (readonly [runtime: string, versions: readonly string[]])[] }
  /** KServe's status names a runtime by name, the namespaced one first. */
  | { readonly code: 'NamedWrongly'; readonly namesake: ServingRuntime }
  /** The named runtime has no workers: the controller fails in every reconcile and says nothing. */
  | { readonly code: 'WorkersMissing'; readonly runtime: ServingRuntime }
  /** The named runtime has workers, and only its head is deployed. */
  | { readonly code: 'WorkersIgnored'; readonly runtime: ServingRuntime }
  | { readonly code: 'NoServingContainer'; readonly runtime: ServingRuntime; readonly message: string }
  | { readonly code: 'Malformed'; readonly runtime: ServingRuntime; readonly field: MalformedField }
  /** A field of the predictor beside the one that counts. */
  | { readonly code: 'FieldIgnored' | 'FieldRefused'; readonly field: string; readonly legacyField: string }
  /** Of a predictor that has nothing to serve with. */
  | { readonly code: 'FieldMisspelt'; readonly field: string; readonly meant: string }
  | { readonly code: 'CanaryNeedsStandard'; readonly deploymentMode: string };

/** Up to this many of a scope are sorted stably by KServe 0.12 to 0.20: https://github.com/golang/go/blob/go1.24.0/src/sort/zsortfunc.go */
const SORTED_STABLY = 12;

/** Of a choice among several. */
export function candidateWarnings(
  request: ModelRequest,
  candidates: readonly ServingRuntime[],
  by: DecidedBy | undefined,
): readonly SelectionWarning[] {
  const [chosen, second] = candidates;
  return [
    ...(chosen && second && by === 'creationTime' ? [{ code: 'DecidedByTime' as const, chosen, second }] : []),
    ...(chosen && second && by === 'name' ? [{ code: 'DecidedByName' as const, chosen, second }] : []),
    ...(['namespace', 'cluster'] as const).flatMap((scope) => {
      const count = candidates.filter((candidate) => candidate.scope === scope).length;
      return count > SORTED_STABLY ? [{ code: 'ManyCandidates' as const, scope, count }] : [];
    }),
    ...(request.version === undefined ? differentVersions(request, candidates) : []),
  ];
}

function differentVersions(request: ModelRequest, candidates: readonly ServingRuntime[]): readonly SelectionWarning[] {
  const versions = candidates.map((runtime) => [runtime.name, versionsOf(request, runtime)] as const);
  const isDifferent = new Set(versions.map(([, listed]) => listed.toSorted().join('\0'))).size > 1;
  return isDifferent ? [{ code: 'DifferentVersions', versions }] : [];
}

function versionsOf(request: ModelRequest, runtime: ServingRuntime): readonly string[] {
  const counting = entriesOf(request, runtime).filter(({ autoSelect }) => autoSelect);
  return [...new Set(counting.flatMap(({ version }) => version ?? []))];
}

/** Of the runtime that is chosen. */
export function chosenWarnings(request: ModelRequest, chosen: ServingRuntime, selector: Selector): readonly SelectionWarning[] {
  const namesake = chosen.scope === 'cluster' ? selector.named(chosen.name).find(({ scope }) => scope === 'namespace') : undefined;
  const message = containerMessage(chosen);
  return [
    ...(namesake === undefined ? [] : [{ code: 'NamedWrongly' as const, namesake }]),
    ...(request.multiNode && !chosen.multiNode ? [{ code: 'WorkersMissing' as const, runtime: chosen }] : []),
    ...(!request.multiNode && chosen.multiNode ? [{ code: 'WorkersIgnored' as const, runtime: chosen }] : []),
    ...(message === undefined ? [] : [{ code: 'NoServingContainer' as const, runtime: chosen, message }]),
  ];
}

/** What KServe says when it comes to make the Pod. */
function containerMessage({ containerNames }: ServingRuntime): string | undefined {
  if (containerNames.length === 0) return 'no container configuration found in selected serving runtime';
  if (containerNames.includes('kserve-container')) return undefined;
  return 'failed to find kserve-container in ServingRuntime containers';
}

/** One malformed runtime is enough: KServe cannot read the list that it is in. */
export function malformedWarnings({ runtimes }: Selector): readonly SelectionWarning[] {
  return runtimes.flatMap((runtime) => {
    const [field] = runtime.malformed;
    return field === undefined ? [] : [{ code: 'Malformed' as const, runtime, field }];
  });
}

/** What decided, where there is a number to say. */
export function prioritiesOf(request: ModelRequest, first: ServingRuntime, second: ServingRuntime): readonly (number | undefined)[] {
  return [first, second].map((runtime) => effectivePriority(request.format, runtime));
}

const SERVING_FIELDS = ['model', 'containers', ...LEGACY_FIELDS];

/** Fields of a predictor without model and containers that were probably meant as one of them. */
export function misspeltFields(service: KubeObject): readonly SelectionWarning[] {
  const predictor = fieldOf(service.spec, 'predictor');
  if (!isJsonObject(predictor)) return [];
  return Object.keys(predictor).flatMap((field) => {
    const meant = didYouMean(field, SERVING_FIELDS);
    return meant === undefined || meant === field ? [] : [{ code: 'FieldMisspelt', field, meant }];
  });
}
