import { didYouMean } from '../../../text/did-you-mean.ts';
import { fieldOf } from '../json-value.ts';
import { labelFaults, labelValueFaults, qualifiedNameFaults, subdomainFaults } from './names.ts';
import { isJsonObject, type JsonObject } from './schema-node.ts';
import { typeOf } from './validate-value.ts';
import { type FieldPath, fieldError, invalidValue, requiredValue, type Violation } from './violation.ts';

/** Fields of https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#ObjectMeta, and what each holds. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...['name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp'].map(
    (name): [string, readonly string[]] => [name, ['string']],
  ),
  ...['generation', 'deletionGracePeriodSeconds'].map((name): [string, readonly string[]] => [name, ['number', 'int64']]),
  ...['labels', 'annotations'].map((name): [string, readonly string[]] => [name, ['object', 'map[string]string']]),
  ['ownerReferences', ['array', '[]v1.OwnerReference']],
  ['finalizers', ['array', '[]string']],
  ['managedFields', ['array', '[]v1.ManagedFieldsEntry']],
]);
const NAMES = [...FIELDS.keys()];

/** Bytes of all annotations together. */
const MOST_ANNOTATIONS = 256 * 1024;

/** What the API server refuses in the metadata of an object that is to be created. */
export function metadataViolations(metadata: JsonObject, nameFaults: (name: string) => readonly string[]): readonly Violation[] {
  const unreadable = [...Object.entries(metadata)].flatMap(([name, value]) => fieldTypes(name, value));
  // What cannot be read is not looked at.
  return unreadable.length > 0
    ? unreadable
    : [...nameViolations(metadata, nameFaults), ...keyViolations(metadata), ...ownerViolations(metadata)];
}

function fieldTypes(name: string, value: unknown): readonly Violation[] {
  const path = ['metadata', name];
  const [type, goType = type] = FIELDS.get(name) ?? [];
  if (type === undefined) return [{ path, text: `unknown field ${JSON.stringify(`metadata.${name}`)}${meant(name)}` }];
  if (value === null) return [];
  if (typeOf(value) !== type) return [unreadableField(path, name, value, goType ?? '')];
  if (goType !== 'map[string]string') return [];
  return Object.entries(value as JsonObject).flatMap(([key, one]) =>
    typeof one === 'string' || one === null ? [] : [unreadableField([...path, key], name, one, 'string')],
  );
}

function meant(name: string): string {
  const near = didYouMean(name, NAMES);
  return near === undefined ? '' : `: did you mean metadata.${near}?`;
}

/** As kubectl says it, which reads metadata itself. */
function unreadableField(path: FieldPath, name: string, value: unknown, goType: string): Violation {
  const type = typeOf(value) === 'boolean' ? 'bool' : typeOf(value);
  return { path, text: `json: cannot unmarshal ${type} into Go struct field ObjectMeta.metadata.${name} of type ${goType}` };
}

function nameViolations(
  { name, generateName, namespace }: JsonObject,
  nameFaults: (name: string) => readonly string[],
): readonly Violation[] {
  const place = typeof namespace === 'string' && namespace !== '' ? labelFaults(namespace) : [];
  const isGenerated = (name ?? '') === '' && typeof generateName === 'string' && generateName !== '';
  const own = typeof name === 'string' && name !== '' ? nameFaults(name) : [];
  return [
    ...((name ?? '') === '' && !isGenerated ? [requiredValue(['metadata', 'name'], 'name or generateName is required')] : []),
    ...own.map((fault) => invalidValue(['metadata', 'name'], name, fault)),
    ...(isGenerated ? generatedFaults(generateName) : []),
    ...place.map((fault) => invalidValue(['metadata', 'namespace'], namespace, fault)),
  ];
}

/** Five characters are added, so that it may end with a dash. */
function generatedFaults(prefix: string): readonly Violation[] {
  return subdomainFaults(prefix.replace(/-$/, 'a')).map((fault) => invalidValue(['metadata', 'generateName'], prefix, fault));
}

function keyViolations({ labels, annotations, finalizers }: JsonObject): readonly Violation[] {
  return [
    ...entriesOf(labels).flatMap(([key, value]) => labelViolations(key, value)),
    ...entriesOf(annotations).flatMap(([key]) => keyFaults(['metadata', 'annotations', key], key, qualifiedNameFaults(key.toLowerCase()))),
    ...annotationsSize(entriesOf(annotations)),
    ...(Array.isArray(finalizers) ? finalizers : []).flatMap((name, index) =>
      typeof name === 'string' ? keyFaults(['metadata', 'finalizers', index], name, qualifiedNameFaults(name)) : [],
    ),
  ];
}

function labelViolations(key: string, value: string): readonly Violation[] {
  const path = ['metadata', 'labels', key];
  return [...keyFaults(path, key, qualifiedNameFaults(key)), ...keyFaults(path, value, labelValueFaults(value))];
}

/** The API server names the map and not the key. */
function keyFaults(path: FieldPath, value: string, faults: readonly string[]): readonly Violation[] {
  return faults.map((fault) => ({ path, text: invalidValue(path.slice(0, 2), value, fault).text }));
}

function annotationsSize(annotations: readonly (readonly [string, string])[]): readonly Violation[] {
  const bytes = annotations.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  return bytes > MOST_ANNOTATIONS
    ? [fieldError(['metadata', 'annotations'], 'Too long', `may not be more than ${MOST_ANNOTATIONS} bytes`)]
    : [];
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function entriesOf(map: unknown): readonly (readonly [string, string])[] {
  return isJsonObject(map) ? Object.entries(map).map(([key, value]) => [key, typeof value === 'string' ? value : '']) : [];
}

function ownerViolations({ ownerReferences }: JsonObject): readonly Violation[] {
  return (Array.isArray(ownerReferences) ? ownerReferences : []).flatMap((owner, index) =>
    ['apiVersion', 'kind', 'name', 'uid']
      .filter((field) => isJsonObject(owner) && (fieldOf(owner, field) ?? '') === '')
      .map((field) => requiredValue(['metadata', 'ownerReferences', index, field], 'must not be empty')),
  );
}
