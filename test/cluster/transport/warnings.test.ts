import assert from 'node:assert/strict';
import { createWarnings } from '../../../src/cluster/transport/warnings.ts';

/** What is printed for a header value. */
function printed(value: string): readonly string[] {
  const lines: string[] = [];
  createWarnings(
    (line) => lines.push(line),
    (text) => text,
  ).handle([value]);
  return lines;
}

describe('a Warning header', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['299 - "text"', ['text']],
    ['299 - ""', []],
    ['199 - "other code"', []],
    ['299 agent "a", 299 agent "b"', ['a', 'b']],
    ['299 agent "a" "Wed, 21 Oct 2015 07:28:00 GMT", 299 agent "b"', ['a', 'b']],
    ['299 agent "comma, inside"', ['comma, inside']],
    ['299 agent "say \\"hi\\" and \\\\ and \\x"', ['say "hi" and \\ and x']],
    ['  299 agent "blanks"  ', ['blanks']],
    ['299 agent unquoted', []],
    ['299 agent "open', []],
    ['299 "no agent"', []],
    ['299 agent "a" rest, 299 agent "b"', []],
    ['299 agent "a", junk, 299 agent "b"', ['a']],
    ['299 agent "escape \u001b[31m"', []],
    ['299 agent "\u00c3\u00bc"', ['ü']],
    ['', []],
  ];
  for (const [value, texts] of cases) {
    it(`reads ${JSON.stringify(value)}`, () =>
      assert.deepEqual(
        printed(value),
        texts.map((text) => `Warning: ${text}\n`),
      ));
  }
});

describe('createWarnings', () => {
  it('keeps what could move the cursor visible', () => {
    let written = '';
    const warnings = createWarnings(
      (text) => {
        written += text;
      },
      (text) => text,
    );
    warnings.handle(['299 - "a\u00e2\u0080\u00aeb"']);
    assert.equal(written, 'Warning: a\\u202eb\n');
  });

  it('cuts a warning that nobody reads to its end', () => {
    const written: string[] = [];
    const warnings = createWarnings(
      (text) => written.push(text),
      (text) => text,
    );
    warnings.handle([`299 - "${'a'.repeat(100_000)}"`]);
    assert.deepEqual(written, [`Warning: ${'a'.repeat(32_768)} [truncated 67232 chars]\n`]);
  });

  it('stops printing what nobody reads', () => {
    let count = 0;
    const warnings = createWarnings(
      () => count++,
      (text) => text,
    );
    warnings.handle(Array.from({ length: 5000 }, (_, index) => `299 - "w${index}"`));
    assert.deepEqual([count, warnings.count()], [1000, 1000]);
  });
});
