import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError } from '../../../src/errors.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { assertAnnotations, assertJunit, assertSarif } from '../../support/ci-reports.ts';
import { type FakeCluster, fakeCluster } from '../../support/fake-cluster.ts';
import { recordedFailures } from '../../support/recorded-failures.ts';
import { assertReport } from '../../support/report-schema.ts';
import { type CliOptions, runCli } from '../../support/run-cli.ts';

const { cluster, failures } = recordedFailures();
const ISVC = 'inferenceservices.serving.kserve.io';
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'empty' } };

/** One question in the three formats, each as its consumer reads it; the code is the same in all. */
async function ask(argv: string, options: Omit<CliOptions, 'argv'> = {}) {
  const run = async (format: string) => runCli({ ...options, argv: `doctor ${argv} -o ${format}` });
  const [junit, sarif, github, json] = [await run('junit'), await run('sarif'), await run('github'), await run('json')];
  assert.deepEqual([sarif.code, github.code, json.code], [junit.code, junit.code, junit.code]);
  assertReport(json.stdout, '-o json');
  return {
    code: junit.code,
    junit: assertJunit(junit.stdout),
    sarif: assertSarif(sarif.stdout),
    github: assertAnnotations(github.stdout),
    json,
  };
}

function asUser(...objects: ReturnType<typeof grant>): { readonly cluster: FakeCluster } {
  return { cluster: fakeCluster({ objects: [NAMESPACE, ...objects], user: { name: 'ana' } }) };
}

