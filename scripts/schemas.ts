// Writes src/domain/kserve/crd-schemas.json: the schemas of KServe's CRDs, each part once and without what is only read by people.
import { writeFile } from 'node:fs/promises';
import { compactSchemas } from './schemas/compact.ts';

await writeFile(new URL('../src/domain/kserve/crd-schemas.json', import.meta.url), compactSchemas());
