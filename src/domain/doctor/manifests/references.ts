import type { Finding } from '../../finding.ts';
import { type Part, textAt } from '../../kserve/admission/read.ts';
import { fieldOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { FieldPath } from '../../kubernetes/schema/violation.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { quoted } from '../check.ts';
import { expectedSelection } from '../checks/selection.ts';
import { annotationOf, nameOf } from '../facts.ts';
import { keysOf, MISSING_CODES, type Missing, missingFix, missingText } from '../missing.ts';
import { at, storageUris, toService } from '../service.ts';
import { isSupportedUri } from '../storage-uri.ts';
import { foundAt, type ManifestFacts, type ManifestRule } from './manifest.ts';
import { type Reference, referencesOf, servicesNamedIn, storageKeysOf, storageSecretOf } from './pod-references.ts';

const COMPONENTS = ['predictor', 'transformer', 'explainer'];

function isInferenceService({ manifest: { object } }: ManifestFacts): boolean {
  return object.kind === 'InferenceService';
}

function namespaceFor({ manifest: { object }, namespace }: ManifestFacts): string {
  return textOf(object.metadata.namespace) ?? namespace;
}

/** Objects of the namespace that its Pods name, and keys of them. Each missing one once, at its first place. */
function podReferences(facts: ManifestFacts): readonly Finding<Code>[] {
  const missing = referencesOf(facts.manifest.object).flatMap((reference) => missingOf(reference, facts));
  return [...Map.groupBy(missing, (one) => JSON.stringify(one.missing)).values()].map((places) => missingFinding(facts, places));
}

interface MissingAt {
  readonly missing: Missing;
  readonly path: FieldPath;
  readonly isDispensable: boolean;
}

function missingOf({ kind, name, at: { path }, keys, isDispensable = false }: Reference, facts: ManifestFacts): readonly MissingAt[] {
  const namespace = namespaceFor(facts);
  const object = facts.facts.find(kind, namespace, name);
  if (object === undefined)
    return facts.facts.isComplete(kind, namespace) ? [{ missing: { kind, name, namespace }, path, isDispensable }] : [];
  return lacking(object, keys).map((key) => ({ missing: { kind, name, namespace, key: textAt(key) }, path: key.path, isDispensable }));
}

/** Keys that the object does not have, as far as its keys are known. */
function lacking(object: KubeObject, keys: readonly Part[]): readonly Part[] {
  const known = keysOf(object);
  return known === undefined ? [] : keys.filter((key) => !known.has(textAt(key)));
}

function missingFinding(facts: ManifestFacts, places: readonly MissingAt[]): Finding<Code> {
  const [{ missing, path }] = places as readonly [MissingAt];
  const severity = places.every(({ isDispensable }) => isDispensable) ? 'warning' : undefined;
  return foundAt(MISSING_CODES[missing.kind], facts, path, missingText(missing), { severity, fix: missingFix(missing) });
}

/** The namespace itself, where the server said that it is not there and the files do not bring it. */
function missingNamespace(facts: ManifestFacts): readonly Finding<Code>[] {
  const { verdict, all } = facts;
  const namespace = namespaceFor(facts);
  const isBrought = all.some(({ object }) => object.kind === 'Namespace' && nameOf(object) === namespace);
  if (verdict.state !== 'untried' || verdict.missing !== 'namespace' || isBrought) return [];
  return [foundAt('reference-missing', facts, ['metadata', 'namespace'], `there is no namespace ${quoted(namespace)}`)];
}

/** Keys of storage are looked up in a Secret, of which KServe's configuration may change the name. */
function storageKeys(facts: ManifestFacts): readonly Finding<Code>[] {
  const { object } = facts.manifest;
  const [namespace, name] = [namespaceFor(facts), storageSecretOf(object)];
  if (!isInferenceService(facts) || !facts.facts.isComplete('Secret', namespace)) return [];
  const secret = facts.facts.find('Secret', namespace, name);
  const keys = storageKeysOf(object);
  const wrong = secret === undefined ? keys : lacking(secret, keys);
  return wrong.map((key) => {
    const missing = { kind: 'Secret' as const, name, namespace, ...(secret !== undefined && { key: textAt(key) }) };
    const message = `${missingText(missing)}; KServe looks for the key there unless it is configured otherwise`;
    return foundAt('storage-secret-missing', facts, key.path, message, { severity: 'warning', fix: missingFix(missing) });
  });
}

/** Services that a graph or a model names, and that neither the files nor the cluster have. */
function serviceReferences(facts: ManifestFacts): readonly Finding<Code>[] {
  const namespace = namespaceFor(facts);
  if (!facts.facts.isComplete('InferenceService', namespace)) return [];
  return servicesNamedIn(facts.manifest.object)
    .filter(({ name }) => facts.facts.find('InferenceService', namespace, name) === undefined)
    .map(({ name, at: { path } }) =>
      foundAt('reference-missing', facts, path, `there is no InferenceService ${quoted(name)} in the namespace ${quoted(namespace)}`),
    );
}

/** The service as it would be in its namespace. */
function asService(facts: ManifestFacts) {
  const { object } = facts.manifest;
  return toService({ ...object, metadata: { ...object.metadata, namespace: namespaceFor(facts) } }, facts.facts);
}

function storage(facts: ManifestFacts): readonly Finding<Code>[] {
  if (!isInferenceService(facts)) return [];
  const service = asService(facts);
  return storageUris(service)
    .filter(({ uri }) => isSupportedUri(uri, service) === false)
    .map(({ field, uri }) =>
      foundAt(
        'storage-uri-unsupported',
        facts,
        field.split('.'),
        `KServe cannot fetch from ${quoted(uri)}: no storage container knows its scheme`,
      ),
    );
}

/** What KServe's selection would come to. */
function selection(facts: ManifestFacts): readonly Finding<Code>[] {
  if (!isInferenceService(facts)) return [];
  return expectedSelection(asService(facts)).map((finding) => ({
    ...finding,
    source: facts.manifest.placeOf((finding.field ?? 'spec').split('.')),
  }));
}

const MODE = 'serving.kserve.io/deploymentMode';
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['RawDeployment', 'Standard'],
  ['Serverless', 'Knative'],
]);

