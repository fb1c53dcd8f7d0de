import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SHELL_SCRIPTS, type Shell } from '../../../src/commands/completion/shell-scripts.ts';
import { runCli } from '../../support/run-cli.ts';

const MAIN = new URL('../../../src/main.ts', import.meta.url).pathname;
// Shows the line on Ctrl-X and ends.
const RC = `PS1=
bind 'set enable-bracketed-paste off'
bind -x '"\\C-x": printf "<line>%s</line>\\n" "$READLINE_LINE"; exit'
source <(kubectl-kserve completion bash)
`;

describe('completion of the program by its own name', () => {
  for (const shell of Object.keys(SHELL_SCRIPTS) as Shell[]) {
    it(`prints a script for ${shell}`, async () => {
      assert.deepEqual(await runCli({ argv: `completion ${shell}` }), { code: 0, stdout: SHELL_SCRIPTS[shell], stderr: '' });
    });
  }

  describe('in a real bash', () => {
    let folder = '';
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'shell-'));
      writeFileSync(join(folder, 'kubectl-kserve'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, { mode: 0o755 });
      writeFileSync(join(folder, 'rc'), RC);
      writeFileSync(join(folder, 'some-file'), '');
      const contexts = ['prod:east', 'prod:west', 'a b', '$(exit)'].map((name) => ({ name, context: {} }));
      writeFileSync(join(folder, 'config'), JSON.stringify({ contexts }));
    });
    after(() => rmSync(folder, { recursive: true }));

    /** The line after the keys were typed. */
    async function typed(keys: string): Promise<string> {
      const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, KUBECONFIG: join(folder, 'config'), TERM: 'dumb', COLUMNS: '200' };
      const bash = `bash --noprofile --rcfile ${join(folder, 'rc')} -i`;
      const shell = spawn('script', ['-qec', bash, '/dev/null'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
      shell.stdin.write(`${keys}\x18`);
      const output = await text(shell.stdout);
      return /<line>(.*)<\/line>/.exec(output)?.[1] ?? output;
    }

    const cases: readonly [string, string][] = [
      ['kubectl-kserve runt\t', 'kubectl-kserve runtimes '],
      ['kubectl-kserve runtimes list --outp\tj\t', 'kubectl-kserve runtimes list --output json '],
      ['kubectl-kserve runtimes list --output=j\t', 'kubectl-kserve runtimes list --output=json '],
      ['kubectl-kserve rbac check get,li\t', 'kubectl-kserve rbac check get,list'],
      ['kubectl-kserve version --context prod:e\t', 'kubectl-kserve version --context prod:east '],
      ['kubectl-kserve version --context=prod:e\t-o j\t', 'kubectl-kserve version --context=prod:east -o json '],
      ['kubectl-kserve version --context a\t', 'kubectl-kserve version --context a\\ b '],
      ['kubectl-kserve version --context $\t', 'kubectl-kserve version --context \\$\\(exit\\) '],
      ['kubectl-kserve version --kubeconfig some\t', 'kubectl-kserve version --kubeconfig some-file '],
      ['kubectl-kserve version --kubeconfig=some\t', 'kubectl-kserve version --kubeconfig=some-file '],
      ['kubectl-kserve version some\t', 'kubectl-kserve version some'],
      ['true; kubectl-kserve  version  --cl\t', 'true; kubectl-kserve  version  --cl'],
    ];
    for (const [keys, expected] of cases) {
      it(`completes ${JSON.stringify(keys)}`, async () => assert.equal(await typed(keys), expected));
    }
  });
});
