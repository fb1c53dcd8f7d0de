import assert from 'node:assert/strict';
import { UsageError } from '../../../src/errors.ts';
import { templateText, toTemplateOutput } from '../../../src/output/jsonpath/output.ts';

interface Options {
  readonly headers?: boolean;
  readonly isTerminal?: boolean;
  readonly file?: string;
}

async function table(columns: string, document: unknown, { file, ...options }: Options = {}): Promise<string> {
  try {
    const value = file === undefined ? `custom-columns=${columns}` : 'custom-columns-file=columns.txt';
    const output = await toTemplateOutput(value, async () => file ?? assert.fail('no file was named'));
    return templateText(output, document, { headers: true, allowMissingKeys: true, isTerminal: false, ...options }).join('');
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return `error: ${error.message}`;
  }
}

const list = (...items: unknown[]) => ({ kind: 'List', items });

describe('-o custom-columns', () => {
  const values = { s: 'text', n: 1, f: 1234567.5, t: true, nul: null, list: ['a', 2, { k: 'v' }], map: { b: 1, a: [null] }, empty: [] };

  for (const [path, expected] of [
    ['.s', 'text'],
    ['s', 'text'],
    ['{.s}', 'text'],
    ['{s}', 'text'],
    ['.f', '1.2345675e+06'],
    ['.t', 'true'],
    ['.nul', '<nil>'],
    ['.nothing', '<none>'],
    ['', '<none>'],
    ['.list', '[a 2 map[k:v]]'],
    ['.list[*]', 'a,2,map[k:v]'],
    ['.list[*].k', 'v'],
    ['.map', 'map[a:[<nil>] b:1]'],
    ['.empty', '[]'],
    ['.empty[*]', '<none>'],
    ['.list[?(@.k=="v")].k', 'v'],
  ] as const) {
    it(`shows ${path || 'nothing'} as kubectl does`, async () => {
      assert.equal(await table(`A:${path}`, list(values)), `A\n${expected}\n`);
    });
  }

  it('aligns columns, and ends no line in blanks but of an empty cell', async () => {
    const items = [
      { a: 'x', b: 'a long one', c: 'y' },
      { a: 'é😀é', b: 'z', c: '' },
    ];
    assert.equal(await table('A:.a,:.b,LAST:.c', list(...items)), 'A                  LAST\nx     a long one   y\né😀é   z            \n');
  });

  it('lets tabs and line breaks in values count, as kubectl does', async () => {
    const items = [
      { a: 'one\ttwo', b: 'x' },
      { a: 'a long value\n', b: 'y' },
      { a: 'short', b: 'z' },
      { a: 'form\ffeed', b: 'w' },
    ];
    assert.equal(await table('A:.a,B:.b', list(...items)), 'A     B\none   two   x\na long value\n        y\nshort   z\nform\nfeed    w\n');
  });

  it('escapes what kubectl escapes, and on a terminal the rest', async () => {
    const items = [{ a: '\u001b[31m\r\u0007' }];
    assert.equal(await table('A:.a', list(...items)), 'A\n^[[31m\\r\u0007\n');
    assert.equal(await table('A:.a', list(...items), { isTerminal: true }), 'A\n^[[31m\\r^G\n');
  });

  it('has a header alone for an empty list, and nothing without headers', async () => {
    assert.equal(await table('A:.a,B:.b', list()), 'A     B\n');
    assert.equal(await table('A:.a,B:.b', list(), { headers: false }), '');
    assert.equal(await table('A:.s', list(values), { headers: false }), 'text\n');
  });

  it('has one line for a document that is no list', async () => {
    assert.equal(await table('KIND:kind,A:.a', { kind: 'Report', a: 1 }), 'KIND     A\nReport   1\n');
  });

  it('reads headers and paths from two lines of a file', async () => {
    assert.equal(await table('', list(values), { file: 'TEXT  NUMBER\r\n .s {.n}\n' }), 'TEXT   NUMBER\ntext   1\n');
  });

  for (const [columns, file, message] of [
    ['NAME', undefined, 'unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>'],
    ['A:.a,', undefined, 'unexpected custom-columns spec: , expected <header>:<json-path-expr>'],
    [
      'A:{.a}{.b}',
      undefined,
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}' (column \"A\")",
    ],
    ['A:.a[', undefined, 'unterminated array (column "A")'],
    ['A:.s[0]', undefined, 'string is not array or slice (column "A")'],
    ['', undefined, 'custom-columns format specified but no custom columns given'],
    [
      '',
      '',
      'invalid template, missing header line. Expected format is one line of space separated headers, one line of space separated column specs.',
    ],
    [
      '',
      'A\n',
      'invalid template, missing spec line. Expected format is one line of space separated headers, one line of space separated column specs.',
    ],
    ['', 'A B\n.a\n', "number of headers (2) and field specifications (1) don't match"],
  ] as const) {
    it(`refuses ${JSON.stringify(file ?? columns)}`, async () => {
      assert.equal(await table(columns, list(values), file === undefined ? {} : { file }), `error: ${message}`);
    });
  }
});
