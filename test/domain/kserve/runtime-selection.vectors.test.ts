import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { toModelRequest } from '../../../src/domain/kserve/model.ts';
import { type Selection, type SelectionFailure, selectRuntime } from '../../../src/domain/kserve/runtime-selection.ts';
import { toServingRuntime } from '../../../src/domain/kserve/serving-runtime.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';

const VECTORS = new URL('../../fixtures/selection-vectors.jsonl.gz', import.meta.url);

interface Vector {
  readonly id: string;
  readonly servingRuntimes: readonly KubeObject[];
  readonly clusterServingRuntimes: readonly KubeObject[];
  readonly inferenceService: KubeObject;
  readonly expected: Readonly<Record<string, unknown>>;
}

describe('selection, against the answers of KServe v0.20.0', () => {
  it('agrees with all vectors', () => {
    const lines = gunzipSync(readFileSync(VECTORS)).toString().trim().split('\n');
    assert.equal(lines.length, 600);
    for (const line of lines) {
      const vector = JSON.parse(line) as Vector;
      const { error: _, ...expected } = vector.expected;
      assert.deepEqual(answer(vector), expected, vector.id);
    }
  });
});

function answer({ servingRuntimes, clusterServingRuntimes, inferenceService }: Vector): object {
  const request = toModelRequest(inferenceService);
  if (request === undefined) return { mode: 'no-model', candidates: [] };
  const runtimes = [
    ...servingRuntimes
      .filter(({ metadata }) => metadata.namespace === inferenceService.metadata.namespace)
      .map((object) => toServingRuntime(object, 'namespace')),
    ...clusterServingRuntimes.map((object) => toServingRuntime(object, 'cluster')),
  ];
  const { format, version, protocol } = request;
  return {
    format,
    ...(version !== undefined && { version }),
    ...(protocol !== undefined && { protocol }),
    ...toExpected(selectRuntime(request, runtimes)),
  };
}

function toExpected(selection: Selection): object {
  const { mode } = selection;
  if ('failure' in selection) return { mode, candidates: [], failure: failureText(selection.failure) };
  const { chosen, candidates } = selection;
  return { mode, candidates: candidates.map(({ name }) => name), chosen: chosen.name, ...(mode === 'explicit' && { scope: chosen.scope }) };
}

function failureText(failure: SelectionFailure): string {
  return 'check' in failure && failure.check !== 'all' ? `${failure.reason}/${failure.check}` : failure.reason;
}
