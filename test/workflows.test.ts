import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { actionlintBinary } from './support/control-plane/binaries.ts';
import { BUILD_MS } from './support/control-plane/kubectl-or-skip.ts';
import { run } from './support/packages/run.ts';

const WORKFLOWS = fileURLToPath(new URL('../.github/workflows/', import.meta.url));

describe('the workflows', () => {
  const files = readdirSync(WORKFLOWS).map((name) => join(WORKFLOWS, name));

  it('are what GitHub takes', async function () {
    this.timeout(BUILD_MS);
    const tools = await actionlintBinary();
    if (tools.kind === 'unavailable') {
      if (process.env.REQUIRE_CONTROL_PLANE) throw new Error(`REQUIRE_CONTROL_PLANE is set: ${tools.reason}`);
      return this.skip();
    }
    const lint = (paths: readonly string[]) =>
      run(join(tools.dir, 'actionlint'), ['-no-color', '-oneline', '-shellcheck=', ...paths], { env: {} });
    assert.deepEqual(await lint(files), { code: 0, stdout: '', stderr: '' });
    assert.notEqual((await lint([fileURLToPath(new URL('../package.json', import.meta.url))])).code, 0);
  });

  for (const file of files) {
    it(`pin every action of ${file.slice(WORKFLOWS.length)} to a commit`, () => {
      const used = [...readFileSync(file, 'utf8').matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = '']) => action);
      const loose = used.filter((action) => !action.startsWith('./') && !/@[0-9a-f]{40} # v\d/.test(action));
      assert.ok(used.length > 0);
      assert.deepEqual(loose, []);
    });
  }
});
