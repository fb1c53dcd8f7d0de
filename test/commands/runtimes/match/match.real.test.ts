import assert from 'node:assert/strict';
import { connect } from '../../../../src/cluster/connect.ts';
import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import type { User, UserName } from '../../../../tools/control-plane/users.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';
import { model, runtime, service } from './cases.ts';

describeReal('runtimes match and describe', (plane) => {
  let namespace = '';
  const CLUSTER_SCOPED = [
    runtime('match-shared'),
    runtime('match-v2', { protocols: ['v2'], formats: [{ name: 'mlflow', autoSelect: true }] }),
  ];

  const inNamespace = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, namespace } });
  const run = (user: User | UserName, words: string, stdin?: string): Promise<CliResult> => {
    const env = { KUBECONFIG: plane().kubeconfig(user), HOME: plane().folder };
    return runCli({ argv: `runtimes ${words} -n ${namespace}`, connect, env, ...(stdin !== undefined && { stdin }) });
  };
  const may = (user: User, verbs: readonly string[], resource: string) =>
    plane().admin.apply(...grant(`${resource}-${verbs.join('-')}`, user.name, { namespace }, verbs, `${resource}.serving.kserve.io`));

  before(async () => {
    namespace = await plane().createNamespace('match');
    const own = runtime('match-own', { namespace, formats: [{ name: 'own', autoSelect: true }] });
    const services = [
      service('own', model('own')),
      service('shared', model('sklearn')),
      service('named', model('sklearn', { runtime: 'match-shared' })),
    ];
    await plane().admin.apply(own, ...CLUSTER_SCOPED, ...services.map(inNamespace));
  });

  after(async () => {
    await plane().admin.delete(...CLUSTER_SCOPED);
  });

  it('answers for every InferenceService of a namespace', async () => {
    const { code, stdout, stderr } = await run('admin', 'match -o json');
    assert.deepEqual([code, stderr], [0, '']);
    const { matches } = JSON.parse(stdout) as { matches: { inferenceService: { name: string }; chosen: { name: string } }[] };
    assert.deepEqual(
      matches.map(({ inferenceService, chosen }) => [inferenceService.name, chosen.name]),
      [
        ['named', 'match-shared'],
        ['own', 'match-own'],
        ['shared', 'match-shared'],
      ],
    );
  });

  it('decides for a user who may not list ClusterServingRuntimes where a namespaced one fits, and never says none', async () => {
    const user = await plane().addUser('match-namespace');
    await may(user, ['list'], 'servingruntimes');
    await may(user, ['get', 'list'], 'inferenceservices');
    const decisions = async () => {
      const { code, stdout } = await run(user, 'match -o json');
      const { matches } = JSON.parse(stdout) as { matches: { decision: string }[] };
      return [code, ...matches.map(({ decision }) => decision)];
    };
    assert.deepEqual(await decisions(), [3, 'undecided', 'chosen', 'undecided']);
    const { stderr } = await run(user, 'match shared');
    assert.match(stderr, /kubectl create clusterrolebinding clusterservingruntime-reader-/);
    await plane().admin.apply(...grant('get-one', user.name, 'cluster', ['get'], 'clusterservingruntimes.serving.kserve.io'));
    assert.deepEqual(await decisions(), [3, 'chosen', 'chosen', 'undecided']);
  });

  it('answers for a manifest before it is applied', async () => {
    const manifest = JSON.stringify(service('new', model('mlflow'), { metadata: { name: 'new' } }));
    const { code, stdout } = await run('admin', 'match -f -', manifest);
    assert.equal(code, 1);
    assert.match(stdout, /fix: set spec\.predictor\.model\.protocolVersion to v2; then match-v2 is chosen \(verified\)/);
  });

  it('finds an InferenceService that does not exist', async () => {
    const { code, stdout, stderr } = await run('admin', 'match nope');
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(stderr, 'Error from server (NotFound): inferenceservices.serving.kserve.io "nope" not found\n');
  });

  it('describes runtimes of both scopes, with the selectors that the server knows', async () => {
    const described = await run('admin', 'describe match-own match-shared');
    assert.deepEqual([described.code, described.stderr], [0, '']);
    assert.match(described.stdout, /Name: +match-own\nKind: +ServingRuntime/);
    assert.match(described.stdout, /Events: +<none>/);
    const missing = await run('admin', 'describe servingruntime/match-shared');
    assert.deepEqual([missing.code, missing.stdout], [1, '']);
    assert.match(missing.stderr, /There is a ClusterServingRuntime of that name/);
  });
});
