import assert from 'node:assert/strict';
import { toModelRequest } from '../../../src/domain/kserve/model.ts';
import { type Selection, selectRuntime } from '../../../src/domain/kserve/runtime-selection.ts';
import { toServingRuntime } from '../../../src/domain/kserve/serving-runtime.ts';
import { fieldOf, textOf } from '../../../src/domain/kubernetes/json-value.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { recordedFailures } from '../../support/recorded-failures.ts';

const { cluster, failures } = recordedFailures();

describe("selection, against what KServe's status said in a running cluster", () => {
  for (const { name, objects, expected } of failures) {
    const service = objects.find(({ kind, metadata }) => kind === expected.kind && metadata.name === expected.name);
    it(`${name} holds the service that it is about, and the texts to quote`, () => {
      assert.equal(service?.metadata.namespace, expected.namespace);
      for (const text of expected.evidence) assert.ok(JSON.stringify(objects).includes(text), text);
    });

    const said = service && statusOf(service);
    if (service === undefined || said === undefined) continue;
    it(`selects as KServe did: ${name}`, () => {
      const request = toModelRequest(service);
      assert.ok(request);
      const runtimes = [
        ...ofKind(objects, 'ServingRuntime').map((object) => toServingRuntime(object, 'namespace')),
        ...ofKind(cluster, 'ClusterServingRuntime').map((object) => toServingRuntime(object, 'cluster')),
      ];
      assert.equal(wordOf(selectRuntime(request, runtimes)), said);
    });
  }
});

function ofKind(objects: readonly KubeObject[], kind: string): KubeObject[] {
  return objects.filter((object) => object.kind === kind);
}

/** The runtime that KServe chose or why it chose none; undefined where it had not said anything. */
function statusOf(service: KubeObject): string | undefined {
  const status = fieldOf(service, 'status');
  const models = fieldOf(status, 'modelStatus');
  if (fieldOf(models, 'transitionStatus') === 'InvalidSpec') return textOf(fieldOf(fieldOf(models, 'lastFailureInfo'), 'reason'));
  return textOf(fieldOf(status, 'servingRuntimeName')) ?? textOf(fieldOf(status, 'clusterServingRuntimeName'));
}

function wordOf(selection: Selection): string {
  return 'failure' in selection ? selection.failure.reason : selection.chosen.name;
}
