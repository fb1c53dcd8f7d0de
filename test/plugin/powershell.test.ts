import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SHELL_SCRIPTS } from '../../src/commands/completion/shell-scripts.ts';
import { skip } from '../support/skip.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const IS_WINDOWS = process.platform === 'win32';

/** The one that comes with Windows too. */
const SHELLS = IS_WINDOWS ? ['pwsh', 'powershell'] : ['pwsh'];

for (const shell of SHELLS) {
  describe(`completion in ${shell}`, () => {
    let folder = '';
    before(function () {
      const { error } = spawnSync(shell, ['-NoProfile', '-Command', 'exit 0']);
      // It is on every Windows and on the machines of GitHub.
      if (error !== undefined && !IS_WINDOWS) skip(this, `${shell} is not installed`);
      folder = mkdtempSync(join(tmpdir(), 'powershell-'));
      writeFileSync(join(folder, 'completion.ps1'), SHELL_SCRIPTS.powershell);
    });
    after(() => {
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    });

    /** The folder of `$KUBECTL_KSERVE_PROGRAM`, or one with the sources under that name. */
    function onPath(): string {
      const program = process.env.KUBECTL_KSERVE_PROGRAM;
      if (program) return dirname(program);
      if (IS_WINDOWS) writeFileSync(join(folder, 'kubectl-kserve.cmd'), `@"${process.execPath}" "${MAIN}" %*\r\n`);
      else writeFileSync(join(folder, 'kubectl-kserve'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, { mode: 0o755 });
      return folder;
    }

    /** What TAB offers at the end of a line. */
    function offered(line: string): readonly string[] {
      const script = join(folder, 'ask.ps1');
      const tab = `(TabExpansion2 -inputScript '${line}' -cursorColumn ${line.length}).CompletionMatches`;
      writeFileSync(script, `. '${join(folder, 'completion.ps1')}'\n${tab} | ForEach-Object { $_.CompletionText }\n`);
      const env = { ...process.env, PATH: [onPath(), process.env.PATH].join(delimiter), KUBECONFIG: join(folder, 'none') };
      const flags = ['-NoProfile', '-NonInteractive', ...(IS_WINDOWS ? ['-ExecutionPolicy', 'Bypass'] : []), '-File', script];
      const { stdout, stderr } = spawnSync(shell, flags, { env, encoding: 'utf8' });
      assert.equal(stderr, '');
      return stdout.split(/\r?\n/).filter((one) => one !== '');
    }

    it('offers commands, by their start too', function () {
      this.timeout(120_000);
      const all = offered('kubectl-kserve ');
      for (const noun of ['runtimes', 'rbac', 'doctor', 'version']) assert.ok(all.includes(noun), all.join());
      assert.deepEqual(offered('kubectl-kserve runt'), ['runtimes']);
      assert.deepEqual(offered('kubectl-kserve runtimes l'), ['list']);
    });

    it('offers values of flags, behind = too', function () {
      this.timeout(120_000);
      assert.deepEqual(offered('kubectl-kserve runtimes list -o js').slice(0, 1), ['json']);
      assert.deepEqual(offered('kubectl-kserve runtimes list --output=yam'), ['--output=yaml']);
    });
  });
}
