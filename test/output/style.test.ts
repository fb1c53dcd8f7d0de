import assert from 'node:assert/strict';
import { createStyle, wantsColor } from '../../src/output/style.ts';

describe('createStyle', () => {
  it('marks if on', () => {
    const { bold, green, red, yellow } = createStyle(true);
    assert.deepEqual(
      [bold('x'), green('x'), red('x'), yellow('x'), red('')],
      ['\u001b[1mx\u001b[22m', '\u001b[32mx\u001b[39m', '\u001b[31mx\u001b[39m', '\u001b[33mx\u001b[39m', ''],
    );
  });

  it('leaves text alone if off', () => {
    const { bold, green, red, yellow } = createStyle(false);
    assert.deepEqual([bold('x'), green('x'), red('x'), yellow('x')], ['x', 'x', 'x', 'x']);
  });
});

describe('wantsColor', () => {
  const cases: readonly [string, Record<string, string>, boolean, boolean][] = [
    ['auto', {}, true, true],
    ['auto', {}, false, false],
    ['auto', { TERM: 'dumb' }, true, false],
    ['auto', { NO_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { CLICOLOR_FORCE: '1' }, false, true],
    ['auto', { CLICOLOR_FORCE: '0' }, false, false],
    ['auto', { NO_COLOR: '1', CLICOLOR_FORCE: '1' }, true, false],
    ['auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    ['auto', { FORCE_COLOR: '0' }, true, false],
    ['auto', { FORCE_COLOR: 'false' }, true, false],
    ['always', { NO_COLOR: '1', TERM: 'dumb' }, false, true],
    ['never', { FORCE_COLOR: '1' }, true, false],
  ];
  for (const [choice, env, isTTY, expected] of cases) {
    it(`is ${expected} for --color=${choice}, ${JSON.stringify(env)}, ${isTTY ? 'terminal' : 'pipe'}`, () => {
      assert.equal(wantsColor({ choice, env, isTTY }), expected);
    });
  }
});
