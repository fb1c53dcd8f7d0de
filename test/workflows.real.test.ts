import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { actionlintBinary } from '../tools/control-plane/binaries.ts';
import { BUILD_MS } from './support/kubectl-or-skip.ts';
import { run } from './support/packages/run.ts';
import { skipOrFail } from './support/skip.ts';

const FOLDER = fileURLToPath(new URL('../.github/workflows/', import.meta.url));
const FILES = readdirSync(FOLDER);

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

function read(file: string): Workflow {
  return load(readFileSync(join(FOLDER, file), 'utf8')) as Workflow;
}

describe('workflows', () => {
  it('are what GitHub takes', async function () {
    this.timeout(BUILD_MS);
    const tools = await actionlintBinary();
    if (tools.kind === 'unavailable') return skipOrFail(this, tools.reason);
    const files = FILES.map((file) => join(FOLDER, file));
    const lint = (...paths: readonly string[]) => run(join(tools.dir, 'actionlint'), ['-no-color', '-shellcheck=', ...paths]);
    assert.deepEqual(await lint(...files), { code: 0, stdout: '', stderr: '' });
    const { code, stdout } = await lint(fileURLToPath(new URL('../package.json', import.meta.url)));
    assert.equal(code, 1);
    assert.match(stdout, /"jobs" section is missing/);
  });

  for (const file of FILES) {
    it(`${file} runs foreign actions by commit, with the version beside it, and grants nothing by default`, () => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action = '']) => action);
      for (const action of uses) assert.match(action, /^(\.\/\S+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
      assert.deepEqual(read(file).permissions, file === 'ci.yml' ? { contents: 'read' } : {});
    });
  }

  it('test with the script that everybody runs', () => {
    const { jobs } = read('ci.yml');
    assert.deepEqual(Object.keys(jobs), ['test']);
    assert.equal(jobs.test?.steps?.at(-1)?.run, '.ci/run');
  });

  it('give each job of a release no more rights than it uses', () => {
    const rights = Object.entries(read('release.yml').jobs).map(([name, { permissions }]) => [name, permissions]);
    assert.deepEqual(Object.fromEntries(rights), {
      test: { contents: 'read' },
      build: { contents: 'read' },
      smoke: {},
      windows: { contents: 'read' },
      publish: { contents: 'write', 'id-token': 'write', attestations: 'write' },
      npm: { 'id-token': 'write' },
      image: { contents: 'read', packages: 'write', 'id-token': 'write', attestations: 'write' },
      index: { contents: 'write', 'pull-requests': 'write' },
      'krew-index': { contents: 'read' },
    });
  });

  it('publish what was tested and started, with provenance and a signature of the checksums', () => {
    const { build, publish } = read('release.yml').jobs;
    assert.equal(build?.needs, 'test');
    assert.deepEqual(publish?.needs, ['build', 'smoke', 'windows']);
    const steps = publish?.steps ?? [];
    const at = (text: RegExp) => steps.findIndex(({ uses = '', run: script = '' }) => text.test(`${uses}${script}`));
    const order = [
      /^sha256sum --check checksums\.txt$/,
      /^actions\/attest-build-provenance@/,
      /^cosign sign-blob .* checksums\.txt$/,
      /^gh release create /,
    ];
    assert.deepEqual(
      order.map(at).toSorted((a, b) => a - b),
      order.map(at),
    );
    assert.ok(!order.map(at).includes(-1));
    assert.deepEqual(steps[at(/attest-build-provenance/)]?.with, { 'subject-checksums': 'checksums.txt' });
    assert.match(steps[at(/^gh release/)]?.run ?? '', /checksums\.txt\.sigstore\.json/);
  });

  it('make the image of the published archives, without root and with provenance', () => {
    const { image } = read('release.yml').jobs;
    assert.equal(image?.needs, 'publish');
    const text = JSON.stringify(image?.steps);
    const order = ['sha256sum --check', 'tar -xzf', 'docker buildx build', 'docker run', 'attest-build-provenance'];
    const at = order.map((step) => text.indexOf(step));
    assert.ok(at[0] !== undefined && at[0] > 0);
    assert.deepEqual(
      at,
      at.toSorted((a, b) => a - b),
    );
    const dockerfile = readFileSync(new URL('../scripts/package/Dockerfile', import.meta.url), 'utf8');
    assert.match(dockerfile, /^FROM \S+:nonroot@sha256:[0-9a-f]{64}$/m);
    assert.match(dockerfile, /^USER [1-9]\d*:[1-9]\d*$/m);
    assert.match(dockerfile, /^ENTRYPOINT \["/m);
    assert.doesNotMatch(dockerfile, /^(RUN|ADD|SHELL)\b/m);
  });
});
