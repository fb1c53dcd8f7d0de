import { objectWords, shellCommand } from '../../../text/shell.ts';
import type { Evidence, Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Check, evidenceOf, found } from '../check.ts';
import { annotationOf, nameOf } from '../facts.ts';
import { at, componentOf, componentSpecs, refOf, type Service, SOURCE_URI } from '../service.ts';
import { isInvalidSpec } from './reconcile.ts';

const AUTOSCALER = 'serving.kserve.io/autoscalerClass';

/** The class that scales the service; KServe's default is an HPA. */
function autoscaler(service: Service): string {
  return annotationOf(service.object, AUTOSCALER) ?? 'hpa';
}

function zeroReplicas(service: Service): readonly Finding<Code>[] {
  if (service.stopped || service.deploymentMode === 'Knative' || autoscaler(service) === 'keda') return [];
  return service.deployments
    .filter((deployment) => at(deployment, 'spec', 'replicas') === 0)
    .map((deployment) => {
      const ref = refOf(deployment);
      return found(
        'zero-replicas',
        ref,
        `Deployment ${ref.name} has 0 replicas: nothing serves, though the service may report that it is ready`,
        {
          field: 'spec.replicas',
          evidence: [
            evidenceOf(ref, 'spec.replicas', '0'),
            evidenceOf(service.ref, `metadata.annotations[${AUTOSCALER}]`, annotationOf(service.object, AUTOSCALER) ?? '<unset>'),
          ],
        },
      );
    });
}

/** In Standard mode an HPA scales, and that starts at 1: https://github.com/kserve/kserve/issues/3514 */
function minReplicasIgnored(service: Service): readonly Finding<Code>[] {
  if (
    service.ref.kind !== 'InferenceService' ||
    service.deploymentMode !== 'Standard' ||
    service.stopped ||
    isInvalidSpec(service) ||
    autoscaler(service) !== 'hpa'
  )
    return [];
  return componentSpecs(service)
    .filter(([, spec]) => fieldOf(spec, 'minReplicas') === 0)
    .filter(([name]) => !service.deployments.some((one) => componentOf(one) === name && at(one, 'spec', 'replicas') === 0))
    .map(([name]) => {
      const field = `spec.${name}.minReplicas`;
      const hpa = service.facts
        .list('HorizontalPodAutoscaler', service.ref.namespace)
        .find((one) => nameOf(one) === `${service.ref.name}-${name}`);
      const minimum = textOf(at(hpa, 'spec', 'minReplicas'));
      const read: Evidence[] = hpa === undefined ? [] : [evidenceOf(refOf(hpa), 'spec.minReplicas', minimum ?? '<unset>')];
      return found('min-replicas-ignored', service.ref, `${field} is 0, but KServe keeps 1 replica in Standard mode`, {
        field,
        evidence: [evidenceOf(service.ref, field, '0'), ...read],
      });
    });
}

const DISABLE = 'serving.kserve.io/disable-auto-update';

interface Difference {
  readonly field: string;
  readonly wanted: string;
  readonly running: string;
  readonly at: string;
}

function updateDisabled(service: Service): readonly Finding<Code>[] {
  const { ref, object, ready } = service;
  if (annotationOf(object, DISABLE) !== 'true' || ready?.status !== 'True' || service.stopped) return [];
  const differences = componentSpecs(service).flatMap(([name, spec]) =>
    service.deployments
      .filter((one) => componentOf(one) === name)
      .flatMap((one) => differencesOf(name, spec, one).map((difference) => ({ ...difference, deployment: one }))),
  );
  const isPending = textOf(at(object, 'status', 'modelStatus', 'states', 'targetModelState')) === 'Pending';
  if (differences.length === 0 && !isPending) return [];
  const evidence = differences.flatMap((one) => [
    evidenceOf(ref, one.field, one.wanted),
    evidenceOf(refOf(one.deployment), one.at, one.running),
  ]);
  const [first] = differences;
  const what = first === undefined ? 'a change of its spec or its runtime' : `${first.field} "${first.wanted}"`;
  return [
    found(
      'update-disabled',
      ref,
      `${what} is not rolled out${first === undefined ? '' : `; "${first.running}" still runs`}: ${DISABLE} is "true"`,
      {
        field: `metadata.annotations[${DISABLE}]`,
        evidence: [evidenceOf(ref, `metadata.annotations[${DISABLE}]`, 'true'), ...evidence],
        fix: {
          text: 'remove the annotation; the change is then rolled out',
          commands: [
            shellCommand(['kubectl', 'annotate', ...objectWords('inferenceservice', ref.name), '-n', ref.namespace, `${DISABLE}-`]),
          ],
        },
      },
    ),
  ];
}

/** What the spec asks for and the Deployment does not have: the fields that KServe copies as they are. */
function differencesOf(name: string, spec: unknown, deployment: KubeObject): readonly Difference[] {
  const template = at(deployment, 'spec', 'template');
  const container = listOf(at(template, 'spec', 'containers')).find((one) => fieldOf(one, 'name') === 'kserve-container');
  const model = fieldOf(spec, 'model');
  const pairs: readonly (readonly [field: string, wanted: unknown, at: string, running: unknown])[] = [
    [
      `spec.${name}.model.storageUri`,
      fieldOf(model, 'storageUri'),
      `spec.template.metadata.annotations[${SOURCE_URI}]`,
      fieldOf(at(template, 'metadata', 'annotations'), SOURCE_URI),
    ],
    [
      `spec.${name}.model.image`,
      fieldOf(model, 'image'),
      'spec.template.spec.containers[kserve-container].image',
      fieldOf(container, 'image'),
    ],
    [`spec.${name}.minReplicas`, minReplicas(spec), 'spec.replicas', at(deployment, 'spec', 'replicas')],
    ...['requests', 'limits'].flatMap((kind) => resourcePairs(name, kind, model, container)),
  ];
  return pairs.flatMap(([field, wanted, place, running]) => {
    const [asked, has] = [textOf(wanted), textOf(running)];
    if (asked === undefined || asked === '' || has === undefined || asked === has) return [];
    return field.endsWith('minReplicas') && Number(has) >= Number(asked) ? [] : [{ field, wanted: asked, at: place, running: has }];
  });
}

function minReplicas(spec: unknown): unknown {
  const minimum = fieldOf(spec, 'minReplicas');
  return minimum === 0 ? undefined : minimum;
}

function resourcePairs(name: string, kind: string, model: unknown, container: unknown) {
  const wanted = at(model, 'resources', kind);
  return Object.keys((wanted as object | undefined) ?? {}).map(
    (resource) =>
      [
        `spec.${name}.model.resources.${kind}.${resource}`,
        fieldOf(wanted, resource),
        `spec.template.spec.containers[kserve-container].resources.${kind}.${resource}`,
        fieldOf(at(container, 'resources', kind), resource),
      ] as const,
  );
}

export const REPLICA_CHECKS: readonly Check[] = [
  { name: 'replicas', codes: ['zero-replicas'], needs: ['Deployment'], run: zeroReplicas },
  { name: 'auto-update', codes: ['update-disabled'], needs: ['Deployment'], run: updateDisabled },
  { name: 'min-replicas', codes: ['min-replicas-ignored'], needs: [], run: minReplicasIgnored },
];
