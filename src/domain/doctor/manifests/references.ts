import type { Finding } from '../../finding.ts';
import { fieldOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { quoted } from '../check.ts';
import { expectedSelection } from '../checks/selection.ts';
import { annotationOf } from '../facts.ts';
import { at, storageUris, toService } from '../service.ts';
import { isSupportedUri } from '../storage-uri.ts';
import { foundAt, type ManifestFacts, type ManifestRule } from './manifest.ts';

const COMPONENTS = ['predictor', 'transformer', 'explainer'];

function isInferenceService({ manifest: { object } }: ManifestFacts): boolean {
  return object.kind === 'InferenceService';
}

function namespaceFor({ manifest: { object }, namespace }: ManifestFacts): string {
  return textOf(object.metadata.namespace) ?? namespace;
}

function serviceAccounts(facts: ManifestFacts): readonly Finding<Code>[] {
  if (!isInferenceService(facts)) return [];
  const namespace = namespaceFor(facts);
  return COMPONENTS.flatMap((component) => {
    const path = ['spec', component, 'serviceAccountName'];
    const name = textOf(at(facts.manifest.object, ...path));
    if (name === undefined || name === 'default' || !facts.facts.isComplete('ServiceAccount', namespace)) return [];
    if (facts.facts.find('ServiceAccount', namespace, name) !== undefined) return [];
    return [foundAt('reference-missing', facts, path, `there is no ServiceAccount ${quoted(name)} in the namespace ${quoted(namespace)}`)];
  });
}

/** The service as it would be in its namespace. */
function asService(facts: ManifestFacts) {
  const { object } = facts.manifest;
  return toService({ ...object, metadata: { ...object.metadata, namespace: namespaceFor(facts) } }, facts.facts);
}

function storage(facts: ManifestFacts): readonly Finding<Code>[] {
  if (!isInferenceService(facts)) return [];
  const service = asService(facts);
  const namespace = namespaceFor(facts);
  return storageUris(service).flatMap(({ field, uri }) => {
    const path = field.split('.');
    if (isSupportedUri(uri, service) === false)
      return [
        foundAt('storage-uri-unsupported', facts, path, `KServe cannot fetch from ${quoted(uri)}: no storage container knows its scheme`),
      ];
    const [, claim] = /^pvc:\/\/([^/]+)/.exec(uri) ?? [];
    if (
      claim === undefined ||
      !facts.facts.isComplete('PersistentVolumeClaim', namespace) ||
      facts.facts.find('PersistentVolumeClaim', namespace, claim) !== undefined
    )
      return [];
    return [
      foundAt(
        'volume-claim-missing',
        facts,
        path,
        `there is no PersistentVolumeClaim ${quoted(claim)} in the namespace ${quoted(namespace)}`,
      ),
    ];
  });
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

export const REFERENCE_RULES: readonly ManifestRule[] = [selection, storage, serviceAccounts, renamedMode, ignoredMinimum];
