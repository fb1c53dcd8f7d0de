import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { escapeText } from '../../src/text/escape.ts';
import { shellCommand } from '../../src/text/shell.ts';

describe('shellCommand', () => {
  const values = [
    "a'b",
    '$(touch x) `touch x`',
    'a\nb\\',
    '\u001b[31mred',
    '##vso[task.setvariable variable=x]y',
    '##[error]x',
    'a\u2800b',
    'a\ufe00b',
    'a\u034fb',
    '::error::x',
    '',
  ];
  for (const value of values) {
    it(`is shown as it is, and means to bash, ${escapeText(value)}`, function () {
      if (process.platform === 'win32') this.skip();
      const command = shellCommand(['printf', '%s', value, `--patch=${value}`]);
      assert.equal(escapeText(command), command);
      assert.equal(execFileSync('bash', ['-c', command], { encoding: 'utf8' }), `${value}--patch=${value}`);
    });
  }
});