function renamedMode(facts: ManifestFacts): readonly Finding<Code>[] {
  const mode = annotationOf(facts.manifest.object, MODE) ?? '';
  const now = RENAMED.get(mode);
  if (now === undefined || !isInferenceService(facts)) return [];
  return [
    foundAt(
      'deployment-mode-renamed',
      facts,
      ['metadata', 'annotations', MODE],
      `the deployment mode "${mode}" is called "${now}" since KServe 0.16`,
      { fix: { text: `write ${MODE}: ${now}` } },
    ),
  ];
}

function ignoredMinimum(facts: ManifestFacts): readonly Finding<Code>[] {
  const { object } = facts.manifest;
  const mode = annotationOf(object, MODE);
  const isStandard = mode === 'Standard' || mode === 'RawDeployment';
  const scaler = annotationOf(object, 'serving.kserve.io/autoscalerClass') ?? 'hpa';
  if (!isInferenceService(facts) || !isStandard || scaler !== 'hpa') return [];
  return COMPONENTS.filter((component) => fieldOf(at(object, 'spec', component), 'minReplicas') === 0).map((component) =>
    foundAt(
      'min-replicas-ignored',
      facts,
      ['spec', component, 'minReplicas'],
      `spec.${component}.minReplicas is 0, but KServe keeps 1 replica in Standard mode`,
    ),
  );
}

export const REFERENCE_RULES: readonly ManifestRule[] = [
  missingNamespace,
  selection,
  storage,
  podReferences,
  storageKeys,
  serviceReferences,
  renamedMode,
  ignoredMinimum,
];
