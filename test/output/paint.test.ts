import assert from 'node:assert/strict';
import { paintLabels } from '../../src/output/paint.ts';
import { createStyle } from '../../src/output/style.ts';

describe('paintLabels', () => {
  const cases: readonly [string, string][] = [
    ['error: x\nhint: error: y\n', '<r>error:</r> x\nhint: error: y\n'],
    ['Error from server (Forbidden): x', '<r>Error from server (Forbidden):</r> x'],
    ['Error from server: x', '<r>Error from server:</r> x'],
    ['Unable to connect to the server: x', '<r>Unable to connect to the server:</r> x'],
    ['Error in configuration: \n* x', '<r>Error in configuration:</r> \n* x'],
    ['Warning: x\nwarning: y\n', '<y>Warning:</y> x\n<y>warning:</y> y\n'],
    ['an error: x', 'an error: x'],
  ];
  for (const [text, expected] of cases) {
    it(`marks ${JSON.stringify(text)}`, () => {
      const shown = paintLabels(text, createStyle(true))
        .replaceAll('\u001b[31m', '<r>')
        .replaceAll('\u001b[33m', '<y>')
        .replace(/(<(.)>[^<\u001b]*)\u001b\[39m/g, '$1</$2>');
      assert.equal(shown, expected);
      assert.equal(paintLabels(text, createStyle(false)), text);
    });
  }
});
