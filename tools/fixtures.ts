import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../src/domain/kubernetes/resource.ts';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));
const KSERVE_DATA = fileURLToPath(new URL('../../shared/kserve/', import.meta.url));

/** The objects in the YAML files of a folder of `tools/fixtures`, by file name. */
export function fixtureObjects(folder: 'crds' | 'runtimes'): KubeObject[] {
  return yamlObjects(join(FIXTURES, folder));
}

/** KServe's own manifests in a folder (not its sub-folders) of `../shared/kserve`; undefined where that is not checked out beside the project. */
export function kserveObjects(path: string): KubeObject[] | undefined {
  const found = join(KSERVE_DATA, path);
  return existsSync(found) ? yamlObjects(found) : undefined;
}

function yamlObjects(folder: string): KubeObject[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  return files
    .flatMap((file) => loadAll(readFileSync(join(folder, file), 'utf8')) as KubeObject[])
    .filter((object) => object?.kind !== undefined);
}
