import assert from 'node:assert/strict';
import { withContext } from '../../../src/cli/contexts/messages.ts';
import { codeOf } from '../../../src/cli/contexts/run-in-contexts.ts';
import type { ExitCode } from '../../../src/errors.ts';

describe('messages of a context', () => {
  const cases: readonly (readonly [text: string, shown: string])[] = [
    ['error: no\n', 'error: context "a": no\n'],
    ['Error from server (NotFound): no\n', 'Error from server (NotFound): context "a": no\n'],
    ['note: one\nWarning: two\n', 'note: context "a": one\nWarning: context "a": two\n'],
    ['nothing found\n', 'context "a": nothing found\n'],
    ['error: no\nhint: do\n  this\n', 'error: context "a": no\nhint: do\n  this\n'],
    ['hint: do\n', 'hint: do\n'],
    ['error: no\n  Error from server: x\n', 'error: context "a": no\n  Error from server: x\n'],
    ['Unable to connect to the server: x\n', 'error: context "a": Unable to connect to the server: x\n'],
    ['', ''],
  ];
  for (const [text, shown] of cases) it(JSON.stringify(text), () => assert.equal(withContext(text, 'a'), shown));

  it('shows what a name hides', () => {
    assert.equal(withContext('error: no\n', 'a\nerror: \u001b[31m'), 'error: context "a^Jerror: ^[[31m": no\n');
  });
});

describe('the code of several contexts', () => {
  const cases: readonly (readonly [codes: readonly ExitCode[], together: ExitCode])[] = [
    [[0, 0], 0],
    [[0, 1], 1],
    [[0, 3], 4],
    [[0, 4], 4],
    [[1, 3], 1],
    [[3, 3], 3],
    [[3, 4], 4],
    [[0, 2], 2],
  ];
  for (const [codes, together] of cases)
    it(`${codes} is ${together}`, () => assert.equal(codeOf(codes.map((exitCode) => ({ exitCode }))), together));
});
