import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { actionlintBinary } from './support/control-plane/binaries.ts';
import { BUILD_MS } from './support/control-plane/kubectl-or-skip.ts';
import { run } from './support/packages/run.ts';

const FOLDER = fileURLToPath(new URL('../.github/workflows/', import.meta.url));
const FILES = readdirSync(FOLDER);

describe('workflows', () => {
  it('are what GitHub takes', async function () {
    this.timeout(BUILD_MS);
    const tools = await actionlintBinary();
    if (tools.kind === 'unavailable') {
      if (process.env.REQUIRE_CONTROL_PLANE) throw new Error(`REQUIRE_CONTROL_PLANE is set: ${tools.reason}`);
      return this.skip();
    }
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
      const { permissions } = load(text) as { permissions: Readonly<Record<string, string>> };
      assert.deepEqual(permissions, file === 'ci.yml' ? { contents: 'read' } : {});
    });
  }
});
