import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from '../src/cluster/connect.ts';
import { type ControlPlane, startControlPlane } from '../tools/control-plane/control-plane.ts';
import { fixtureObjects } from '../tools/fixtures.ts';
import { describeReal } from './support/describe-real.ts';
import { runCli } from './support/run-cli.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const DAY_MS = 86_400_000;

interface Shown {
  readonly command: string;
  readonly output: string;
}

/** The commands of the founding case with the output that the README shows under each. */
function shownCommands(): readonly Shown[] {
  const section = README.split('## Twenty seconds\n')[1]?.split('\n## ')[0] ?? '';
  const blocks = section.match(/(?:^ {4}.*\n(?:\n(?= {4}))?)+/gm) ?? [];
  return blocks.flatMap((block) =>
    block
      .replace(/^ {4}/gm, '')
      .split(/^\$ /m)
      .filter((text) => text !== '')
      .map((text) => {
        const end = text.indexOf('\n');
        return { command: text.slice(0, end), output: text.slice(end + 1) };
      }),
  );
}

// A server of its own: other tests leave cluster-scoped runtimes on the shared one.
describeReal('The founding case in the README', () => {
  let plane: ControlPlane;
  before(async function () {
    this.timeout(60_000);
    const started = await startControlPlane();
    if (started.kind !== 'ready') throw new Error(started.reason);
    plane = started;
    const shown = /^ {4}(\S+) +cluster /gm;
    const names = [...README.matchAll(shown)].map((match) => match[1]);
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
    const apiGroup = 'rbac.authorization.k8s.io';
    await plane.admin.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ml' } },
      ...fixtureObjects('runtimes').filter(({ metadata }) => names.includes(metadata.name)),
      {
        ...rbac,
        kind: 'ClusterRole',
        metadata: { name: 'runtime-reader' },
        rules: [
          { apiGroups: ['serving.kserve.io'], resources: ['servingruntimes', 'clusterservingruntimes'], verbs: ['get', 'list', 'watch'] },
        ],
      },
      {
        ...rbac,
        kind: 'RoleBinding',
        metadata: { name: 'app-reads-runtimes', namespace: 'ml' },
        roleRef: { apiGroup, kind: 'ClusterRole', name: 'runtime-reader' },
        subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: 'ml' }],
      },
    );
  });

  const ours = async (words: string): Promise<string> => {
    const now = new Date(Date.now() + 41 * DAY_MS);
    const { stdout } = await runCli({ argv: words, connect, env: { KUBECONFIG: plane.kubeconfig('admin'), HOME: plane.folder }, now });
    return stdout;
  };

  it('is what kubectl and the plugin print, before and after the grant is pasted', async function () {
    this.timeout(60_000);
    const printed: Shown[] = [];
    for (const { command } of shownCommands()) {
      const words = /^kubectl kserve (.*)$/.exec(command)?.[1];
      const output = words === undefined ? await plane.paste(`${command} || true`) : await ours(words);
      printed.push({ command, output });
      for (const [grant] of output.matchAll(/^ {2}kubectl create .*$/gm)) await plane.paste(grant);
    }
    assert.deepEqual(printed, shownCommands());
  });
});
