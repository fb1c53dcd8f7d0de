import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellsOf } from '../../src/output/cells.ts';
import { wrapText } from '../../src/output/wrap-text.ts';
import { escapeLines } from '../../src/text/escape.ts';

const CREATE = 'kubectl create clusterrole reader --verb=get,list,watch --resource=servingruntimes.serving.kserve.io';

describe('wrapText', () => {
  it('leaves alone what fits, blanks and all', () => {
    for (const text of ['', 'a', 'a   b\n\n  c \n', `${'x'.repeat(20)}\n`]) assert.equal(wrapText(text, 20), text);
  });

  it('breaks between words, and indents what goes on', () => {
    assert.equal(wrapText('error: one two three four five\nhint: six', 16), 'error: one two\n  three four\n  five\nhint: six');
    assert.equal(wrapText('    place: one two three four', 18), '    place: one two\n      three four');
  });

  it('never breaks a word', () => {
    assert.equal(wrapText('see https://example.com/a/long/path for more', 12), 'see\n  https://example.com/a/long/path\n  for more');
  });

  it('breaks a list that no line holds behind its commas, and no regular expression', () => {
    assert.equal(
      wrapText('allowed formats are: json,name,wide,yaml,custom-columns', 20),
      'allowed formats are:\n  json,name,wide,\n  yaml,\n  custom-columns',
    );
    assert.equal(
      wrapText('      rule: {"apiGroups":["a"],"resources":["b"]}', 30),
      '      rule:\n        {"apiGroups":["a"],\n        "resources":["b"]}',
    );
    const pattern = "'[a-z]{1,3}([-a-z0-9]*[a-z0-9])?'";
    assert.equal(wrapText(`validation is ${pattern}`, 20), `validation is\n  ${pattern}`);
  });

  it('indents no word that fits only without', () => {
    assert.equal(wrapText(`list ${'x'.repeat(20)} at last`, 20), `list\n${'x'.repeat(20)}\n  at last`);
  });

  it('goes on below what a label is about', () => {
    assert.equal(wrapText('Identity   ana (groups: ml, dev)', 26), 'Identity   ana (groups:\n           ml, dev)');
    assert.equal(wrapText('Image:   registry/some-image', 21), 'Image:\n  registry/some-image');
    assert.equal(wrapText(`Image:   registry/${'x'.repeat(30)}`, 21), `Image:   registry/${'x'.repeat(30)}`);
  });

  it('counts what characters take on a terminal', () => {
    assert.equal(wrapText('模型 模型 模型', 10), '模型 模型\n  模型');
    assert.equal(wrapText('\u001b[31mred\u001b[39m and so on', 10), '\u001b[31mred\u001b[39m and so\n  on');
  });

  it('keeps commands whole, each on a line of its own', () => {
    assert.equal(wrapText(`Run:\n  ${CREATE}`, 30), `Run:\n  ${CREATE}`);
    assert.equal(wrapText(`hint: To see why it is so: ${CREATE}`, 20), `hint: To see why it\n  is so:\n  ${CREATE}`);
    const here = `kubectl apply -f - <<'EOF'\napiVersion: v1 of a very long line\nEOF`;
    assert.equal(wrapText(`${here}\nand more words here`, 12), `${here}\nand more\n  words here`);
    assert.equal(wrapText(`${CREATE}\n${here}\n${CREATE}`, 12), `${CREATE}\n${here}\n${CREATE}`);
  });

  it('takes no sentence about kubectl for a command', () => {
    assert.equal(wrapText('kubectl itself shows them', 15), 'kubectl itself\n  shows them');
  });

  it('comes to an end, whatever a server repeats', () => {
    const colons = `what ${'::a '.repeat(50_000)}`;
    assert.equal(wrapText(colons, 20), colons.trimEnd());
    assert.equal(wrapText(`what${' '.repeat(100_000)}`, 20), 'what');
    assert.equal(wrapText(`${' '.repeat(100_000)}what`, 20).trimStart(), 'what');
  });

  it('begins no line with what the keeper of a log takes for a command', () => {
    const part = fc.constantFrom(
      '::',
      '::set-output name=a::',
      '##',
      '##vso[',
      '[',
      'error',
      'a',
      ':',
      ',',
      ' ',
      '   ',
      '\n',
      ': kubectl ',
    );
    const text = fc.array(part, { minLength: 2, maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (hostile, width) =>
        assert.doesNotMatch(wrapText(escapeLines(`Image:   ${hostile}`), width), /^\s*::|##\w*\[/m),
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps every word in its order, on lines that fit if one word does', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', ',', '.', '漢', 'é'), minLength: 1, maxLength: 9 });
    const line = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.array(word, { minLength: 1, maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), fc.integer({ min: 25, max: 90 }), (lines, width) => {
        const text = lines.map(([indent, words]) => ' '.repeat(indent) + words.join(' ')).join('\n');
        const wrapped = wrapText(text, width);
        assert.deepEqual(wrapped.trim().split(/\s+/), text.trim().split(/\s+/));
        for (const one of wrapped.split('\n')) assert.equal(cellsOf(one) <= width, true, JSON.stringify([width, one]));
      }),
      { numRuns: 500 },
    );
  });
});
