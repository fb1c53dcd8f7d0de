import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { type ControlPlane, startControlPlane } from '../../../../tools/control-plane/control-plane.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { commandsOn } from '../../../support/commands-on.ts';
import { type CustomKind, installKinds } from '../../../support/custom-kind.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';

const START_MS = 5 * 60_000;
const KSERVE = 'serving.kserve.io';
const ISVC = `inferenceservices.${KSERVE}`;
const SR = `servingruntimes.${KSERVE}`;
const A = { namespace: 'a' };
const ALL = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

const kserve = (kind: string, version = 'v1alpha1', cluster = false): CustomKind => ({ group: KSERVE, version, kind, cluster });
const KNATIVE = ['Service', 'Revision', 'Route', 'Configuration'].map((kind) => ({ group: 'serving.knative.dev', version: 'v1', kind }));
const TEMPLATE = { group: 'template.openshift.io', version: 'v1', kind: 'Template' };

interface Report {
  readonly questions: readonly {
    readonly verb: string;
    readonly group: string;
    readonly resource: string;
    readonly namespace: string;
    readonly name?: string;
    readonly optional?: true;
    readonly verdict: string;
  }[];
  readonly leftOut?: readonly string[];
  readonly namespaces: readonly string[];
  readonly explanations: readonly string[];
  readonly summary: { readonly total: number; readonly denied: number; readonly notInstalled: readonly string[] };
  readonly grant?: { readonly items: readonly (KubeObject & { readonly rules?: readonly { readonly resources: readonly string[] }[] })[] };
  readonly grantCommands?: readonly string[];
}

