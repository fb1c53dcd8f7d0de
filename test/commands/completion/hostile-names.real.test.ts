// Names in a cluster that are commands of a shell, in a real bash, with both generations of kubectl's completion script.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeWords } from '../../../src/cli/completion/complete.ts';
import { connect } from '../../../src/cluster/connect.ts';
import { type ScriptedFault, statusFault } from '../../../tools/api-server/faults.ts';
import { type ApiServer, startApiServer } from '../../../tools/api-server/server.ts';
import { kubectlOrSkip } from '../../support/kubectl-or-skip.ts';
import { run } from '../../support/packages/run.ts';
import { createHost } from '../../support/run-cli.ts';

const BASHRC = new URL('../../fixtures/completion.bashrc', import.meta.url).pathname;

/** What a shell would do, if it did anything with them, leaves a file behind. */
const COMMANDS = [
  '$(touch done-by-parentheses)',
  '`touch done-by-backticks`',
  '<(touch done-by-process)',
  `\${x:-$(touch done-by-expansion)}`,
  'a"$(touch done-by-quotes)"',
  "a';touch done-by-semicolon;'",
  'a;touch done-by-sequence',
  'a\ntouch done-by-line',
  'a|touch done-by-pipe',
  'a&touch done-by-job',
  'a>done-by-redirection',
  '$((a[$(touch done-by-arithmetic)]))',
];
/** What a shell takes otherwise than it stands there. */
const CHANGED = [
  'a b',
  '~',
  '~root',
  '*',
  'a?',
  '{a,b}',
  '[a]',
  '!!',
  '#a',
  '$HOME',
  'a\\b',
  "it's",
  'a\tb',
  '(a)',
  '^a',
  'a=~',
  'größe',
  '--server=evil',
  '-x',
  '=ls',
  '@a',
];
const GOOD = ['arn:aws:eks:eu-west-1:1:cluster/a', 'onnx', 'sk-learn_1.0', 'user@host+x', '100%'];

/**
 * What kubectl printed up to 1.21: cobra's earlier function handed all lines that came, descriptions and help for people among them, to
 * `compgen -W`, which expands them. Written from what it does.
 */
