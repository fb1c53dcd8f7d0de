import { textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { jsonText } from '../../kubernetes/schema/violation.ts';
import { quoted } from '../check.ts';
import { nameOf, namespaceOf } from '../facts.ts';
import { foundAt, type Manifest, type ManifestFacts, type ManifestRule } from './manifest.ts';

/** Two manifests of one object: kubectl applies them one after the other, so that the last one stays. */
export const definedTwice: ManifestRule = (facts) => {
  const { manifest, all } = facts;
  const last = lastOf(all, facts).get(keyOf(manifest.object, facts));
  if (last === undefined || last === manifest || isSame(last, manifest)) return [];
  const { file, line } = last.placeOf([]);
  const { kind, metadata } = manifest.object;
  return [
    foundAt(
      'defined-twice',
      facts,
      ['metadata', 'name'],
      `${textOf(kind)} ${quoted(textOf(metadata.name) ?? '')} is defined again at ${file}:${line}, and kubectl apply leaves it as it is there`,
    ),
  ];
};

const LAST = new WeakMap<ManifestFacts['all'], ReadonlyMap<string, Manifest>>();

function lastOf(all: ManifestFacts['all'], facts: ManifestFacts): ReadonlyMap<string, Manifest> {
  const known = LAST.get(all) ?? new Map(all.filter(({ object }) => nameOf(object) !== '').map((one) => [keyOf(one.object, facts), one]));
  LAST.set(all, known);
  return known;
}

/** The version does not tell objects apart. */
function keyOf(object: KubeObject, { namespace }: ManifestFacts): string {
  const [group] = (textOf(object.apiVersion) ?? '').split('/');
  return JSON.stringify([group, object.kind, namespaceOf(object) ?? namespace, nameOf(object)]);
}

/** Of what is the same the last one changes nothing: a file that is given twice, under whatever names, is no second definition. */
function isSame(one: Manifest, other: Manifest): boolean {
  return jsonText(one.object) === jsonText(other.object);
}
