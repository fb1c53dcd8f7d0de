import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mermaidReport } from '../../../src/commands/doctor/mermaid.ts';
import { assertGolden } from '../../support/golden.ts';
import { recordedFailures } from '../../support/recorded-failures.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const { cluster, failures } = recordedFailures();

describe('doctor -o', () => {
  let folder = '';
  let files = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    const items = failures.filter(({ name }) => /^(01|19|36|26)/.test(name)).flatMap(({ objects }) => objects);
    const file = join(folder, 'dump.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...items, ...cluster] }));
    files = `-f ${file}`;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const format of ['github', 'json', 'junit', 'mermaid', 'name', 'sarif', 'wide', 'yaml']) {
    it(`writes ${format}, and exits as in any format`, async () => {
      const argv = `doctor --offline --fail-on=warning -o ${format}`;
      const result = await runCli({ argv: `${argv} ${files}` });
      assert.equal(result.code, 1);
      assertReport(result.stdout, argv);
      assertGolden(`doctor/format.${format}`, argv, result);
    });
  }

  const hostile = 'a\u001b[31m "b" <c>& ]]> % \n::error::x `d`';
  it('lets no text end a label of a flowchart', () => {
    const node = { kind: 'Pod', name: hostile, state: '"]; click x', healthy: false, children: [] };
    const text = mermaidReport([
      { kind: 'InferenceService', namespace: 'a', name: 'b', ready: 'False', stopped: false, chain: node, findings: [] },
    ]);
    assert.equal(text.split('"').length, 3);
    assert.doesNotMatch(text, /\u001b|<c>/);
  });
});