const OLDER_SCRIPT = `
older_completion() {
  local words=("$@") cur=\${!#} lines
  lines=$(kubectl-kserve __complete "\${words[@]}" 2>/dev/null)
  lines=\${lines%:*}
  while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -W "$lines" -- "$cur")
}
COMPREPLY=()
older_completion "$@"
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** kubectl's script of today, asked as bash asks it. */
const CURRENT_SCRIPT = `
source ${BASHRC} 2>/dev/null
COMP_WORDS=(kubectl kserve "$@") COMP_CWORD=$(($# + 1)) COMP_TYPE=9 COMP_KEY=9
COMP_LINE="\${COMP_WORDS[*]}" COMP_POINT=\${#COMP_LINE}
__start_kubectl 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"
`;

describe('names in a cluster that are commands of a shell', () => {
  let folder = '';
  let server: ApiServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostile-names-'));
    server = await startApiServer({ objects: [runtime([...COMMANDS, ...CHANGED, ...GOOD])], faults: [REFUSAL, DISCOVERY] });
    for (const name of ['kubectl-kserve', 'kubectl_complete-kserve'])
      writeFileSync(join(folder, name), `#!/bin/sh\nexec cat "${join(folder, 'answer')}"\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'answer'), '');
    writeFileSync(join(folder, 'config'), withContexts(server.kubeconfig('admin')));
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const REFUSAL = { on: { path: '/api/v1/namespaces' }, fault: statusFault(403, 'Forbidden', `no: ${COMMANDS.join(' ')}`) };

  /** Kinds are the server's words too, and stand beside what is offered. */
  const resource = (plural: string, index: number) => ({
    resource: plural,
    responseKind: { kind: COMMANDS[index % COMMANDS.length] },
    scope: 'Namespaced',
    verbs: ['get'],
  });
  const resources = [...COMMANDS, '--server=https://evil/', 'newthings', 'newerthings'].map(resource);
  const group = { metadata: { name: 'serving.kserve.io' }, versions: [{ version: 'v1', resources }] };
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [group] };
  const DISCOVERY: ScriptedFault = {
    on: { path: '/apis' },
    fault: { kind: 'answer', status: 200, contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', body },
  };

  function withContexts(kubeconfig: string): string {
    const context = (name: string): string => `contexts:\n  - name: ${JSON.stringify(name)}\n    context: {cluster: test, user: admin}\n`;
    return [...COMMANDS, ...CHANGED, ...GOOD].reduce((text, name) => text.replace('contexts:\n', context(name)), kubeconfig);
  }

  async function answerTo(words: readonly string[]): Promise<string> {
    const env = { HOME: folder, KUBECONFIG: join(folder, 'config') };
    const { host, written } = createHost({ argv: words, connect, env });
    await completeWords(['__complete', ...words], host);
    return written().stdout;
  }

  /** What a script makes of a line; nothing may have happened besides. */
  async function offered(script: string, words: readonly string[]): Promise<readonly string[]> {
    // The answer is made before, for TAB does not wait for a machine that is slow.
    writeFileSync(join(folder, 'answer'), await answerTo(words));
    const before = readdirSync(folder);
    const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, KUBECONFIG: join(folder, 'config') };
    const { stdout } = await run('bash', ['--noprofile', '--norc', '-c', script, 'bash', ...words], { cwd: folder, env });
    assert.deepEqual(readdirSync(folder), before);
    return stdout.split('\n').filter((line) => line !== '');
  }

  for (const [generation, script] of [
    ['older', OLDER_SCRIPT],
    ['current', CURRENT_SCRIPT],
  ] as const) {
    describe(`${generation} script`, () => {
      before(async function () {
        if (generation === 'older') return;
        const kubectl = await kubectlOrSkip(this);
        if (!existsSync(join(folder, 'kubectl'))) symlinkSync(kubectl, join(folder, 'kubectl'));
      });

      it('offers model formats that every shell takes as they are', async () =>
        assert.deepEqual(await offered(script, ['runtimes', 'list', '--model-format', '']), GOOD.toSorted()));

      it('offers protocols that every shell takes as they are', async () =>
        assert.deepEqual(await offered(script, ['runtimes', 'list', '--protocol', '']), GOOD.toSorted()));

      it('offers contexts that every shell takes as they are', async () =>
        assert.deepEqual(await offered(script, ['runtimes', 'list', '--context', '']), ['admin', ...GOOD].toSorted()));

      it('offers kinds that every shell takes as they are', async () => {
        const words = (await offered(script, ['rbac', 'check', 'get', ''])).map((line) => line.split(/\s/)[0] ?? '');
        assert.deepEqual(
          words.filter((word) => word.endsWith('.serving.kserve.io')),
          ['newthings', 'newerthings'].map((plural) => `${plural}.serving.kserve.io`),
        );
      });

      it('runs nothing that stands in a refusal', async () => {
        await offered(script, ['runtimes', 'list', '--namespace', '']);
      });
    });
  }

  it('would be run: the older script runs what it gets', async () => {
    writeFileSync(join(folder, 'lines'), `${COMMANDS.join('\n')}\n:4\n`);
    await run('bash', ['-c', OLDER_SCRIPT.replace(/kubectl-kserve __complete "[^"]*"/, 'cat lines')], { cwd: folder });
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('done-by')),
      ['done-by-arithmetic', 'done-by-backticks', 'done-by-expansion', 'done-by-parentheses', 'done-by-process', 'done-by-quotes'],
    );
  });
});

function runtime(names: readonly string[]) {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterServingRuntime',
    metadata: { name: 'hostile' },
    spec: { supportedModelFormats: names.map((name) => ({ name })), protocolVersions: names, containers: [] },
  };
}