describeReal('rbac check --for a task, by what the server serves', () => {
  let plane: ControlPlane;
  const { run, inState } = commandsOn(() => plane);

  before(async function () {
    this.timeout(START_MS);
    const started = await startControlPlane({ crds: 'none' });
    assert.ok(started.kind === 'ready');
    plane = started;
    const namespaces = ['a', 'b', 'ml', 'opendatahub'];
    await plane.admin.apply(...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
    await plane.admin.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace: 'ml' } });
  });

  after(() => plane?.stop());

  async function report(argv: string, as: 'ana' | 'admin' = 'ana'): Promise<Report & { readonly code: number }> {
    const { code, stdout, stderr } = await run(`${argv} -o json`, as);
    assert.notEqual(stdout, '', stderr);
    return { code, ...(JSON.parse(stdout) as Report) };
  }

  const kindsOf = ({ questions }: Report): readonly string[] => [
    ...new Set(questions.map(({ resource, group }) => `${resource}.${group}`)),
  ];

  // The order matters: more is served from one to the next.

  it('is no about a cluster without KServe, for every task', async () => {
    for (const task of ['runtimes', 'deploy', 'deploy-llm', 'call', 'debug', 'author-runtimes', 'administer']) {
      const { code, summary, leftOut } = await report(`rbac check --for ${task} -n a`, 'admin');
      assert.equal(code, 1, task);
      assert.ok(
        summary.notInstalled.some((name) => name.endsWith(KSERVE)),
        task,
      );
      assert.ok(!leftOut?.some((name) => name.endsWith(KSERVE)), task);
    }
  });

  it('leaves out kinds that an installation may lack, with a note, and never InferenceService and ServingRuntime', async () => {
    await installKinds(plane.admin, [kserve('InferenceService', 'v1beta1')]);
    const without = await run('rbac check -n a', 'admin');
    assert.equal(without.code, 1, without.stdout);
    assert.match(without.stdout, /^servingruntimes\.serving\.kserve\.io is not installed in this cluster\.$/m);
    await installKinds(plane.admin, [kserve('ServingRuntime')]);
    await inState([...grant('sr', 'ana', A, ALL, SR)], async () => {
      for (const words of ['', '--for runtimes', '--for author-runtimes']) {
        const { code, stdout, stderr } = await run(`rbac check ${words} -n a`);
        assert.equal(code, 0, stdout);
        assert.match(stderr, /^note: left out, .*: clusterservingruntimes\.serving\.kserve\.io$/m);
        assert.doesNotMatch(stdout, /clusterservingruntimes/);
      }
    });
    assert.deepEqual((await report('rbac check -n a', 'admin')).leftOut, [`clusterservingruntimes.${KSERVE}`]);
    const named = await run('rbac check list clusterservingruntimes', 'admin');
    assert.deepEqual([named.code, named.stdout], [1, 'no\n'], named.stderr);
  });

  it('counts and grants what a task can do without only with --optional', async () => {
    await inState([...grant('isvc', 'ana', A, ALL, ISVC), ...grant('events', 'ana', A, ['list'], 'events')], async () => {
      const plain = await report('rbac check --for deploy -n a');
      assert.deepEqual([plain.code, plain.summary.total, plain.grant], [0, 8, undefined]);
      const optional = plain.questions.filter((question) => question.optional).map(({ verb, resource }) => `${verb} ${resource}`);
      assert.deepEqual(optional, ['create secrets', 'get secrets', 'create serviceaccounts', 'get serviceaccounts']);
      const whole = await report('rbac check --for deploy --optional -n a');
      assert.deepEqual([whole.code, whole.summary.total, whole.summary.denied], [1, 12, 4]);
      const rules = whole.grant?.items.flatMap((object) => object.rules ?? []) ?? [];
      assert.deepEqual(
        rules.flatMap(({ resources }) => resources),
        ['secrets', 'serviceaccounts'],
      );
      await plane.paste((whole.grantCommands ?? []).join('\n'));
      await untilAuthorizerSaw(plane.admin, 'a');
      assert.equal((await report('rbac check --for deploy --optional -n a')).code, 0);
      await plane.admin.delete(...(whole.grant?.items ?? []));
    });
    const none = await report('rbac check --for deploy -n a');
    assert.doesNotMatch(JSON.stringify(none.grant), /secrets|serviceaccounts/);
    const shown = await run('rbac check --for deploy --dry-run');
    assert.match(shown.stdout, /^secrets +namespace +optional +create,get /m);
    assert.match(shown.stdout, /^inferenceservices\S+ +namespace +required /m);
  });

  it('asks about a ServiceAccount in its own namespace, and grants there, unless told where', async () => {
    const bound = grant('sr', 'system:serviceaccount:ml:app', { namespace: 'ml' }, ['list'], SR);
    await inState(bound, async () => {
      const own = await report('rbac check list servingruntimes --sa ml:app', 'admin');
      assert.deepEqual([own.code, own.namespaces], [0, ['ml']]);
      assert.deepEqual(own.explanations, [`Asked in the namespace "ml", the ServiceAccount's own; name another with -n.`]);
      const single = await run('rbac check list servingruntimes --sa ml:app', 'admin');
      assert.match(single.stderr, /^Asked in the namespace "ml"/m);
      assert.equal((await report('rbac check list servingruntimes --sa ml:app -n a', 'admin')).code, 1);
      assert.equal((await report('rbac check list servingruntimes --sa ml:app -A', 'admin')).code, 1);
    });
    const { grant: least } = await report('rbac check list servingruntimes --sa ml:app', 'admin');
    assert.deepEqual(
      least?.items.map(({ metadata }) => metadata.namespace),
      ['ml', 'ml'],
    );
  });

  it('asks for a call about get and post on the one model', async () => {
    await installKinds(plane.admin, [kserve('LLMInferenceService', 'v1alpha2'), kserve('LLMInferenceServiceConfig', 'v1alpha2')]);
    const { questions, grantCommands, grant: least } = await report('rbac check --for call isvc/iris,llmisvc/opt -n a');
    const asked = questions.map(({ verb, resource, name }) => `${verb} ${resource}/${name}`);
    assert.deepEqual(asked, [
      'get inferenceservices/iris',
      'post inferenceservices/iris',
      'get llminferenceservices/opt',
      'post llminferenceservices/opt',
    ]);
    await plane.paste((grantCommands ?? []).join('\n'));
    await untilAuthorizerSaw(plane.admin, 'a');
    assert.equal((await report('rbac check --for call isvc/iris,llmisvc/opt -n a')).code, 0);
    assert.equal((await report('rbac check --for call isvc/other -n a')).code, 1);
    assert.equal((await report('rbac check --for call -n a')).code, 1);
    await plane.admin.delete(...(least?.items ?? []));
    const all = await report('rbac check --for call -n a');
    assert.deepEqual(kindsOf(all), [ISVC, `llminferenceservices.${KSERVE}`]);
  });

  it('knows what LLMInferenceServices take', async () => {
    const { questions, code, grantCommands, grant: least } = await report('rbac check --for deploy-llm -n a');
    assert.equal(code, 1);
    const required = new Set(questions.filter(({ optional }) => !optional).map(({ resource }) => resource));
    assert.deepEqual([...required], ['llminferenceservices', 'llminferenceserviceconfigs', 'events']);
    await plane.paste((grantCommands ?? []).join('\n'));
    await untilAuthorizerSaw(plane.admin, 'a');
    assert.equal((await report('rbac check --for deploy-llm -n a')).code, 0);
    await plane.admin.delete(...(least?.items ?? []));
  });

  it("asks about Knative's kinds, and about runtimes of one's own, where the server calls for it", async () => {
    assert.ok(!kindsOf(await report('rbac check --for debug -n a')).some((kind) => kind.endsWith('knative.dev')));
    assert.ok(!kindsOf(await report('rbac check --for deploy -n a')).includes(SR));
    await installKinds(plane.admin, [...KNATIVE, TEMPLATE]);
    const knative = kindsOf(await report('rbac check --for debug -n a')).filter((kind) => kind.endsWith('serving.knative.dev'));
    assert.deepEqual(
      knative.map((kind) => kind.split('.')[0]),
      ['services', 'revisions', 'routes', 'configurations'],
    );
    assert.ok(kindsOf(await report('rbac check --for deploy -n a')).includes(SR));
  });

  it('administers KServe in the namespace that its controller is in', async () => {
    const places = async (as: 'ana' | 'admin') => {
      const { stdout, stderr } = await run('rbac check --for administer -o json', as);
      const { questions } = JSON.parse(stdout) as Report;
      return [[...new Set(questions.map(({ namespace }) => namespace))].filter((namespace) => namespace !== ''), stderr] as const;
    };
    const [guess, note] = await places('admin');
    assert.deepEqual(guess, ['kserve']);
    assert.match(note, /^note: KServe's own namespace is not known/m);
    const labels = { app: 'kserve' };
    const container = { name: 'manager', image: 'example.com/kserve-controller:v0.20.0' };
    const controller = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'kserve-controller-manager', namespace: 'opendatahub' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
    };
    await inState([controller], async () => {
      const [found, silent] = await places('admin');
      assert.deepEqual(found, ['opendatahub']);
      assert.doesNotMatch(silent, /own namespace/);
      assert.deepEqual((await places('ana'))[0], ['kserve'], 'who may not read it');
    });
  });
});
