import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { describe as describeRuntime } from '../../../../src/commands/runtimes/describe/description.ts';
import { toServingRuntime } from '../../../../src/domain/kserve/serving-runtime.ts';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { DESCRIBE_CASES, runDescribe } from './cases.ts';

describe('runtimes describe', () => {
  for (const one of DESCRIBE_CASES) {
    it(`answers ${one.name}`, async () => {
      assertGolden(`runtimes-describe/${one.name}`, `runtimes describe ${one.argv}`, await runDescribe(one));
    });

    it(`says the same of ${one.name} in JSON and YAML, as the schema has it`, async () => {
      const [text, json, yaml] = [await runDescribe(one), await runDescribe(one, '-o json'), await runDescribe(one, '-o yaml')];
      assertReport(json.stdout, '-o json');
      assert.deepEqual([json.code, json.stderr], [text.code, text.stderr]);
      assert.equal(JSON.parse(json.stdout).summary.exitCode, text.code);
      assert.deepEqual(load(yaml.stdout), JSON.parse(json.stdout));
    });
  }

  it('comes to an end with 100,000 formats', () => {
    const supportedModelFormats = Array.from({ length: 100_000 }, (_, index) => ({ name: `f${index}`, priority: index }));
    const object: KubeObject = { metadata: { name: 'many', namespace: 'a' }, spec: { supportedModelFormats } };
    const { modelFormats } = describeRuntime(object, toServingRuntime(object, 'namespace'));
    assert.deepEqual(modelFormats.at(-1), { name: 'f99999', autoSelect: false, priority: 99_999, effectivePriority: 99_999 });
  });

  it('answers full in JSON', async () => {
    const [full] = DESCRIBE_CASES;
    if (full === undefined) assert.fail();
    assertGolden('runtimes-describe/full.json', `runtimes describe ${full.argv} -o json`, await runDescribe(full, '-o json'));
  });

  it('shows no value of the environment, which may be secret', async () => {
    for (const words of ['', '-o json', '-o yaml']) {
      const { stdout } = await runDescribe(DESCRIBE_CASES[0] ?? assert.fail(), words);
      assert.match(stdout, /TOKEN/);
      assert.doesNotMatch(stdout, /secret/);
    }
  });

  for (const argv of ['', 'a -f x', '-R', 'pod/a', 'A', '-f /nowhere.yaml']) {
    it(`refuses ${argv}`, async () => {
      const result = await runCli({ argv: `runtimes describe ${argv}` });
      assert.equal(result.code, 2);
      assertGolden(`runtimes-describe/misuse.${argv.replace(/[^A-Za-z0-9]+/g, '-') || 'nothing'}`, `runtimes describe ${argv}`, result);
    });
  }
});
