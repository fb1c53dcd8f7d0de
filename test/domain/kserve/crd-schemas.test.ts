import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compactSchemas } from '../../../scripts/schemas/compact.ts';
import { shippedSchema } from '../../../src/domain/kserve/crd-schemas.ts';
import { KSERVE_KINDS } from '../../../src/domain/kserve/kinds.ts';
import { propertyOf } from '../../../src/domain/kubernetes/schema/schema-node.ts';
import { kserveObjects } from '../../../tools/fixtures.ts';

const FILE = new URL('../../../src/domain/kserve/crd-schemas.json', import.meta.url);

describe('the schemas that come with the program', () => {
  it('are those of the CRDs', () => {
    assert.equal(readFileSync(FILE, 'utf8'), compactSchemas(), 'run node scripts/schemas.ts');
  });

  it('have every kind of KServe in every version', () => {
    for (const { kind, version } of KSERVE_KINDS) assert.ok(shippedSchema(kind, version), `${kind} ${version}`);
    assert.equal(shippedSchema('InferenceService', 'v1'), undefined);
    assert.equal(shippedSchema('constructor', 'v1'), undefined);
  });

  it('are the same where parts are put back in their places', () => {
    const [crd] = kserveObjects('crd-full').filter(({ metadata }) => metadata.name === 'servingruntimes.serving.kserve.io');
    const spec = crd?.spec as { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: object } }[] };
    assert.deepEqual(shippedSchema('ServingRuntime', 'v1alpha1'), withoutDescriptions(spec.versions[0]?.schema.openAPIV3Schema));
    const schema = shippedSchema('ServingRuntime', 'v1alpha1');
    assert.equal(schema && propertyOf(schema, 'constructor'), undefined);
  });
});

const LEFT_OUT = ['description', 'x-kubernetes-map-type', 'x-kubernetes-validations'];

function withoutDescriptions(value: unknown, isNamed = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutDescriptions(item));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([keyword]) => isNamed || !LEFT_OUT.includes(keyword));
  return Object.fromEntries(fields.map(([keyword, field]) => [keyword, withoutDescriptions(field, !isNamed && keyword === 'properties')]));
}
