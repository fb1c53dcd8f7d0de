import { objectWords, shellCommand } from '../../../text/shell.ts';
import type { Finding, Fix } from '../../finding.ts';
import { listOf, textOf } from '../../kubernetes/json-value.ts';
import { isNewerThan } from '../age.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found } from '../check.ts';
import { at, isPresent, type Service } from '../service.ts';

/** Milliseconds in which a controller that works has written its first status. */
const FIRST_STATUS = 15_000;
/** Milliseconds after which a deletion that still waits for finalizers is worth a word. */
const LONG_DELETION = 60_000;

function stopped({ stopped: isStopped, ref }: Service): readonly Finding<Code>[] {
  if (!isStopped) return [];
  const kind = ref.kind === 'InferenceService' ? 'inferenceservice' : 'llminferenceservice';
  return [
    found('stopped', ref, `${ref.kind} "${ref.name}" is stopped on purpose`, {
      field: 'metadata.annotations[serving.kserve.io/stop]',
      evidence: [evidenceOf(ref, 'metadata.annotations[serving.kserve.io/stop]', 'true')],
      fix: {
        text: 'remove the annotation to start it',
        commands: [shellCommand(['kubectl', 'annotate', ...objectWords(kind, ref.name), '-n', ref.namespace, 'serving.kserve.io/stop-'])],
      },
    }),
  ];
}

function deleting({ object, ref, facts }: Service): readonly Finding<Code>[] {
  const since = textOf(object.metadata.deletionTimestamp);
  if (since === undefined) return [];
  const isLong = !isNewerThan(LONG_DELETION, since, facts.now);
  const names = listOf(object.metadata.finalizers).map((name) => textOf(name) ?? '');
  const finalizers = JSON.stringify(names);
  return [
    found('deleting', ref, `${ref.kind} "${ref.name}" has been terminating since ${since}`, {
      severity: isLong ? 'warning' : 'info',
      evidence: [evidenceOf(ref, 'metadata.deletionTimestamp', since), evidenceOf(ref, 'metadata.finalizers', finalizers)],
      fix: deletionFix(names, ref.kind),
    }),
  ];
}

/** A finalizer says who has something left to do. */
function deletionFix(names: readonly string[], kind: Service['ref']['kind']): Fix | undefined {
  const others = names.filter((name) => !/^(?:llm)?inferenceservice\.finalizers$|^serving\.kserve\.io\//.test(name));
  if (names.length === 0 || others.length === 0) return names.length === 0 ? undefined : controllerFix(kind);
  if (others.every((name) => name === 'foregroundDeletion')) {
    return { text: 'wait: Kubernetes first deletes what belongs to the service; look at what is left of it' };
  }
  return { text: `look at the controllers that have set the finalizers ${others.join(', ')}` };
}

/** Reasons of the Events that KServe's controllers write. */
const CONTROLLER_REASONS: ReadonlySet<string> = new Set(['InternalError', 'Error', 'UpdateFailed', 'ServerlessModeRejected']);

/** Nobody has looked at the service: https://github.com/kserve/kserve/issues/2280 */
function noStatus({ object, ref, facts, stopped: isStopped }: Service): readonly Finding<Code>[] {
  const hasStatus = Object.keys((object.status as object | null | undefined) ?? {}).length > 0;
  // Who writes Events about it has looked at it.
  const isHeard = facts.warningsOf(object).some(({ reason }) => CONTROLLER_REASONS.has(reason));
  if (hasStatus || isHeard || isStopped || isPresent(object.metadata.deletionTimestamp)) return [];
  const evidence = [
    evidenceOf(ref, 'status.conditions', '<none>'),
    evidenceOf(ref, 'metadata.finalizers', JSON.stringify(object.metadata.finalizers ?? [])),
  ];
  if (facts.clockIsExact && isNewerThan(FIRST_STATUS, textOf(object.metadata.creationTimestamp), facts.now)) {
    return [found('loading', ref, `${ref.kind} "${ref.name}" was created a moment ago; KServe has not looked at it yet`, { evidence })];
  }
  return [
    found('controller-not-running', ref, `KServe has never written a status of ${ref.kind} "${ref.name}": its controller does not run`, {
      field: 'status',
      evidence,
      fix: controllerFix(ref.kind),
    }),
  ];
}

function controllerFix(kind: Service['ref']['kind']) {
  const controller = kind === 'InferenceService' ? 'kserve-controller-manager' : 'llmisvc-controller-manager';
  return {
    text: `look at the Deployment ${controller}, in the namespace that KServe is installed in`,
    commands: [`kubectl get deployment ${controller} -n kserve`, `kubectl logs deployment/${controller} -n kserve --tail=50`],
  };
}

/** The controller of LLMInferenceServices says which generation it saw. */
function staleStatus({ object, ref, conditions, facts }: Service): readonly Finding<Code>[] {
  const seen = at(object, 'status', 'observedGeneration');
  const { generation } = object.metadata;
  if (ref.kind !== 'LLMInferenceService' || conditions.length === 0 || typeof seen !== 'number' || typeof generation !== 'number')
    return [];
  if (seen >= generation || !facts.clockIsExact) return [];
  return [
    found('controller-not-running', ref, `KServe has not looked at the newest spec of LLMInferenceService "${ref.name}"`, {
      severity: 'warning',
      evidence: [evidenceOf(ref, 'status.observedGeneration', String(seen)), evidenceOf(ref, 'metadata.generation', String(generation))],
      fix: controllerFix(ref.kind),
    }),
  ];
}

export const STATUS_CHECKS: readonly Check[] = [
  { name: 'controller', codes: ['controller-not-running', 'loading'], needs: [], run: noStatus },
  { name: 'stopped', codes: ['stopped'], needs: [], run: stopped },
  { name: 'deletion', codes: ['deleting'], needs: [], run: deleting },
  { name: 'newest-spec', codes: ['controller-not-running'], needs: [], run: staleStatus },
];