describe('doctor, for CI systems', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  for (const { name, objects, expected } of failures) {
    it(`is read by their schemas, and is as red as the exit code: ${name}`, async () => {
      const dump = file('dump.json', { apiVersion: 'v1', kind: 'List', items: [...objects, ...cluster] });
      const { code, junit, sarif, github, json } = await ask(`-n ${expected.namespace} -f ${dump} --offline`);
      const { findings } = JSON.parse(json.stdout) as { readonly findings: readonly { readonly severity: string }[] };
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      assert.deepEqual([junit.failures + junit.errors > 0, code], [code !== 0, code]);
      assert.equal(sarif.results.length, findings.length);
      assert.equal(github.error ?? 0, errors);
      assert.equal(sarif.invocations[0].exitCode, code);
    });
  }

  for (const start of ['33', '35', '36']) {
    it(`is as red as --fail-on: ${start}`, async () => {
      const { objects, expected } = failures.find(({ name }) => name.startsWith(start)) ?? assert.fail();
      const dump = file('dump.json', { apiVersion: 'v1', kind: 'List', items: [...objects, ...cluster] });
      for (const [failOn, code] of [
        ['error', 0],
        ['warning', start === '36' ? 1 : 0],
        ['info', 1],
      ] as const) {
        const result = await ask(`-n ${expected.namespace} -f ${dump} --offline --fail-on=${failOn}`);
        assert.deepEqual([result.code, result.junit.failures > 0], [code, code === 1]);
      }
    });
  }

  it('says of a namespace without services that there are none', async () => {
    const { code, junit, github } = await ask('-n empty', { cluster: fakeCluster({ objects: [NAMESPACE] }) });
    // The embedded API server has no webhook configurations, which doctor wants to see: that stays red, and is told apart. It has no KServe either.
    assert.deepEqual([code, junit.failures, junit.errors, github], [4, 0, 2, { error: 2, warning: 2, notice: 1 }]);
  });

  it('has a case for a runtime, healthy or not', async () => {
    const runtime = (name: string, containers: readonly object[]) => ({
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ServingRuntime',
      metadata: { name, namespace: 'empty' },
      spec: { supportedModelFormats: [{ name: 'x', autoSelect: true }], containers },
    });
    const objects = [NAMESPACE, runtime('good', [{ name: 'kserve-container', image: 'a' }]), runtime('bad', [{ name: 'a', image: 'a' }])];
    const good = await ask('servingruntime/good -n empty', { cluster: fakeCluster({ objects }) });
    assert.deepEqual([good.code, good.junit], [0, { tests: 2, failures: 0, errors: 0, skipped: 0 }]);
    const bad = await ask('servingruntime/bad -n empty', { cluster: fakeCluster({ objects }) });
    assert.deepEqual([bad.code, bad.junit.failures, bad.github.error], [1, 1, 1]);
  });

  it('is red where a service, or the namespace, does not exist', async () => {
    for (const argv of ['nobody -n empty', '-n nowhere']) {
      const { code, junit, sarif, github } = await ask(argv, { cluster: fakeCluster({ objects: [NAMESPACE] }) });
      assert.equal(code, 1);
      assert.ok(junit.failures > 0 && (github.error ?? 0) > 0 && sarif.invocations[0].toolExecutionNotifications.length > 0);
    }
  });

  it('is red where something could not be read, though nothing was found', async () => {
    const reader = asUser(...grant('reader', 'ana', 'cluster', ['get', 'list'], ISVC));
    const { code, junit, sarif, github } = await ask('-n empty', reader);
    assert.equal(code, 4);
    assert.deepEqual(
      [junit.failures, junit.errors > 0, (github.error ?? 0) > 0, sarif.invocations[0].executionSuccessful],
      [0, true, true, false],
    );
  });

  it('is red where nothing could be read at all', async () => {
    const { code, junit, sarif, github } = await ask('iris -n empty', asUser());
    assert.equal(code, 3);
    assert.deepEqual(
      [junit, github, sarif.invocations[0].executionSuccessful],
      [{ tests: 1, failures: 0, errors: 1, skipped: 0 }, { error: 1 }, false],
    );
  });

  it('is red where there is no server, and where a file cannot be read', async () => {
    const unreachable = { connect: () => Promise.reject(new ClusterError('ConnectionRefused', 'refused ##vso[x]')) };
    for (const [argv, options, wanted] of [
      ['', unreachable, 3],
      [`-f ${file('bad.yaml', 'a: [')} --offline`, {}, 2],
    ] as const) {
      const { code, junit, sarif, github } = await ask(argv, options);
      assert.deepEqual([code, junit.errors, github.error, sarif.invocations[0].exitCode], [wanted, 1, 1, wanted]);
    }
  });

  it('has a case for each manifest, and warns of what --offline leaves out', async () => {
    const isvc = (name: string, format: string) =>
      `{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: ${name}}, spec: {predictor: {model: {modelFormat: {name: ${format}}, storageUri: "s3://a/b"}}}}`;
    const path = file('a.yaml', [isvc('good', 'x'), isvc('Bad', 'x')].join('\n---\n'));
    const { code, junit, sarif, github } = await ask(`-f ${path} --offline`);
    assert.equal(code, 1);
    assert.equal(junit.failures, 1);
    assert.ok(junit.errors > 0 && junit.tests === junit.errors + 2, JSON.stringify(junit));
    assert.deepEqual([github.error, (github.warning ?? 0) > 0], [1, true]);
    assert.ok(sarif.invocations[0].toolExecutionNotifications.every(({ level }) => level === 'warning'));
  });

  it('is red for a kind with a typo and a group with a typo', async () => {
    const slip = (apiVersion: string, kind: string) => `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a}}`;
    const kinds = [slip('serving.kserve.io/v1beta1', 'InferenceServce'), slip('serving.kserve.oi/v1', '"<\\u001b[31m\\n::error::&>"')];
    const path = file('slips.yaml', kinds.join('\n---\n'));
    for (const [words, options] of [['--offline', {}] as const, ['', { cluster: fakeCluster() }] as const]) {
      const { code, junit, sarif, github } = await ask(`-f ${path} ${words}`, options);
      assert.deepEqual([code, junit.failures, sarif.results.length, github.error], [1, 2, 2, 2]);
      const { stdout, code: plain } = await runCli({ ...options, argv: `doctor -f ${path} ${words}` });
      assert.deepEqual([plain, stdout.match(/✗ no matches for kind/gi)?.length], [1, 2]);
      assert.doesNotMatch(stdout, /\u001b/);
    }
  });

  it('is red where the time of --wait is over', async () => {
    const service = {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'iris', namespace: 'empty' },
      spec: { predictor: { model: { modelFormat: { name: 'x' }, storageUri: 's3://a/b' } } },
    };
    const now = new Date();
    const world = fakeCluster({ objects: [NAMESPACE, service], now: () => now });
    const { code, junit, github } = await ask('iris -n empty --wait=1ms', { cluster: world, now });
    assert.equal(code, 124);
    assert.ok(junit.errors > 0 && (github.error ?? 0) > 0);
  });
});
