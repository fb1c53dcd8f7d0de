import type { Evidence, Finding, FindingObject, Fix } from '../../finding.ts';
import { type ModelRequest, toPredictors } from '../../kserve/model.ts';
import { askedBy } from '../../kserve/selection/asked.ts';
import type { Fix as Change } from '../../kserve/selection/fix.ts';
import { type JudgedReason, type JudgedRuntime, type Match, matchRuntimes } from '../../kserve/selection/match.ts';
import { createSelector, type Selector } from '../../kserve/selection/selector.ts';
import { fixText, kindOf } from '../../kserve/selection/words.ts';
import { modelFormatText, type ServingRuntime, toServingRuntime } from '../../kserve/serving-runtime.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf } from '../check.ts';
import type { Facts } from '../facts.ts';
import { isPresent, type Service } from '../service.ts';

/** What KServe has written about its selection. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
}

/** A predictor for which KServe selects nothing: what it asks for, and what KServe would make of it now. */
export interface FailedSelection {
  readonly service: Service;
  readonly match: Match;
  /** Undefined for what is not applied yet. */
  readonly recorded: Failure | undefined;
}

export type SelectionFinding = (failed: FailedSelection) => Finding<Code>;

/** What KServe would select for the service, as far as the runtimes were read; undefined if it selects none for it. */
export function matchOf(service: Service): Match | undefined {
  const { stable } = toPredictors(service.object, 'manifest');
  if (typeof stable === 'string') return undefined;
  const { facts, ref } = service;
  const whole = (kind: string, namespace?: string) => ({ isWhole: facts.isComplete(kind, namespace), askedNames: new Set<string>() });
  const knowledge = { namespace: whole('ServingRuntime', ref.namespace), cluster: whole('ClusterServingRuntime') };
  return matchRuntimes(askedBy(stable), selectorFor(facts, ref.namespace), knowledge, false);
}

const SELECTORS = new WeakMap<Facts, Map<string, Selector>>();

/** Made once for a namespace: many services ask, and each may have a runtime of its own. */
function selectorFor(facts: Facts, namespace: string): Selector {
  const known = SELECTORS.get(facts) ?? new Map<string, Selector>();
  const selector = known.get(namespace) ?? createSelector(runtimesFor(facts, namespace));
  SELECTORS.set(facts, known.set(namespace, selector));
  return selector;
}

/** Runtimes that KServe looks at in a namespace. */
function runtimesFor({ list }: Facts, namespace: string): readonly ServingRuntime[] {
  return [
    ...list('ServingRuntime', namespace).map((object) => toServingRuntime(object, 'namespace')),
    ...list('ClusterServingRuntime').map((object) => toServingRuntime(object, 'cluster')),
  ];
}

const INFO = 'status.modelStatus.lastFailureInfo';

export function recordedEvidence({ service: { ref, object }, recorded }: FailedSelection): readonly Evidence[] {
  // A manifest has no status to quote.
  if (recorded === undefined || !isPresent(object.status)) return [];
  return [evidenceOf(ref, `${INFO}.reason`, recorded.reason), evidenceOf(ref, `${INFO}.message`, recorded.message)];
}

export const RUNTIME = 'spec.predictor.model.runtime';
export const FORMAT = 'spec.predictor.model.modelFormat';

export function runtimeRef(runtime: ServingRuntime): FindingObject {
  const { name, namespace } = runtime;
  return { kind: kindOf(runtime), ...(runtime.scope === 'namespace' && namespace !== undefined && { namespace }), name };
}

export function formatText({ format, version }: ModelRequest): string {
  return modelFormatText({ name: format, ...(version !== undefined && { version }) });
}

/** What was read of a runtime that speaks against it. */
export function reasonEvidence(runtime: ServingRuntime, { reason }: JudgedReason): Evidence {
  const ref = runtimeRef(runtime);
  switch (reason.reason) {
    case 'Disabled':
      return evidenceOf(ref, 'spec.disabled', 'true');
    case 'MultiModel':
      return evidenceOf(ref, 'spec.multiModel', 'true');
    case 'NotAutoSelectable':
      return evidenceOf(ref, 'spec.supportedModelFormats[].autoSelect', 'false');
    case 'ProtocolMismatch':
      return evidenceOf(ref, 'spec.protocolVersions', runtime.protocolVersions.join(', '));
    case 'NotMultiNode':
    case 'MultiNodeOnly':
      return evidenceOf(ref, 'spec.workerSpec', runtime.multiNode ? '<set>' : '<none>');
    case 'FormatMissing':
    case 'VersionMismatch':
      return evidenceOf(ref, 'spec.supportedModelFormats', runtime.supportedModelFormats.map(modelFormatText).join(', '));
    case 'Shadowed':
    case 'Outranked':
      return evidenceOf(runtimeRef(reason.by), 'metadata.name', reason.by.name);
  }
}

/** Changes of which each by itself would do, the first as a patch where it is one of the InferenceService. */
export function fixBy(judged: readonly JudgedRuntime[], others: readonly string[] = []): Fix | undefined {
  const changes = judged.flatMap(({ runtime, reasons }) => reasons.flatMap(({ fix }) => (fix?.chosen ? [{ fix, runtime }] : [])));
  const byField = Map.groupBy(changes, ({ fix, runtime }) => fixText({ ...fix, value: fix.value === null ? null : '' }, runtime));
  const texts = [...[...byField.values()].map(textOfSame), ...others].slice(0, MOST_CHANGES);
  if (texts.length === 0) return undefined;
  const patch = changes[0] && patchOf(changes[0].fix);
  return { text: texts.join(', or '), ...(patch !== undefined && { patch }) };
}

const MOST_CHANGES = 3;

/** Changes of one field, each value once. */
function textOfSame(same: readonly { readonly fix: Change; readonly runtime: ServingRuntime }[]): string {
  const [first] = same;
  const [, ...values] = new Set(same.map(({ fix }) => fix.value));
  return first === undefined ? '' : fixText(first.fix, first.runtime, values);
}

/** As a merge patch; a list cannot be changed by one. */
function patchOf({ target, field, value }: Change): object | undefined {
  if (target !== 'inferenceService' || field.includes('[')) return undefined;
  return field.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
}
