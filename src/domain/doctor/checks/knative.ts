import type { Finding } from '../../finding.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found, headline, sentence } from '../check.ts';
import { type Facts, labelOf } from '../facts.ts';
import { IMAGE_REASONS } from '../pods/images.ts';
import { unscheduledFinding } from '../pods/scheduling.ts';
import { type Condition, conditionsOf, refOf, type Service } from '../service.ts';
import { refusalFinding } from './refusal.ts';

/** Reasons of Knative that only say that a Pod is not there yet. */
const SYMPTOMS: ReadonlySet<string> = new Set([
  'Deploying',
  'ResolvingDigests',
  'NoTraffic',
  'Unknown',
  '',
  'RevisionMissing',
  'Uninitialized',
  'IngressNotConfigured',
]);
const KINDS = ['Revision', 'Configuration', 'Route'];

/** Knative's own words, where no Pod says it better: https://knative.dev/docs/serving/troubleshooting/debugging-application-issues/ */
function revisionFailed(service: Service): readonly Finding<Code>[] {
  if (service.deploymentMode !== 'Knative' || service.stopped) return [];
  for (const kind of KINDS) {
    const own = service.facts
      .list(kind, service.ref.namespace)
      .filter((object) => labelOf(object, 'serving.kserve.io/inferenceservice') === service.ref.name);
    const failed = own.flatMap((object) =>
      conditionsOf(object)
        .filter(({ type, status, reason }) => type !== 'Active' && status === 'False' && !SYMPTOMS.has(reason))
        .map((condition) => ({ object, condition })),
    );
    const [first] = failed;
    if (first !== undefined) return [conditionFinding(first.object, first.condition, service.facts)];
  }
  return copiedCondition(service);
}

/** Each kind of object wraps the words of the one below it. */
const WRAPPED = /^(?:Configuration "[^"]*" does not have any ready Revision|Revision "[^"]*" failed with message): /;
const UNSCHEDULED = /nodes are available|no nodes available|persistentvolumeclaim "/;
const ENDED = /^Container failed with: ?/;

/** What a Pod would say by itself, were it still there: Knative takes away those that do not start. */
function conditionFinding(object: KubeObject, { type, reason, message }: Condition, facts: Facts): Finding<Code> {
  const ref = refOf(object);
  const text = (message || reason).replace(WRAPPED, '');
  const field = `status.conditions[${type}]`;
  const evidence = [evidenceOf(ref, `${field}.message`, message || reason)];
  if (reason === 'Unschedulable' || UNSCHEDULED.test(text)) {
    return unscheduledFinding({ pod: object, facts }, { text, reason, evidence, field });
  }
  if (IMAGE_REASONS.has(reason)) {
    return found('image-pull', ref, `an image of ${ref.kind} ${ref.name} cannot be pulled: ${sentence(text)}`, { field, evidence });
  }
  if (/^ExitCode\d+$/.test(reason) || ENDED.test(text)) {
    const words = headline(text.replace(ENDED, '')) || 'it says nothing';
    const code = reason.startsWith('ExitCode') ? `exit code ${reason.slice('ExitCode'.length)}` : 'an error';
    return found('crash', ref, `the container of ${ref.kind} ${ref.name} ends with ${code}: ${words}`, { field, evidence });
  }
  return refusalFinding({ text, object: ref, field, evidence, what: `a Pod of ${ref.kind} ${ref.name}`, otherwise: 'revision-failed' });
}

/** KServe copies the conditions of the Configuration and the Route. */
function copiedCondition({ ref, conditions, facts }: Service): readonly Finding<Code>[] {
  const copy = conditions.find(
    ({ type, status, message }) => /(?:Configuration|Route)s?Ready$/.test(type) && status === 'False' && message !== '',
  );
  return copy === undefined
    ? []
    : [conditionFinding({ kind: ref.kind, metadata: { name: ref.name, namespace: ref.namespace } }, copy, facts)];
}

export const KNATIVE_CHECKS: readonly Check[] = [
  { name: 'revisions', codes: ['revision-failed', 'image-pull', 'crash'], needs: [], run: revisionFailed },
];
