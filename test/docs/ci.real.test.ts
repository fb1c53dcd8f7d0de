// What docs/ci.md gives people, read by those whom it is for, where they can be had here: GitHub's workflows by actionlint, Kubernetes' own kinds
// by the API server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { actionlintBinary } from '../../tools/control-plane/binaries.ts';
import { controlPlane } from '../../tools/control-plane/control-plane.ts';
import { CI_SNIPPETS, snippetWith } from '../support/ci-snippets.ts';
import { describeReal } from '../support/describe-real.ts';
import { BUILD_MS } from '../support/kubectl-or-skip.ts';
import { run } from '../support/packages/run.ts';
import { skipOrFail } from '../support/skip.ts';

describe('the workflows in docs/ci.md', () => {
  it('are what GitHub takes', async function () {
    this.timeout(BUILD_MS);
    const tools = await actionlintBinary();
    if (tools.kind === 'unavailable') return skipOrFail(this, tools.reason);
    const folder = mkdtempSync(join(tmpdir(), 'workflows-'));
    const workflows = CI_SNIPPETS.filter((snippet) => snippet.includes('runs-on:'));
    const files = workflows.map((snippet, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, snippet);
      return file;
    });
    assert.ok(files.length >= 2);
    assert.deepEqual(await run(join(tools.dir, 'actionlint'), ['-no-color', '-shellcheck=', ...files]), {
      code: 0,
      stdout: '',
      stderr: '',
    });
    rmSync(folder, { recursive: true, force: true });
  });
});

describeReal('the CronJob in docs/ci.md', () => {
  it('is what the API server takes', async () => {
    const plane = await controlPlane();
    if (plane.kind !== 'ready') throw new Error(plane.reason);
    const cronJob = load(snippetWith('CronJob')) as KubeObject;
    const { status, body } = await plane.admin.request(
      'POST',
      '/apis/batch/v1/namespaces/default/cronjobs?dryRun=All&fieldValidation=Strict',
      {
        body: cronJob,
      },
    );
    assert.equal(status, 201, JSON.stringify(body));
  });
});
