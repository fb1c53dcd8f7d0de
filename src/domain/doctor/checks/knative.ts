import type { Finding } from '../../finding.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf } from '../check.ts';
import { labelOf } from '../facts.ts';
import { conditionsOf, refOf, type Service } from '../service.ts';
import { refusalFinding } from './refusal.ts';

/** Reasons of Knative that only say that a Pod is not there yet. */
const SYMPTOMS: ReadonlySet<string> = new Set([
  'Deploying',
  'ResolvingDigests',
  'ContainerMissing',
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
    if (first !== undefined) return [refused(first.object, first.condition)];
  }
  return copiedCondition(service);
}

function refused(object: Parameters<typeof refOf>[0], { type, reason, message }: ReturnType<typeof conditionsOf>[number]): Finding<Code> {
  const ref = refOf(object);
  const field = `status.conditions[${type}]`;
  return refusalFinding({
    text: message || reason,
    object: ref,
    field,
    evidence: [evidenceOf(ref, `${field}.message`, message || reason)],
    what: `a Pod of ${ref.kind} ${ref.name}`,
    otherwise: 'revision-failed',
  });
}

/** KServe copies the conditions of the Configuration and the Route. */
function copiedCondition({ ref, conditions }: Service): readonly Finding<Code>[] {
  const copy = conditions.find(
    ({ type, status, message }) => /(?:Configuration|Route)s?Ready$/.test(type) && status === 'False' && message !== '',
  );
  return copy === undefined ? [] : [refused({ kind: ref.kind, metadata: { name: ref.name, namespace: ref.namespace } }, copy)];
}

export const KNATIVE_CHECKS: readonly Check[] = [
  { name: 'revisions', codes: ['revision-failed', 'image-pull'], needs: [], run: revisionFailed },
];
