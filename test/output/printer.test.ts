import assert from 'node:assert/strict';
import type { ResourceType } from '../../src/domain/kubernetes/resource.ts';
import { labelColumns } from '../../src/output/labels.ts';
import { type OutputFormat, printListing, toOutputFormat } from '../../src/output/printer.ts';

const TYPE: ResourceType = {
  group: 'serving.kserve.io',
  version: 'v1alpha1',
  plural: 'servingruntimes',
  kind: 'ServingRuntime',
  namespaced: true,
};

async function printed(format: OutputFormat, names: readonly string[]): Promise<readonly string[]> {
  const chunks: string[] = [];
  const listing = {
    rows: names,
    view: { columns: [{ header: 'NAME', cell: (name: string) => name }] },
    typeOf: () => TYPE,
    nameOf: (name: string) => name,
    objectOf: (name: string) => ({ metadata: { name } }),
    errors: [],
  };
  await printListing((text) => chunks.push(text), listing, { format, headers: true });
  return chunks;
}

describe('printListing', () => {
  it('prints names as kubectl does', async () => {
    const expected = 'servingruntime.serving.kserve.io/a\nservingruntime.serving.kserve.io/b^[\n';
    assert.deepEqual(await printed('name', ['a', 'b\u001b']), [expected]);
  });

  it('prints nothing for no rows, but for documents', async () => {
    assert.deepEqual(await printed('table', []), []);
    assert.deepEqual(await printed('name', []), []);
    assert.equal((await printed('yaml', [])).join(''), 'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n');
  });

  it('writes long output in few pieces of moderate size', async () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `runtime-${index}`);
    for (const format of ['table', 'name', 'json'] as const) {
      const chunks = await printed(format, names);
      assert.ok(chunks.length > 1 && chunks.length < 100, `${format}: ${chunks.length} pieces`);
      assert.ok(Math.max(...chunks.map((chunk) => chunk.length)) < 128 * 1024);
    }
  });
});

describe('toOutputFormat', () => {
  it('takes no format for a table', () => {
    assert.equal(toOutputFormat(undefined), 'table');
    assert.equal(toOutputFormat('yaml'), 'yaml');
  });
});

describe('labelColumns', () => {
  const columns = labelColumns((labels: Record<string, string>) => ({ labels }), { labelColumns: ['a.b/Tier', 'x'], showLabels: true });

  it('names a column after the last part of the key', () => {
    assert.deepEqual(
      columns.map(({ header }) => header),
      ['TIER', 'X', 'LABELS'],
    );
  });

  it('leaves a missing label empty, and lists all sorted', () => {
    const cells = (labels: Record<string, string>) => columns.map(({ cell }) => cell(labels));
    assert.deepEqual(cells({ z: '1', 'a.b/Tier': 'gold' }), ['gold', '', 'a.b/Tier=gold,z=1']);
    assert.deepEqual(cells({}), ['', '', '<none>']);
  });

  it('does not take what every object has for a label', () => {
    const keys = ['constructor', '__proto__', 'toString'];
    const inherited = labelColumns((labels: Record<string, string>) => ({ labels }), { labelColumns: keys, showLabels: false });
    assert.deepEqual(
      inherited.map(({ cell }) => cell({})),
      ['', '', ''],
    );
  });
});
