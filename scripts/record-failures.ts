// `node scripts/record-failures.ts [NAME…]`: plants failures (`tools/planted`) in a whole KServe of its own, and writes what the API server then
// holds into the fixture that offline tests read. Without names: those that it does not have yet.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { startKserve } from '../tools/control-plane/kserve/kserve.ts';
import { type Planted, plantAll, plantAlone } from '../tools/planted/plant.ts';
import { PLANTED_FAILURES } from '../tools/planted/planted-failures.ts';
import { recordNamespace } from '../tools/planted/record.ts';
import { tearDown } from '../tools/teardown.ts';

const FIXTURE = new URL('../test/fixtures/recorded-failures.json.gz', import.meta.url);

const recorded = JSON.parse(gunzipSync(readFileSync(FIXTURE)).toString()) as Record<string, object>;
const names = process.argv.slice(2);
const wanted = PLANTED_FAILURES.filter(({ isBeyondNamespace }) => !isBeyondNamespace).filter(({ name }) =>
  names.length === 0 ? recorded[name] === undefined : names.includes(name),
);
const kserve = await startKserve();
if (kserve.kind === 'unavailable') throw new Error(kserve.reason);
try {
  // First: a preset cannot be deleted while services use it.
  for (const failure of wanted.filter(({ cluster }) => cluster !== undefined)) await plantAlone(kserve, failure, record);
  const planted = await plantAll(
    kserve,
    wanted.filter(({ cluster }) => cluster === undefined),
  );
  for (const each of planted) await record(each);
} finally {
  await kserve.stop();
  await tearDown();
}
const sorted = Object.fromEntries(Object.entries(recorded).toSorted(([a], [b]) => (a < b ? -1 : 1)));
const packed = gzipSync(JSON.stringify(sorted), { level: 9 });
// The byte that names the platform: the same file wherever it is made.
packed[9] = 255;
writeFileSync(FIXTURE, packed);

async function record({ failure, namespace, kind, name }: Planted): Promise<void> {
  if (kserve.kind === 'unavailable') return;
  const items = await recordNamespace(kserve.admin, namespace);
  const expected = { code: failure.code, kind, namespace, name, evidence: failure.evidence };
  recorded[failure.name] = { objects: { apiVersion: 'v1', kind: 'List', items }, expected };
  process.stderr.write(`${failure.name}: ${items.length} objects\n`);
}
