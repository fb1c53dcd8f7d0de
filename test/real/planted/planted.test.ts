import assert from 'node:assert/strict';
import { plantAll, plantAlone } from '../../../tools/planted/plant.ts';
import { PLANTED_FAILURES } from '../../../tools/planted/planted-failures.ts';
import { recordNamespace } from '../../../tools/planted/record.ts';
import { describeKserve } from '../../support/describe-real.ts';

const TIMEOUT_MS = 300_000;

describeKserve('planted failures', (kserve) => {
  // First: a preset cannot be deleted while services use it.
  for (const failure of PLANTED_FAILURES.filter(({ cluster }) => cluster !== undefined)) {
    it(`${failure.name} is shown, with what there is to quote`, async function () {
      this.timeout(TIMEOUT_MS);
      await plantAlone(kserve(), failure, async ({ namespace }) => expectTexts(await read(namespace), failure.evidence));
    });
  }

  describe('side by side', () => {
    const failures = PLANTED_FAILURES.filter(({ cluster }) => cluster === undefined);
    let namespaces: readonly string[];
    before(async function () {
      this.timeout(TIMEOUT_MS);
      namespaces = (await plantAll(kserve(), failures)).map(({ namespace }) => namespace);
    });
    for (const [index, { name, evidence }] of failures.entries()) {
      it(`${name} is shown, with what there is to quote`, async () => expectTexts(await read(namespaces[index] ?? ''), evidence));
    }
  });

  async function read(namespace: string): Promise<string> {
    return JSON.stringify(await recordNamespace(kserve().admin, namespace));
  }
});

function expectTexts(objects: string, texts: readonly string[]): void {
  for (const text of texts) assert.ok(objects.includes(JSON.stringify(text).slice(1, -1)), `${text} is nowhere in the namespace`);
}
