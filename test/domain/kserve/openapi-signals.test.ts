import assert from 'node:assert/strict';
import { compareReleases, schemaFloor } from '../../../src/domain/kserve/openapi-signals.ts';

/** A schema of a kind whose fields are given as paths, `[]` for the items of a list. */
function document(kind: string, ...fields: readonly string[]): object {
  const schema = { 'x-kubernetes-group-version-kind': [{ group: 'serving.kserve.io', kind, version: 'v1' }], properties: {} };
  for (const field of fields) {
    let at: Record<string, unknown> = schema;
    for (const name of field.split('.')) {
      if (name === '[]') at.items ??= {};
      else at.properties = { ...(at.properties ?? {}), [name]: (at.properties as Record<string, unknown> | undefined)?.[name] ?? {} };
      at = (name === '[]' ? at.items : (at.properties as Record<string, unknown>)[name]) as Record<string, unknown>;
    }
  }
  return { components: { schemas: { x: schema } } };
}

describe('schemaFloor', () => {
  it('knows the release that brought a field', () => {
    const releases = [
      ['ServingRuntime', 'spec.protocolVersions', '0.9'],
      ['ServingRuntime', 'spec.imagePullSecrets', '0.10'],
      ['ClusterServingRuntime', 'spec.supportedModelFormats.[].priority', '0.12'],
      ['ServingRuntime', 'spec.workerSpec', '0.14'],
      ['ServingRuntime', 'spec.workerSpec.tensorParallelSize', '0.15'],
      ['InferenceService', 'status.clusterServingRuntimeName', '0.16'],
      ['ServingRuntime', 'spec.schedulerName', '0.17'],
      ['InferenceService', 'spec.canary', '0.20'],
    ] as const;
    for (const [kind, field, since] of releases) assert.equal(schemaFloor([document(kind, field)]), since, field);
  });

  it('takes the latest of several documents, and reads 0.10 after 0.9', () => {
    const documents = [document('ServingRuntime', 'spec.protocolVersions', 'spec.imagePullSecrets'), document('InferenceService')];
    assert.equal(schemaFloor(documents), '0.10');
    assert.ok(compareReleases('0.10', '0.9') > 0 && compareReleases('1.0', '0.20') > 0 && compareReleases('0.9', '0.9') === 0);
  });

  it('is nothing where there are no fields, and for what is no document', () => {
    const odd = [undefined, null, 1, {}, { components: { schemas: { a: null, b: 1 } } }, document('Other', 'spec.canary')];
    assert.equal(schemaFloor([...odd, document('ServingRuntime', 'spec')]), undefined);
    const foreign = { ...document('InferenceService', 'spec.canary') };
    const text = JSON.stringify(foreign).replace('serving.kserve.io', 'ome.io');
    assert.equal(schemaFloor([JSON.parse(text)]), undefined);
  });
});
