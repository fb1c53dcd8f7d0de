import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SHELL_SCRIPTS, type Shell } from '../../../src/commands/completion/shell-scripts.ts';
import { run } from '../../support/packages/run.ts';
import { runCli } from '../../support/run-cli.ts';

const MAIN = new URL('../../../src/main.ts', import.meta.url).pathname;
// Each shows the line on Ctrl-X and ends.
const BASHRC = `PS1=
bind 'set enable-bracketed-paste off'
bind -x '"\\C-x": printf "<line>%s</line>\\n" "$READLINE_LINE"; exit'
source <(kubectl-kserve completion bash)
`;
const ZSHRC = `PS1=
autoload -U compinit && compinit -u -D
source <(kubectl-kserve completion zsh)
show() { print -r -- "<line>$BUFFER</line>"; exit }
zle -N show && bindkey '^X' show
`;

describe('completion of the program by its own name', () => {
  for (const shell of Object.keys(SHELL_SCRIPTS) as Shell[]) {
    it(`prints a script for ${shell}`, async () => {
      assert.deepEqual(await runCli({ argv: `completion ${shell}` }), { code: 0, stdout: SHELL_SCRIPTS[shell], stderr: '' });
    });
  }

  describe('in a real shell', () => {
    let folder = '';
    let env: Record<string, string>;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'shell-'));
      env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, KUBECONFIG: join(folder, 'config'), TERM: 'dumb', COLUMNS: '200' };
      writeFileSync(join(folder, 'kubectl-kserve'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, { mode: 0o755 });
      writeFileSync(join(folder, '.bashrc'), BASHRC);
      writeFileSync(join(folder, '.zshrc'), ZSHRC);
      writeFileSync(join(folder, 'some-file'), '');
      const contexts = ['prod:east', 'prod:west', 'a b', '$(exit)'].map((name) => ({ name, context: {} }));
      writeFileSync(join(folder, 'config'), JSON.stringify({ contexts }));
    });
    after(() => rmSync(folder, { recursive: true }));

    /** The line of a shell after the keys were typed. */
    async function typed(command: string, keys: string): Promise<string> {
      const shell = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
      shell.stdin.write(`${keys}\x18`);
      const output = await text(shell.stdout);
      return /<line>(.*)<\/line>/.exec(output)?.[1] ?? output;
    }

    /** Words as bash and zsh complete them alike. */
    const LINES: readonly (readonly [keys: string, line: string])[] = [
      ['kubectl-kserve runt\t', 'kubectl-kserve runtimes '],
      ['kubectl-kserve runtimes list --no-h\t-o y\t', 'kubectl-kserve runtimes list --no-headers -o yaml '],
      ['kubectl-kserve runtimes list --output=y\t', 'kubectl-kserve runtimes list --output=yaml '],
      ['kubectl-kserve runtimes list -o jsonpath-a\t', 'kubectl-kserve runtimes list -o jsonpath-as-json='],
      ['kubectl-kserve rbac check get,li\t', 'kubectl-kserve rbac check get,list'],
      ['kubectl-kserve version --context prod:e\t', 'kubectl-kserve version --context prod:east '],
      ['kubectl-kserve version --context=prod:e\t-o y\t', 'kubectl-kserve version --context=prod:east -o yaml '],
      ['kubectl-kserve version --context a\t', 'kubectl-kserve version --context a'],
      ['kubectl-kserve version --kubeconfig some\t', 'kubectl-kserve version --kubeconfig some-file '],
      ['kubectl-kserve version --kubeconfig=some\t', 'kubectl-kserve version --kubeconfig=some-file '],
      ['kubectl-kserve version some\t', 'kubectl-kserve version some'],
      ['true; kubectl-kserve  version  --cl\t', 'true; kubectl-kserve  version  --cl'],
    ];
    for (const [shell, command] of [
      ['bash', 'bash --noprofile --rcfile .bashrc -i'],
      ['zsh', 'zsh -i'],
    ] as const) {
      describe(shell, () => {
        before(function () {
          skipWithout(shell, this);
        });
        for (const [keys, line] of LINES) {
          it(`completes ${JSON.stringify(keys)}`, async () => assert.equal(await typed(command, keys), line));
        }
      });
    }

    it('bash, a name that would be a command', async () => {
      const line = await typed('bash --noprofile --rcfile .bashrc -i', 'kubectl-kserve version --context $\t');
      assert.equal(line, 'kubectl-kserve version --context $');
    });

    it('fish', async function () {
      skipWithout('fish', this);
      const offered = async (line: string): Promise<string> => {
        const script = 'kubectl-kserve completion fish | source; complete -C $argv[1]';
        return (await run('fish', ['--no-config', '-c', script, line], { env, cwd: folder })).stdout;
      };
      assert.equal(await offered('kubectl-kserve runt'), 'runtimes\tLook at serving runtimes\n');
      assert.equal(await offered('kubectl-kserve runtimes list --output=y'), '--output=yaml\n');
      assert.equal(await offered('kubectl-kserve rbac check get,li'), 'get,list\n');
      assert.equal(await offered('kubectl-kserve version --context prod'), 'prod:east\nprod:west\n');
      assert.equal(await offered('kubectl-kserve version --kubeconfig=some'), '--kubeconfig=some-file\n');
    });
  });
});

function skipWithout(shell: string, context: Mocha.Context): void {
  if (spawnSync(shell, ['--version']).error !== undefined) context.skip();
}
