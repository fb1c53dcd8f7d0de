import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { assertGolden } from '../../../support/golden.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';
import { MATCH_CASES, model, runMatch, runtime, service } from './cases.ts';

describe('runtimes match', () => {
  for (const one of MATCH_CASES) {
    it(`answers ${one.name}`, async () => {
      assertGolden(`runtimes-match/${one.name}`, `runtimes match ${one.argv}`, await runMatch(one));
    });

    if (one.argv.includes('-o ') || one.name === 'nothing-in-files') continue;
    it(`says the same of ${one.name} in JSON and YAML, as the schema has it`, async () => {
      const [text, json, yaml] = [await runMatch(one), await runMatch(one, '-o json'), await runMatch(one, '-o yaml')];
      assertReport(json.stdout, '-o json');
      assert.deepEqual([json.code, json.stderr], [text.code, text.stderr]);
      const report = JSON.parse(json.stdout);
      assert.equal(report.summary.exitCode, text.code);
      assert.deepEqual(load(yaml.stdout), report);
    });
  }

  for (const name of ['protocol-unset', 'explicit-shadowed', 'cluster-forbidden-undecided', 'recorded-changed', 'several', 'canaries']) {
    const one = MATCH_CASES.find((each) => each.name === name) ?? assert.fail(name);
    it(`answers ${name} in JSON`, async () => {
      assertGolden(`runtimes-match/${name}.json`, `runtimes match ${one.argv} -o json`, await runMatch(one, '-o json'));
    });
  }

  for (const argv of [
    '--offline',
    '-R',
    '--protocol v2',
    '--runtime x',
    '--multi-node',
    '--model-format :1',
    '--model-format x -A',
    'iris --model-format x',
    'iris -A',
    'Iris',
    'pod/iris',
    '-o table',
  ]) {
    it(`refuses ${argv}`, async () => {
      const name = argv.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
      const result = await runCli({ argv: `runtimes match ${argv}` });
      assert.equal(result.code, 2);
      assertGolden(`runtimes-match/misuse.${name}`, `runtimes match ${argv}`, result);
    });
  }

  it('refuses a manifest of another namespace than that of -n, as kubectl does', async () => {
    const { code, stderr } = await runMatch({ name: '', argv: '-f - --offline -n team-b', files: [service('iris', model('sklearn'))] });
    assert.equal(code, 2);
    assert.match(stderr, /^error: <stdin>:\d+:\d+: the namespace "team-a" of this InferenceService is not the "team-b" of -n\n$/);
  });

  it('does not take an InferenceService without a predictor for one that needs no runtime', async () => {
    const misspelt = service('iris', {}, { spec: { predictr: model('sklearn') } });
    const { code, stdout } = await runMatch({ name: '', argv: '-f - --offline', files: [misspelt, runtime('a')] });
    assert.equal(code, 1);
    assert.match(stdout, /it has no spec\.predictor, and the API server refuses an InferenceService without one\n$/);
  });

  it('says with --offline that the files hold no runtimes, also of one that is named', async () => {
    const hint = 'hint: The files hold no runtimes, and with --offline those of the cluster do not count.\n';
    for (const named of [{}, { runtime: 'a' }]) {
      const files = [service('iris', model('sklearn', named))];
      assert.equal((await runMatch({ name: '', argv: '-f - --offline', files })).stderr, hint);
      assert.notEqual((await runMatch({ name: '', argv: '-f - --offline', files: [...files, runtime('b')] })).stderr, hint);
    }
  });

  it('refuses files that hold nothing of use', async () => {
    for (const argv of ['-f - --offline', '-f -']) {
      const result = await runCli({ argv: `runtimes match ${argv}`, stdin: 'kind: ConfigMap\n---\n' });
      assert.deepEqual(result, { code: 2, stdout: '', stderr: 'error: no InferenceService or runtime in -\n' });
    }
  });

  it('sends nothing where a file cannot be read', async () => {
    const result = await runCli({ argv: 'runtimes match -f -', stdin: 'kind: A\n\tb: 1\n' });
    assert.deepEqual(result, { code: 2, stdout: '', stderr: 'error: <stdin>:2:1: tab characters must not be used in indentation\n' });
  });

  it('says with -q on stderr why the answer is not yes, and nothing else', async () => {
    const files = [service('iris', model('sklearn')), service('bert', model('vllm')), runtime('a')];
    const loud = await runMatch({ name: '', argv: '-f - --offline', files });
    const quiet = await runMatch({ name: '', argv: '-f - --offline -q', files });
    assert.deepEqual([quiet.code, quiet.stdout], [loud.code, '']);
    assert.match(
      quiet.stderr,
      /^InferenceService "bert" \(<stdin>:\d+\), namespace team-a: No runtime: KServe would report "No runtime found[^"]*" \(NoSupportingRuntime\)\n$/,
    );
    assert.deepEqual(await runMatch({ name: '', argv: '-f - --offline -qq', files }), { code: 1, stdout: '', stderr: '' });
  });

  it('answers for the files of a folder that can be read, and says which cannot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'match-'));
    after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'a.json'), JSON.stringify(service('iris', model('sklearn'))));
    writeFileSync(join(folder, 'b.json'), JSON.stringify(runtime('a')));
    writeFileSync(join(folder, 'c.yaml'), 'a: [1');
    const argv = `runtimes match -f ${folder} --offline`;
    const { code, stdout, stderr } = await runCli({ argv });
    assert.equal(code, 2);
    assert.match(stdout, /^Chosen: a \(cluster\)/m);
    assert.match(stderr, /^error: .*c\.yaml:1:6: .*\nnote: A runtime in a file that could not be read is missing above\.\n$/);
    const json = (await runCli({ argv: `${argv} -o json` })).stdout;
    assertReport(json, '-o json');
    assert.equal(JSON.parse(json).unreadFiles.length, 1);
    assert.match((await runCli({ argv: `${argv} -o github` })).stdout, /::error.*c\.yaml/);
  });

  it('shows what comes from files and servers without its control characters', async () => {
    const evil = '\u001b[31mred\u202e';
    const files = [service('iris', model(evil)), runtime('a', { formats: [{ name: evil, autoSelect: true }], protocols: [evil] })];
    const { stdout, stderr } = await runMatch({ name: '', argv: '-f - --offline', files });
    assert.ok(!/[\u001b\u202e]/.test(stdout + stderr), stdout);
  });
});
