import assert from 'node:assert/strict';
import { assertAnnotations, assertJunit, assertSarif } from '../../../support/ci-reports.ts';
import { assertGolden } from '../../../support/golden.ts';
import { MATCH_CASES, runMatch } from './cases.ts';

const withoutFormat = MATCH_CASES.filter(({ argv }) => !argv.includes('-o '));

describe('runtimes match, for CI systems', () => {
  for (const one of withoutFormat) {
    it(`is read by their schemas, and is as red as the exit code: ${one.name}`, async () => {
      const [text, junit, sarif, github] = [
        await runMatch(one),
        await runMatch(one, '-o junit'),
        await runMatch(one, '-o sarif'),
        await runMatch(one, '-o github'),
      ];
      assert.deepEqual(
        [junit, sarif, github].map(({ code, stderr }) => [code, stderr]),
        Array(3).fill([text.code, text.stderr]),
      );
      const { failures, errors, tests } = assertJunit(junit.stdout);
      assert.ok(tests > 0);
      assert.deepEqual([failures > 0, failures + errors > 0], [text.code === 1, text.code !== 0]);
      const { results, invocations } = assertSarif(sarif.stdout);
      const red = results.filter(({ level }) => level === 'error').length + invocations[0].toolExecutionNotifications.length;
      assert.deepEqual([red > 0, invocations[0].exitCode], [text.code !== 0, text.code]);
      assert.equal((assertAnnotations(github.stdout).error ?? 0) > 0, text.code !== 0);
    });
  }

  for (const format of ['github', 'junit', 'sarif']) {
    it(`writes ${format}`, async () => {
      const one = MATCH_CASES.find(({ name }) => name === 'several') ?? assert.fail();
      assertGolden(`runtimes-match/several.${format}`, `runtimes match ${one.argv} -o ${format}`, await runMatch(one, `-o ${format}`));
    });
  }
});
