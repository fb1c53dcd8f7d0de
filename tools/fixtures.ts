import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../src/domain/kubernetes/resource.ts';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));

/** The objects in the YAML files of a folder of `tools/fixtures`, by file name. */
export function fixtureObjects(folder: 'crds' | 'runtimes'): KubeObject[] {
  const files = readdirSync(join(FIXTURES, folder)).filter((file) => file.endsWith('.yaml'));
  return files.sort().flatMap((file) => objectsIn(readFileSync(join(FIXTURES, folder, file), 'utf8')));
}

/** KServe's own objects in a file of `tools/fixtures/kserve`, such as `crd-full`; its README says what each holds. */
export function kserveObjects(name: string): KubeObject[] {
  const file = join(FIXTURES, 'kserve', `${name}.yaml`);
  return objectsIn(existsSync(file) ? readFileSync(file, 'utf8') : brotliDecompressSync(readFileSync(`${file}.br`)).toString());
}

function objectsIn(text: string): KubeObject[] {
  return (loadAll(text) as KubeObject[]).filter((object) => object?.kind !== undefined);
}
