import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { assertGolden } from '../../support/golden.ts';
import { recordedFailures } from '../../support/recorded-failures.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const { cluster, failures } = recordedFailures();

interface Report {
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
}

describe('doctor, of recorded failures', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const dump = (name: string, items: readonly KubeObject[]) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    return file;
  };

  for (const { name, objects, expected } of failures) {
    it(`${name}: ${expected.code}`, async () => {
      const files = [dump(name, objects), dump('cluster', cluster)];
      const argv = `doctor ${expected.name} -n ${expected.namespace} -f ${files.join(' -f ')} --offline -o json`;
      const { code, stdout, stderr } = await runCli({ argv });
      const report = JSON.parse(stdout) as Report;
      const [first] = report.findings;
      assertReport(stdout, argv);
      if (expected.code === 'ok') {
        assert.deepEqual(
          report.findings.filter(({ severity }) => severity !== 'info'),
          [],
        );
        assert.equal(code, 0, stderr);
        return;
      }
      assert.equal(first?.code, expected.code);
      for (const text of expected.evidence)
        assert.ok(JSON.stringify(first).includes(JSON.stringify(text).slice(1, -1)), `${text} in ${JSON.stringify(first, null, 1)}`);
      assert.equal(code, first?.severity === 'error' ? 1 : 0);
    });

    it(`shows ${name} to people`, async () => {
      const files = [dump(name, objects), dump('cluster', cluster)];
      const argv = `doctor ${expected.name} -n ${expected.namespace} --offline`;
      assertGolden(`doctor/${name}`, argv, await runCli({ argv: `${argv} -f ${files.join(' -f ')}` }));
    });
  }
});
