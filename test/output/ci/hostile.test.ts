import assert from 'node:assert/strict';
import type { Finding } from '../../../src/domain/finding.ts';
import { CI_FORMATS, type CiFormat, type CiReport, ciText } from '../../../src/output/ci/report.ts';
import { assertAnnotations, assertJunit, assertSarif } from '../../support/ci-reports.ts';

/** Whatever a server or a file may hold. */
const HOSTILE = [
  'a\u001b[31m\u0007\u0000b',
  ']]> <![CDATA[ <c a="b">&amp;</c> -->',
  '%0A::error::x %25 %',
  'a\r\n::error file=x::y\n##[add-mask]z\n##vso[task.complete]',
  '\u2028\u2029\u0085\u202e',
  '\ud800 a \udfff',
  '\ufffe\uffff\u{1fffe}',
  '__proto__',
  'constructor',
  'a,b:c=d/../e\\f?g#h',
  '',
  '      <failure type="x">\n    <testcase/>',
];

function reportOf(text: string): CiReport {
  const finding: Finding = {
    code: 'crash',
    severity: 'error',
    object: { kind: text, namespace: text, name: text },
    field: text,
    source: { file: text, line: 1, column: 1 },
    message: text,
    evidence: [{ object: { kind: text, name: text }, field: text, value: text }],
    fix: { text },
  };
  return {
    command: text,
    version: '1.0.0',
    exitCode: 1,
    suites: [
      {
        name: text,
        cases: [
          { name: text, findings: [finding, finding], notes: [text] },
          { name: text, findings: [], unknown: text },
        ],
      },
    ],
    findings: [finding, { ...finding, code: 'pod-failed', severity: 'info' }],
    problems: [{ name: text, code: 'not-read', message: text, severity: 'error' }],
    empty: text,
  };
}

/** As a consumer reads it. */
const READERS: Readonly<Record<CiFormat, (text: string) => unknown>> = {
  github: assertAnnotations,
  junit: assertJunit,
  sarif: assertSarif,
};

describe('formats for CI systems', () => {
  for (const format of CI_FORMATS) {
    for (const text of HOSTILE) {
      it(`are read as ${format} whatever they hold: ${JSON.stringify(text)}`, async () => {
        READERS[format](Buffer.from(await ciText(reportOf(text), format)).toString('utf8'));
      });
    }
  }

  it('count what they hold, and nothing of what a text looks like', async () => {
    for (const text of HOSTILE) {
      const report = reportOf(text);
      assert.deepEqual(assertJunit(await ciText(report, 'junit')), { tests: 3, failures: 1, errors: 1, skipped: 1 });
      assert.equal(assertSarif(await ciText(report, 'sarif')).results.length, 2);
      assert.deepEqual(assertAnnotations(await ciText(report, 'github')), { error: 2, notice: 2 });
    }
  });

  const NOTHING: CiReport = {
    command: 'doctor',
    version: '1.0.0',
    exitCode: 0,
    suites: [],
    findings: [],
    problems: [],
    empty: 'No services.',
  };

  it('say of nothing at all that it was looked for', async () => {
    assert.deepEqual(assertJunit(await ciText(NOTHING, 'junit')), { tests: 1, failures: 0, errors: 0, skipped: 0 });
    assert.match(await ciText(NOTHING, 'junit'), /No services\./);
    assert.deepEqual(assertAnnotations(await ciText(NOTHING, 'github')), { notice: 1 });
    assert.equal(assertSarif(await ciText(NOTHING, 'sarif')).invocations[0].executionSuccessful, true);
  });

  it('are not green where the answer is not whole', async () => {
    const report: CiReport = {
      ...NOTHING,
      exitCode: 4,
      problems: [{ name: 'Pods', code: 'not-read', message: 'forbidden', severity: 'error' }],
    };
    assert.deepEqual(assertJunit(await ciText(report, 'junit')), { tests: 1, failures: 0, errors: 1, skipped: 0 });
    assert.deepEqual(assertAnnotations(await ciText({ ...report, empty: undefined }, 'github')), { error: 1 });
    const [{ executionSuccessful, toolExecutionNotifications }] = assertSarif(await ciText(report, 'sarif')).invocations;
    assert.deepEqual([executionSuccessful, toolExecutionNotifications.map(({ level }) => level)], [false, ['error']]);
  });
});
