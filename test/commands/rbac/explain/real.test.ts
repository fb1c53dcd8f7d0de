import assert from 'node:assert/strict';
import type { RbacV1Subject } from '@kubernetes/client-node';
import type { RbacSubject } from '../../../../src/domain/kubernetes/identity.ts';
import type { Discovery, KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { resolveSubject, subjectKey } from '../../../../src/domain/rbac/subject.ts';
import { binding, role } from '../../../../tools/rbac-objects.ts';
import { clusterOf } from '../../../support/client-cluster.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { random } from '../../../support/random.ts';
import { randomWorld } from '../../../support/random-world.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { assertReport } from '../../../support/report-schema.ts';
import { runCli } from '../../../support/run-cli.ts';

const QUESTIONS = 500;
const WORLDS = 10;
const TIMEOUT_MS = 20 * 60_000;
const KSERVE = 'serving.kserve.io';
const RBAC = 'rbac.authorization.k8s.io';

interface Place {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

interface Report {
  readonly allowed: boolean;
  readonly grants: readonly { readonly binding: Place; readonly role: Place; readonly ruleIndex: number }[];
}

function about(subject: RbacSubject): readonly string[] {
  if (subject.kind === 'ServiceAccount') return ['--sa', `${subject.namespace}:${subject.name}`];
  return [subject.kind === 'User' ? '--for-user' : '--for-group', subject.name];
}

describeReal('rbac explain and fix on a server', (plane) => {
  let discovery: Discovery;
  let places: readonly [string, string];

  before(async () => {
    places = [await plane().createNamespace('explain'), await plane().createNamespace('explain')];
    discovery = await clusterOf(plane().admin).discover({ core: true });
  });

  async function explain(words: readonly string[]): Promise<Report> {
    const cluster = { ...clusterOf(plane().admin), discover: async () => discovery };
    const { code, stdout, stderr } = await runCli({ argv: ['rbac', 'explain', ...words, '-o', 'json'], cluster });
    assert.ok(code === 0 || code === 1, stderr);
    return JSON.parse(stdout) as Report;
  }

  it(`names for a yes every binding that grants it, in ${QUESTIONS} questions: without them the answer is no`, async function () {
    this.timeout(TIMEOUT_MS);
    const worlds = Array.from({ length: WORLDS }, (_, index) => randomWorld(index + 900, places));
    const objects = worlds.flatMap((world) => world.objects);
    const people = new Map<string, RbacSubject>();
    for (const { subjects, metadata } of objects) {
      for (const one of (subjects ?? []) as RbacV1Subject[]) {
        const subject = resolveSubject(one, metadata.namespace ?? '');
        if (subject !== undefined && subject.name !== '*') people.set(subjectKey(subject), subject);
      }
    }
    await plane().admin.apply(...objects);
    await untilAuthorizerSaw(plane().admin, places[0]);
    const { pick, chance } = random(20_261_201);
    let yes = 0;
    try {
      for (let asked = 0; asked < QUESTIONS; asked++) {
        const kind = pick(['servingruntimes', 'clusterservingruntimes', 'inferenceservices', 'pods']);
        const words = [
          pick(['get', 'list', 'update', 'delete']),
          `${kind}${chance(40) ? '/x' : ''}`,
          '-n',
          pick(places),
          ...about(pick([...people.values()])),
        ];
        const { allowed, grants } = await explain(words);
        if (!allowed) {
          assert.deepEqual(grants, []);
          continue;
        }
        yes += 1;
        assert.ok(grants.length > 0, words.join(' '));
        // Those that grant it are in a world, so they can be taken away and put back.
        const bindings = grants.map(({ binding: { kind: bindingKind, name, namespace } }) =>
          objects.find(({ kind: of, metadata }) => of === bindingKind && metadata.name === name && metadata.namespace === namespace),
        );
        assert.ok(!bindings.includes(undefined), `${words.join(' ')}: ${JSON.stringify(grants)}`);
        const known = [...new Set(bindings as readonly KubeObject[])];
        await plane().admin.delete(...known);
        await untilAuthorizerSaw(plane().admin, places[0]);
        assert.equal((await explain(words)).allowed, false, `${words.join(' ')} without ${known.map(({ metadata }) => metadata.name)}`);
        // One alone is enough.
        const [first] = known;
        if (first !== undefined) await plane().admin.apply(first);
        await untilAuthorizerSaw(plane().admin, places[0]);
        assert.equal((await explain(words)).allowed, true, `${words.join(' ')} with ${first?.metadata.name}`);
        await plane().admin.apply(...known);
        await untilAuthorizerSaw(plane().admin, places[0]);
      }
    } finally {
      await plane().admin.delete(...objects);
    }
    assert.ok(yes > QUESTIONS / 10, `${yes} times yes`);
  });

  it('says of files what the caller may apply, and what is missing', async () => {
    const author = await plane().addUser('file-author');
    const writes = role('file-writer', { namespace: places[0] }, [
      { verbs: ['create', 'patch'], apiGroups: [RBAC], resources: ['roles', 'rolebindings'] },
      { verbs: ['get'], apiGroups: [KSERVE], resources: ['servingruntimes'] },
    ]);
    const bound = binding('file-writer', { namespace: places[0] }, { kind: 'Role', name: 'file-writer' }, author.name);
    await plane().admin.apply(writes, bound);
    await untilAuthorizerSaw(plane().admin, places[0]);
    const rules = (verbs: readonly string[]) => [{ verbs: [...verbs], apiGroups: [KSERVE], resources: ['servingruntimes'] }];
    const files = [
      role('held', { namespace: places[0] }, rules(['get'])),
      role('not-held', { namespace: places[0] }, rules(['get', 'list', 'watch'])),
      role('elsewhere', 'cluster', rules(['get'])),
      binding('held', { namespace: places[0] }, { kind: 'Role', name: 'held' }, 'zoe'),
    ];
    const cluster = clusterOf(plane().client(author));
    const stdin = files.map((object) => JSON.stringify(object)).join('\n---\n');
    const argv = 'rbac explain -f - -o json';
    const { code, stdout, stderr } = await runCli({ argv, cluster, stdin });
    assert.equal(code, 1, stderr);
    assertReport(stdout, argv);
    const { items } = JSON.parse(stdout) as {
      items: readonly {
        question: { name: string };
        summary: { answer: string };
        causes: readonly { code: string; missing: unknown }[];
        error?: string;
      }[];
    };
    assert.deepEqual(
      items.map(({ question, summary, causes }) => [question.name, summary.answer, ...causes.map(({ code, missing }) => [code, missing])]),
      [
        ['held', 'yes'],
        ['not-held', 'no', ['escalation', rules(['list', 'watch'])]],
        ['elsewhere', 'no'],
        ['held', 'unknown'],
      ],
    );
    assert.match(items[3]?.error ?? '', /you hold all that is in it/);
    const text = await runCli({ argv: 'rbac explain -f -', cluster, stdin });
    assert.match(text.stdout, /not-held.*escalation\n {2}Missing:\n {4}list, watch servingruntimes\.serving\.kserve\.io/);
    await plane().admin.delete(writes, bound);
  });

  it('says of a fix whether the caller may apply it, and is right', async function () {
    this.timeout(TIMEOUT_MS);
    const applier = await plane().addUser('fix-applier');
    const writes = role('fix-writer', { namespace: places[0] }, [
      { verbs: ['get', 'create', 'patch', 'update'], apiGroups: [RBAC], resources: ['roles', 'rolebindings'] },
    ]);
    const holds = role('fix-holder', { namespace: places[0] }, [
      { verbs: ['get', 'watch'], apiGroups: [KSERVE], resources: ['servingruntimes'] },
    ]);
    const reads = role('fix-asker', 'cluster', [
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] },
      { verbs: ['list'], apiGroups: [RBAC], resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'] },
    ]);
    const bind = (name: string, where: { namespace: string } | 'cluster') =>
      binding(name, where, { kind: where === 'cluster' ? 'ClusterRole' : 'Role', name }, applier.name);
    const objects = [
      writes,
      holds,
      reads,
      bind('fix-writer', { namespace: places[0] }),
      bind('fix-holder', { namespace: places[0] }),
      bind('fix-asker', 'cluster'),
    ];
    await plane().admin.apply(...objects);
    await untilAuthorizerSaw(plane().admin, places[0]);
    const cluster = { ...clusterOf(plane().client(applier)), discover: async () => discovery };
    const fix = async (verb: string) => {
      const argv = ['rbac', 'fix', verb, 'servingruntimes', '--for-user', 'zoe-of-fix', '-n', places[0], '-o', 'json'];
      const { code, stdout, stderr } = await runCli({ argv, cluster });
      assert.equal(code, 0, stderr);
      const report = JSON.parse(stdout);
      const input = JSON.stringify(report.fix);
      const applied = await plane().kubectl(applier, ['apply', '-f', '-'], { input });
      return { ...report.alternatives[report.chosen - 1], applied };
    };
    try {
      const held = await fix('get');
      assert.equal(held.applicable, 'untested');
      assert.match(held.why, /you hold all that is in it/);
      await untilAuthorizerSaw(plane().admin, places[0]);
      // The role is known to the server by now, if it was not a moment after it was made.
      const again =
        held.applied.code === 0
          ? held.applied
          : await plane().kubectl(applier, ['apply', '-f', '-'], {
              input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: held.objects }),
            });
      assert.equal(again.code, 0, again.stderr);
      await untilAuthorizerSaw(plane().admin, places[0]);
      assert.equal((await explain(['get', 'servingruntimes', '--for-user', 'zoe-of-fix', '-n', places[0]])).allowed, true);
      const refused = await fix('list');
      assert.equal(refused.applicable, 'no');
      assert.deepEqual(refused.missing, [{ verbs: ['list'], apiGroups: [KSERVE], resources: ['servingruntimes'] }]);
      assert.notEqual(refused.applied.code, 0);
      assert.match(refused.applied.stderr, /attempting to grant RBAC permissions not currently held/);
      await plane().admin.delete(...held.objects, ...refused.objects);
    } finally {
      await plane().admin.delete(...objects);
    }
  });
});
