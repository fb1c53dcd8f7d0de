import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { UsageError } from '../../../src/errors.ts';
import { templateText, toTemplateOutput } from '../../../src/output/jsonpath/output.ts';
import { parseExactly } from '../../../src/text/raw-json.ts';
import { RECORDED, type RecordedAnswer } from '../../support/recorded-templates.ts';

const noFiles = async () => assert.fail('no file was named');

interface Options {
  readonly format?: string;
  readonly allowMissingKeys?: boolean;
  readonly isTerminal?: boolean;
}

/** What a template makes of a document, or the message. */
async function applied(template: string, document: unknown, { format = 'jsonpath', ...options }: Options = {}): Promise<string> {
  try {
    const output = await toTemplateOutput(`${format}=${template}`, noFiles);
    return templateText(output, document, { headers: true, allowMissingKeys: true, isTerminal: false, ...options }).join('');
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return `error: ${error.message}`;
  }
}

describe('-o jsonpath', () => {
  const list = parseExactly(readFileSync(RECORDED.list, 'utf8'));
  const answers = readFileSync(RECORDED.answers, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedAnswer);

  it('says what kubectl said', async () => {
    assert.ok(answers.length >= 200);
    for (const { template, stdout, error } of answers) {
      const text = await applied(template, list);
      if (stdout !== undefined) assert.equal(text, stdout, template);
      else assert.ok(text.startsWith('error: ') && text.endsWith(error ?? ''), `${template}\n${text}\n${error}`);
    }
  });

  const values = {
    int: 3,
    big: parseExactly('[9223372036854775807]'),
    float: 1.5,
    small: 0.00001,
    huge: 1e30,
    t: true,
    nul: null,
    text: 'é',
    nested: [[1], [], [{ a: null }]],
  };

  for (const [template, expected] of [
    ['{.int} {.big[0]} {.float} {.small} {.huge} {.t} {.nul} {.text}', '3 9223372036854775807 1.5 1e-05 1e+30 true null é'],
    ['{.nested}', '[[1],[],[{"a":null}]]'],
    ['{.big}', '[9223372036854775807]'],
    ['{.text.*}', '195 169'],
    ['{range .nested[*]}{@}{end}', '[1][][{"a":null}]'],
    ['{range .nul}{@}{end}', '<no value>'],
    ['{.*}', '[9223372036854775807] 1.5 1e+30 3 [[1],[],[{"a":null}]] null 1e-05 true é'],
    ['{..a}', 'null'],
    ['{.__proto__}{.constructor}{.toString}', ''],
  ] as const) {
    it(`writes values as Go does: ${template}`, async () => {
      assert.equal(await applied(template, values), expected);
    });
  }

  it('finds keys that JavaScript has a meaning for, and only where they are', async () => {
    const document = JSON.parse('{"__proto__":{"x":1},"a":{"constructor":"c"}}');
    assert.equal(await applied('{.__proto__.x}{.a.constructor}{.a.__proto__}{.__proto__.hasOwnProperty}', document), '1c');
  });

  it('compares values of one kind only', async () => {
    const document = { list: [{ n: 1, s: 'a', b: true, f: 1.5 }, { n: 2, s: 'b', b: false, f: 2.5 }, { n: 10 }] };
    const names = (filter: string) => applied(`{.list[?(${filter})].n}`, document);
    assert.deepEqual(await Promise.all(['@.n>1', '@.n!=2', '@.s<"b"', '@.b==true', '@.f>=2.5', '@.nothing==1'].map(names)), [
      '2 10',
      '1 10',
      '1',
      '1',
      '2',
      '',
    ]);
    for (const filter of ['@.n>1.0', '@.n=="1"', '@.f==1']) assert.match(await names(filter), /: incompatible types for comparison$/);
    assert.match(await names('@.b<true'), /: invalid type for comparison$/);
  });

  it('fails for a missing field only if it is to', async () => {
    assert.equal(await applied('{.a}{.b}', { a: 1 }), '1');
    assert.equal(
      await applied('{.a}{.b}', { a: 1 }, { allowMissingKeys: false }),
      'error: error executing jsonpath "{.a}{.b}": b is not found',
    );
  });

  it('writes each action as a list of JSON where that is asked for', async () => {
    const text = await applied('{.a}x{.b}', { a: { k: '<' }, c: 1 }, { format: 'jsonpath-as-json' });
    assert.equal(text, '[\n    {\n        "k": "\\u003c"\n    }\n]\n[\n    "x"\n]\n[]\n');
  });

  it('shows a terminal what could control it, but leaves the template as it is', async () => {
    const document = { a: 'x\u001b[31m\u202e\n\ty' };
    assert.equal(await applied('{.a}{"\\x1b[0m"}', document), 'x\u001b[31m\u202e\n\ty\u001b[0m');
    assert.equal(await applied('{.a}{"\\x1b[0m"}', document, { isTerminal: true }), 'x^[[31m\\u202e\n\ty\u001b[0m');
  });

  it('orders what is in a map by the bytes of its keys', async () => {
    assert.equal(await applied('{.*}', { '\u{1f600}': 3, '\uffee': 2, a: 1 }), '1 2 3');
  });

  it('gives up on what would take all memory', async () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 900; depth += 1) deep = [deep, depth];
    assert.match(await applied('{..[0]..[0]..[0]}', deep), /: the template selects more than 1000000 values$/);
    assert.match(await applied('{.*}', ['x'.repeat(1_000_001)].join('')), /: the template selects more than 1000000 values$/);
    assert.match(await applied('{range ..}{range ..}{range ..}{end}{end}{end}', deep), /: the ranges go through more than 2000000 values$/);
  });

  it('reads templates of any length, and refuses ranges in ranges without end', async () => {
    assert.equal(await applied('{.a}'.repeat(20_000), { a: 1 }), '1'.repeat(20_000));
    assert.match(await applied('{range .a}'.repeat(20_000), { a: 1 }), /: more than 100 ranges within each other$/);
    assert.match(await applied(`{.a[?(@.b${'=!<>'.repeat(20_000)}`, {}), /unterminated filter$/);
  });
});
