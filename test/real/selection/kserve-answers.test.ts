import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { toModelRequest } from '../../../src/domain/kserve/model.ts';
import { selectRuntime } from '../../../src/domain/kserve/runtime-selection.ts';
import { toServingRuntime } from '../../../src/domain/kserve/serving-runtime.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import type { Kserve } from '../../../tools/control-plane/kserve/kserve.ts';
import { describeKserve } from '../../support/describe-real.ts';
import { kserveAnswer, ourAnswer } from '../../support/selection-answers.ts';
import { SCENES, type SelectionCase, type SelectionScene } from './cases.ts';

const SERVING = '/apis/serving.kserve.io';

describeKserve('selection of runtimes, against a running KServe', (kserve) => {
  for (const scene of SCENES) {
    describe(scene.title, () => {
      let answers: readonly Answer[];
      before(async function () {
        this.timeout(300_000);
        answers = await askKserve(kserve(), scene);
      });
      for (const [index, { title }] of scene.cases.entries()) {
        it(title, () => {
          const { said, before, after } = answers[index] as Answer;
          assert.deepEqual({ before, after }, { before: said, after: said });
        });
      }
    });
  }
});

interface Answer {
  /** The runtime, with its scope, that KServe's status names, or the reason that it gives for none. */
  readonly said: string;
  /** What we say of the manifest. */
  readonly before: string;
  /** What we say of the stored object. */
  readonly after: string;
}

async function askKserve(kserve: Kserve, { runtimes, cases }: SelectionScene): Promise<readonly Answer[]> {
  const namespace = await kserve.createNamespace('selection');
  const path = `${SERVING}/v1beta1/namespaces/${namespace}/inferenceservices`;
  for (const [index, runtime] of runtimes.entries()) {
    // Creation times count in seconds, and the newer one of equals wins.
    if (index > 0) await delay(1_010);
    await kserve.admin.apply({ ...runtime, metadata: { ...runtime.metadata, namespace } });
  }
  const known = await listRuntimes(kserve, namespace);
  const manifests = cases.map((selection, index) => manifest(selection, `service-${index}`, namespace));
  await Promise.all(manifests.map((object) => kserve.admin.apply(object)));
  const stored = await untilAnswered(kserve, path, manifests.length);
  return manifests.map((object) => {
    const service = stored.get(object.metadata.name ?? '') as KubeObject;
    return { said: kserveAnswer(service) ?? 'nothing', before: ours(object, known), after: ours(service, known) };
  });
}

function manifest({ spec, annotations }: SelectionCase, name: string, namespace: string): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name, namespace, ...(annotations && { annotations }) },
    spec,
  };
}

type Runtimes = Parameters<typeof selectRuntime>[1];

async function listRuntimes({ admin }: Kserve, namespace: string): Promise<Runtimes> {
  const namespaced = await admin.get(`${SERVING}/v1alpha1/namespaces/${namespace}/servingruntimes`);
  const cluster = await admin.get(`${SERVING}/v1alpha1/clusterservingruntimes`);
  return [
    ...(namespaced.items as KubeObject[]).map((object) => toServingRuntime(object, 'namespace')),
    ...(cluster.items as KubeObject[]).map((object) => toServingRuntime(object, 'cluster')),
  ];
}

/** Waits until KServe has said something of each of `count` services; mocha's timeout is the limit. */
async function untilAnswered({ admin }: Kserve, path: string, count: number): Promise<ReadonlyMap<string, KubeObject>> {
  for (;;) {
    const { items } = (await admin.get(path)) as { items: KubeObject[] };
    if (items.length === count && items.every((item) => kserveAnswer(item) !== undefined)) {
      return new Map(items.map((item) => [item.metadata.name ?? '', item]));
    }
    await delay(200);
  }
}

function ours(service: KubeObject, runtimes: Runtimes): string {
  const request = toModelRequest(service);
  assert.ok(request);
  return ourAnswer(selectRuntime(request, runtimes));
}
