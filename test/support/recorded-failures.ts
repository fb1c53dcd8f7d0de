import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';

/** An InferenceService or LLMInferenceService that fails (or does not), and all that the API server held in its namespace at that moment. */
export interface RecordedFailure {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly expected: ExpectedFailure;
}

interface ExpectedFailure {
  /** Of the root, in the catalogue of findings; `ok` where nothing is wrong. */
  readonly code: string;
  readonly kind: 'InferenceService' | 'LLMInferenceService';
  readonly namespace: string;
  readonly name: string;
  /** Texts of the objects that whoever reports the root must quote. */
  readonly evidence: readonly string[];
}

const FILE = new URL('../fixtures/recorded-failures.json.gz', import.meta.url);

interface List {
  readonly items: readonly KubeObject[];
}

/** The failures, and what their clusters had in common: nodes, ClusterServingRuntimes, storage containers, webhooks, KServe's ConfigMap. */
export function recordedFailures(): { readonly cluster: readonly KubeObject[]; readonly failures: readonly RecordedFailure[] } {
  const { _cluster, ...recorded } = JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as { _cluster: { objects: List } } & Record<
    string,
    { objects: List; expected: ExpectedFailure }
  >;
  const failures = Object.entries(recorded).map(([name, { objects, expected }]) => ({ name, objects: objects.items, expected }));
  return { cluster: _cluster.objects.items, failures };
}
