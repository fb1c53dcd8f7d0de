import assert from 'node:assert/strict';
import { toModelRequest } from '../../../src/domain/kserve/model.ts';
import { selectRuntime } from '../../../src/domain/kserve/runtime-selection.ts';
import { toServingRuntime } from '../../../src/domain/kserve/serving-runtime.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { recordedFailures } from '../../support/recorded-failures.ts';
import { kserveAnswer, ourAnswer } from '../../support/selection-answers.ts';

const { cluster, failures } = recordedFailures();

describe("selection, against what KServe's status said in a running cluster", () => {
  for (const { name, objects, expected } of failures) {
    const service = objects.find(({ kind, metadata }) => kind === expected.kind && metadata.name === expected.name);
    it(`${name} holds the service that it is about, and the texts to quote`, () => {
      assert.equal(service?.metadata.namespace, expected.namespace);
      for (const text of expected.evidence) assert.ok(JSON.stringify(objects).includes(text), text);
    });

    const said = service && kserveAnswer(service);
    if (service === undefined || said === undefined) continue;
    it(`selects as KServe did: ${name}`, () => {
      const request = toModelRequest(service);
      assert.ok(request);
      const runtimes = [
        ...ofKind(objects, 'ServingRuntime').map((object) => toServingRuntime(object, 'namespace')),
        ...ofKind(cluster, 'ClusterServingRuntime').map((object) => toServingRuntime(object, 'cluster')),
      ];
      assert.equal(ourAnswer(selectRuntime(request, runtimes)), said);
    });
  }
});

function ofKind(objects: readonly KubeObject[], kind: string): KubeObject[] {
  return objects.filter((object) => object.kind === kind);
}
