import { fieldOf, listOf } from '../kubernetes/json-value.ts';
import { KSERVE_GROUP } from './kinds.ts';

/** A field that a release of KServe brought, in the schema of a kind. `[]` stands for the items of a list. */
interface FieldSignal {
  readonly kind: string;
  readonly field: readonly string[];
  readonly since: string;
}

const CANARY: FieldSignal = { kind: 'InferenceService', field: ['spec', 'canary'], since: '0.20' };
const RUNTIME_NAME = ['servingRuntimeName', 'clusterServingRuntimeName'].map((name) => {
  return { kind: 'InferenceService', field: ['status', name], since: '0.16' };
});

/** Fields of both kinds of runtimes, newest first; resourceClaims came after 0.20, in a release that had no number yet. */
const RUNTIME_FIELDS: readonly (readonly [field: readonly string[], since: string])[] = [
  [['spec', 'resourceClaims'], '0.20'],
  [['spec', 'schedulerName'], '0.17'],
  [['spec', 'workerSpec', 'tensorParallelSize'], '0.15'],
  [['spec', 'workerSpec'], '0.14'],
  [['spec', 'supportedModelFormats', '[]', 'priority'], '0.12'],
  [['spec', 'imagePullSecrets'], '0.10'],
  [['spec', 'protocolVersions'], '0.9'],
];

const SIGNALS: readonly FieldSignal[] = [
  CANARY,
  ...RUNTIME_NAME,
  ...RUNTIME_FIELDS.flatMap(([field, since]) => ['ServingRuntime', 'ClusterServingRuntime'].map((kind) => ({ kind, field, since }))),
];

function isOfKind(schema: unknown, kind: string): boolean {
  return listOf(fieldOf(schema, 'x-kubernetes-group-version-kind')).some(
    (named) => fieldOf(named, 'kind') === kind && fieldOf(named, 'group') === KSERVE_GROUP,
  );
}

function hasField(schema: unknown, field: readonly string[]): boolean {
  return (
    field.reduce((found, name) => (name === '[]' ? fieldOf(found, 'items') : fieldOf(fieldOf(found, 'properties'), name)), schema) !==
    undefined
  );
}

function schemasOf(document: unknown): readonly unknown[] {
  const schemas = fieldOf(fieldOf(document, 'components'), 'schemas');
  return typeof schemas === 'object' && schemas !== null ? Object.values(schemas) : [];
}

/** Releases such as `0.9` and `0.17`, by number. */
export function compareReleases(a: string, b: string): number {
  const [first, second] = [a.split('.').map(Number), b.split('.').map(Number)];
  return (first[0] ?? 0) - (second[0] ?? 0) || (first[1] ?? 0) - (second[1] ?? 0);
}

/**
 * The oldest KServe whose CRDs have the fields that OpenAPI documents (v3) of its group show; undefined if they show none, as with the
 * minimal CRDs, which publish no fields.
 */
export function schemaFloor(documents: readonly unknown[]): string | undefined {
  const schemas = documents.flatMap(schemasOf);
  const found = SIGNALS.filter(({ kind, field }) => schemas.some((schema) => isOfKind(schema, kind) && hasField(schema, field)));
  return found
    .map(({ since }) => since)
    .toSorted(compareReleases)
    .at(-1);
}
