import fc from 'fast-check';
import { type ModelRequest, withValue } from '../../../../src/domain/kserve/model.ts';
import type { Asked } from '../../../../src/domain/kserve/selection/fix.ts';
import type { Knowledge } from '../../../../src/domain/kserve/selection/match.ts';
import type { ServingRuntime, SupportedModelFormat } from '../../../../src/domain/kserve/serving-runtime.ts';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const protocols = fc.constantFrom('v1', 'v2', 'grpc-v1', 'grpc-v2', 'foo');
const versions = fc.constantFrom('1', '1.0', '2', '');

/** What is undefined is absent. */
function withoutUndefined<T>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

const entry = fc
  .record({
    name: fc.constantFrom('sklearn', 'SKLearn', 'sklear', 'vLLM', 'triton', 'sklearn:1'),
    version: maybe(versions),
    autoSelect: fc.boolean(),
    priority: maybe(fc.integer({ min: 1, max: 3 })),
  })
  .map((fields) => withoutUndefined<SupportedModelFormat>(fields));

const rarely = fc.integer({ min: 0, max: 7 }).map((number) => number === 0);

const runtime = fc
  .record({
    scope: fc.constantFrom('namespace' as const, 'cluster' as const),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    creationTimestamp: maybe(fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')),
    supportedModelFormats: fc.array(entry, { maxLength: 3 }),
    protocolVersions: fc.array(protocols, { maxLength: 3 }),
    disabled: rarely,
    multiModel: rarely,
    multiNode: rarely,
  })
  .map((fields) => withoutUndefined<ServingRuntime>({ ...fields, labels: {}, containerNames: ['kserve-container'], malformed: [] }));

/** Runtimes of a namespace and of the cluster: each name once in its scope. */
export const someRuntimes = fc.uniqueArray(runtime, { maxLength: 8, selector: ({ scope, name }) => `${scope}/${name}` });

/** What a model may ask for. */
export const someRequest = fc
  .record({
    format: fc.constantFrom('sklearn', 'vllm', 'triton'),
    version: maybe(versions),
    protocol: maybe(protocols),
    runtime: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined, freq: 3 }),
    multiNode: rarely,
  })
  .map((request) => withoutUndefined<ModelRequest>(request));

/** A stored predictor that asks for `request`. */
export function asking(request: ModelRequest): Asked {
  return {
    request,
    path: 'spec.predictor',
    changed: (key, value) => withValue(request, key, value),
  };
}

/** All runtimes were read. */
export const WHOLE: Knowledge = {
  namespace: { isWhole: true, askedNames: new Set() },
  cluster: { isWhole: true, askedNames: new Set() },
};
