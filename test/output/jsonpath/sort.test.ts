import assert from 'node:assert/strict';
import { UsageError } from '../../../src/errors.ts';
import { orderBy } from '../../../src/output/jsonpath/order.ts';
import { parseExactly } from '../../../src/text/raw-json.ts';

/** The names of objects, in the order of a field. */
function sorted(path: string, objects: readonly { readonly name: string; readonly v?: unknown }[]): string {
  return orderBy(path)(objects, (object) => object)
    .map(({ name }) => name)
    .join('');
}

function named(...values: readonly unknown[]): readonly { readonly name: string; readonly v?: unknown }[] {
  return values.map((v, index) => ({ name: 'abcdefghijklmnopqrstuvwxyz'[index] ?? '?', ...(v !== undefined && { v }) }));
}

describe('--sort-by', () => {
  for (const [values, expected] of [
    [[3, 1, 2], 'bca'],
    [[-1.5, 2.5, 0.5], 'acb'],
    [parseExactly('[9223372036854775807,9223372036854775806]'), 'ba'],
    [['b', 'a', 'B'], 'cba'],
    [['10', '9', '1.5'], 'cba'],
    [['1Gi', '900Mi', '2k', '500m'], 'dcba'],
    [['10', '9', 'x'], 'bac'],
    [['\u{1f600}', '\uffee'], 'ba'],
    [[null, 1, null], 'acb'],
    [[2, 2, 1, 2], 'cabd'],
    // kubectl takes each object without the field to the very front.
    [[2, undefined, 1, undefined], 'dbca'],
  ] as const) {
    it(`sorts ${JSON.stringify(values)}`, () => {
      for (const path of ['.v', 'v', '{.v}', '{v}']) assert.equal(sorted(path, named(...(values as unknown[]))), expected);
    });
  }

  it('leaves long lists of equals as they are, those without the field first', () => {
    const values = Array.from({ length: 26 }, (_, index) => (index % 3 === 0 ? undefined : 1));
    assert.equal(sorted('.v', named(...values)), 'adgjmpsvybcefhiklnoqrtuwxz');
  });

  it('sorts nothing', () => {
    assert.equal(sorted('.v', []), '');
  });

  for (const [path, values, message] of [
    ['.bogus', [1, 2], 'couldn\'t find any field with path "{.bogus}" in the list of objects'],
    ['.v', [true, false], 'unsortable type: bool'],
    ['.v', [{ a: 1 }, { a: 2 }], 'unsortable type: map[string]interface {}'],
    ['.v', [1, 'a'], 'unsortable types: string and int64'],
    ['.v[0]', [1], 'int64 is not array or slice'],
    [
      '{.v}{.w}',
      [1],
      'invalid argument "{.v}{.w}" for "--sort-by" flag: ' +
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    ],
    ['.v[', [1], 'invalid argument ".v[" for "--sort-by" flag: unterminated array'],
  ] as const) {
    it(`refuses ${path} of ${JSON.stringify(values)}`, () => {
      assert.throws(() => sorted(path, named(...values)), new UsageError(message));
    });
  }
});
