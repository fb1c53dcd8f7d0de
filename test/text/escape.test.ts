import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { jsonText } from '../../src/output/json.ts';
import { yamlText } from '../../src/output/yaml.ts';
import { escapeLines, escapeText } from '../../src/text/escape.ts';

/** What a terminal acts on, or a reader cannot see: C1, soft hyphen, bidirectional, zero-width, separators, byte order mark, tags. */
const INVISIBLE = [
  '\u007f',
  '\u009b',
  '\u00ad',
  '\u061c',
  '\u200b',
  '\u200d',
  '\u202e',
  '\u2028',
  '\u2060',
  '\u2066',
  '\ufeff',
  '\u{e0041}',
  '\u2800',
  '\u180f',
  '\u{13430}',
  '\u{1bca0}',
  '\u{1d173}',
];

/** All that Unicode gives no ink: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point, but for the sign that makes an emoji. */
const IGNORABLE = /[\p{Default_Ignorable_Code_Point}--\ufe0f]/v;

describe('escapeText', () => {
  it('shows control characters', () => assert.equal(escapeText('a\u001b]8;;x\u0007b\r\n\t'), 'a^[]8;;x^Gb^M^J^I'));

  it('shows what cannot be seen', () => {
    const shown = ['^?', '\\u009b', '\\u00ad', '\\u061c', '\\u200b', '\\u200d', '\\u202e', '\\u2028', '\\u2060', '\\u2066', '\\ufeff'];
    const added = ['\\u2800', '\\u180f', '\\u{13430}', '\\u{1bca0}', '\\u{1d173}'];
    assert.deepEqual(INVISIBLE.map(escapeText), [...shown, '\\u{e0041}', ...added]);
  });

  it('shows all that has no ink', () => {
    const left: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (IGNORABLE.test(character) && escapeText(character) === character) left.push(code.toString(16));
    }
    assert.deepEqual(left, []);
  });

  it('leaves text in any language alone', () => assert.equal(escapeText('modèle 模型 🤖 <&>'), 'modèle 模型 🤖 <&>'));
});

describe('what the log of a CI job would take for a command', () => {
  const COMMANDS = [
    '##vso[task.setvariable variable=a]b',
    'x ##[add-mask]y',
    '##teamcity[buildStatus]',
    '::error::x',
    '  ::stop-commands::y',
  ];
  for (const command of COMMANDS) {
    it(`is shown and is none: ${command}`, () => {
      for (const text of [escapeText(command), jsonText({ [command]: command }), yamlText({ [command]: [`a\n${command}\n`, command] })]) {
        assert.doesNotMatch(text, /##\w*\[|^\s*::/m);
      }
    });
    it(`is the same value in JSON and YAML: ${command}`, () => {
      const value = { [command]: `a\n${command}\n` };
      assert.deepEqual([JSON.parse(jsonText(value)), load(yamlText(value))], [value, value]);
    });
  }

  it('is looked for in any text without end', () => {
    const lines = '\n'.repeat(300_000);
    assert.deepEqual(load(yamlText({ lines })), { lines });
    assert.equal(escapeText(`x${' '.repeat(300_000)}::`).length, 300_003);
  });

  it('is not what merely looks like one', () => assert.equal(escapeText('## [a] #[b] ##c d::e :f'), '## [a] #[b] ##c d::e :f'));
});

describe('escapeLines', () => {
  it('keeps line breaks and nothing else', () => assert.equal(escapeLines('a\r\nb\u0000'), 'a^M\nb^@'));

  it('leaves no line that is a command in the log of a CI job', () => {
    assert.equal(escapeLines('a ::b\n::error::x\n  ::stop-commands::y\n:z'), 'a ::b\n\\u003a:error::x\n  \\u003a:stop-commands::y\n:z');
  });
});

describe('jsonText and yamlText', () => {
  for (const character of INVISIBLE) {
    it(`escape ${JSON.stringify(character)} without changing the value`, () => {
      const value = { [`k${character}`]: `a${character}b` };
      for (const text of [jsonText(value), yamlText(value)]) assert.equal(text.includes(character), false, text);
      assert.deepEqual(JSON.parse(jsonText(value)), value);
      assert.deepEqual(load(yamlText(value)), value);
    });
  }
});
