import assert from 'node:assert/strict';
import { runCli as runProgram } from '../../../src/cli/run.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { ClusterError } from '../../../src/errors.ts';
import { fixtureObjects } from '../../../tools/fixtures.ts';
import { model, service } from '../../commands/runtimes/match/cases.ts';
import { inContexts } from '../../support/contexts.ts';
import { fakeCluster } from '../../support/fake-cluster.ts';
import { assertReport } from '../../support/report-schema.ts';
import { type CliOptions, type CliResult, createHost, runCli } from '../../support/run-cli.ts';

const REFUSED = new ClusterError('ConnectionRefused', 'The connection to the server k was refused', { hint: 'Is it running?' });
const OBJECTS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
  ...fixtureObjects('runtimes'),
];

const RBAC = 'rbac.authorization.k8s.io/v1';

const TAKERS = 'runtimes list, runtimes match, rbac check, doctor';

describe('in several contexts', () => {
  const full = () => fakeCluster({ objects: OBJECTS });
  const empty = () => fakeCluster({ objects: OBJECTS.slice(0, 2) });
  const refusing = () => fakeCluster({ objects: OBJECTS, user: { name: 'nobody', groups: [] } });

  async function run(
    argv: string,
    clusters: Readonly<Record<string, Cluster | Error>>,
    more: Partial<CliOptions> = {},
  ): Promise<CliResult> {
    const result = await runCli({ argv, ...inContexts(clusters), ...more });
    if (/contexts .*-o (?:json|yaml)$/.test(argv)) assertReport(result.stdout, argv);
    return result;
  }

  const three = () => ({ 'prod-eu': full(), 'prod-us': empty(), 'prod-ap': REFUSED });

  it('a list is one table, and what has no rows has a message', async () => {
    const { stdout, stderr, code } = await run('runtimes list -n team-a --contexts prod-*', three());
    const [header, ...rows] = stdout.trimEnd().split('\n');
    assert.match(header ?? '', /^CONTEXT {3}NAME {2,}SCOPE /);
    assert.equal(rows.length, 7);
    assert.ok(rows.every((row) => row.startsWith('prod-eu   ')));
    assert.deepEqual(
      stderr.split('\n').filter((line) => !line.startsWith('hint: The runtimes are installed separately')),
      [
        'context "prod-us": No runtimes found in team-a namespace or at the cluster scope.',
        'error: context "prod-ap": The connection to the server k was refused',
        'hint: Is it running?',
        '',
      ],
    );
    assert.equal(code, 4);
  });

  const SERVICES = ['zeta', 'alpha'].map((name) => ({
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name, namespace: 'team-a', uid: name, generation: 1 },
    spec: { predictor: { model: { modelFormat: { name: name === 'zeta' ? 'unheard-of' : 'sklearn' }, storageUri: 'gs://x' } } },
    ...(name === 'alpha' && { status: { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] } }),
  }));
  const served = () => ({ 'prod-eu': fakeCluster({ objects: [...OBJECTS, ...SERVICES] }), 'prod-us': full() });

  it('a terminal of any width shows the answer', async () => {
    for (const [argv, header] of [['runtimes match', 'WHY'] as const, ['doctor', 'MESSAGE'] as const]) {
      for (const columns of [40, 80, 100, 120, 150]) {
        const { stdout } = await run(`${argv} -n team-a --contexts prod-*`, served(), { isTTY: true, columns });
        assert.match(stdout, new RegExp(`(?:^| )${header}(?: |$)`, 'm'), `${argv}, ${columns} columns`);
      }
    }
  });

  it('an overview of doctor has one line for KServe with its worst finding, and failing services first', async () => {
    const { stdout } = await run('doctor -n team-a --contexts prod-eu', served());
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)[2]);
    assert.deepEqual(names, ['NAME', 'KServe', 'isvc/zeta', 'isvc/alpha']);
    assert.match(stdout, /KServe .* warning +\S+,\+\d/);
  });

  it('what is wrong is said as for one context, with where there is more, once', async () => {
    const words = 'runtimes match --model-format sklearn --runtime kserve-sklearnservr -n team-a';
    const alone = await run(`${words} --context prod-eu`, served());
    const [finding = ''] = /No runtime here .*$/m.exec(alone.stdout) ?? assert.fail(alone.stdout);
    const misnamed = service('iris', model('sklearn', { runtime: 'kserve-sklearnservr' }));
    const refused = service('text', model('sklearn', { protocolVersion: 'grpc-v9' }));
    const cluster = () => fakeCluster({ objects: [...OBJECTS, misnamed, refused] });
    const { stdout, stderr } = await run('runtimes match -n team-a --all-contexts', { ...three(), dev: cluster(), 'prod-eu': cluster() });
    assert.equal(stdout.split('\n').filter((line) => /isvc\/iris/.test(line) && line.endsWith(finding)).length, 2, stdout);
    assert.match(stdout, /isvc\/text +none +<none> +<none> +\S+: .*grpc-v9/);
    assert.equal(stderr.split('note: -o wide shows ').length, 2, stderr);
  });

  it('doctor says in one note how much could not be read', async () => {
    const rules = [{ apiGroups: ['serving.kserve.io'], resources: ['*'], verbs: ['*'] }];
    const role = { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: 'kserve' }, rules };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'kserve' };
    const binding = {
      apiVersion: RBAC,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'kserve' },
      roleRef,
      subjects: [{ kind: 'User', name: 'ana' }],
    };
    const cluster = () => fakeCluster({ objects: [...OBJECTS, ...SERVICES, role, binding], user: { name: 'ana' } });
    const words = 'doctor -n team-a --contexts prod-eu,dev';
    for (const more of ['', ' -o name', ' -q']) {
      const { stderr } = await run(`${words}${more}`, { 'prod-eu': cluster(), dev: cluster() });
      const notes = stderr.match(/^note: context .*$/gm) ?? [];
      assert.deepEqual(notes.length, 2, stderr);
      for (const note of notes) assert.match(note, /: \d+ kinds could not be read: -o wide says which/);
      assert.match(stderr, / rbac check --for debug .*--context=dev$/m);
    }
    const { stderr } = await run(`${words} -o wide`, { 'prod-eu': cluster(), dev: cluster() });
    assert.match(stderr, /^note: context "dev": Pods .* could not be read/m);
  });

  it('a list says which namespace a runtime is in, where contexts may differ in theirs', async () => {
    const { env, connect } = inContexts({ 'prod-eu': full() });
    const inTeam: typeof connect = async (given, self) => ({ ...(await (connect ?? assert.fail())(given, self)), namespace: 'team-a' });
    const { stdout } = await runCli({ argv: 'runtimes list --contexts prod-eu', ...(env && { env }), connect: inTeam });
    assert.match(stdout, /^CONTEXT +NAMESPACE +NAME /);
    assert.match(stdout, /^prod-eu +team-a +my-sklearn +namespace /m);
    assert.match((await run('runtimes list -n team-a --contexts prod-eu', three())).stdout, /^CONTEXT +NAME /);
  });

  it('--partial-ok accepts what could be read, and the report keeps the code', async () => {
    const { stdout, code } = await run('runtimes list -n team-a --all-contexts --partial-ok -o json', {
      ...three(),
      dev: full(),
      staging: refusing(),
    });
    assert.equal(code, 0);
    const { items, summary } = JSON.parse(stdout);
    assert.deepEqual(
      items.map(({ context, exitCode }: { context: string; exitCode: number }) => `${context} ${exitCode}`),
      ['dev 0', 'prod-eu 0', 'prod-us 0', 'prod-ap 3', 'staging 3'],
    );
    assert.deepEqual(items[3].error, {
      reason: 'ConnectionRefused',
      message: 'The connection to the server k was refused',
      hint: 'Is it running?',
    });
    assert.equal(items[4].report.errors[0].reason, 'Forbidden');
    assert.deepEqual(summary, { contexts: 5, unanswered: 2, exitCode: 4 });
  });

  it('the report of one context is what the command prints for it alone', async () => {
    for (const words of ['runtimes list -n team-a', 'rbac check -n team-a', 'runtimes match -n team-a', 'doctor -n team-a']) {
      const several = JSON.parse((await run(`${words} --contexts prod-eu -o json`, three())).stdout);
      const alone = JSON.parse((await run(`${words} -o json --context prod-eu`, three())).stdout);
      assert.deepEqual(several.items[0].report, alone, words);
    }
  });

  it('YAML is the same document', async () => {
    const json = await run('rbac check -n team-a --contexts prod-* -o json', three());
    const yaml = await run('rbac check -n team-a --contexts prod-* -o yaml', three());
    const { load } = await import('js-yaml');
    assert.deepEqual(load(yaml.stdout), JSON.parse(json.stdout));
  });

  it('templates pick from it, a line a context', async () => {
    const columns = '-o custom-columns=C:.context,WHY:.error.reason,N:.report.items[*].metadata.name --contexts prod-us,prod-ap';
    const { stdout, code } = await run(`runtimes list -n team-a ${columns}`, three());
    assert.equal(stdout, 'C         WHY                 N\nprod-us   <none>              <none>\nprod-ap   ConnectionRefused   <none>\n');
    assert.equal(code, 4);
    const path = await run('runtimes list -n team-a -o jsonpath={.items[*].exitCode} --contexts prod-*', three());
    assert.equal(path.stdout, '0 0 3');
  });

  it('names have their context before a tab', async () => {
    const { stdout } = await run('runtimes list my-sklearn -n team-a --contexts dev,prod-eu -o name', { ...three(), dev: full() });
    const name = 'servingruntime.serving.kserve.io/my-sklearn';
    assert.equal(stdout, `dev\t${name}\nprod-eu\t${name}\n`);
  });

  it('a report that is no table has a heading', async () => {
    const { stdout } = await run('runtimes match --model-format sklearn -n team-a --contexts prod-*', three());
    assert.match(stdout, /^context "prod-eu":\nChosen: my-sklearn .*\n\n.*\n\ncontext "prod-us":\nNo runtime: /s);
  });

  it('-q is silent on stdout and -qq everywhere, with the same code', async () => {
    const loud = await run('rbac check -n team-a --contexts prod-eu,staging', { ...three(), staging: refusing() });
    const quiet = await run('rbac check -n team-a --contexts prod-eu,staging -q', { ...three(), staging: refusing() });
    const silent = await run('rbac check -n team-a --contexts prod-eu,staging -qq', { ...three(), staging: refusing() });
    assert.deepEqual([loud.code, quiet.code, silent.code], [1, 1, 1]);
    assert.deepEqual([quiet.stdout, `${quiet.stderr}note: -o wide shows the smallest grant that allows it\n`], ['', loud.stderr]);
    assert.deepEqual([silent.stdout, silent.stderr], ['', '']);
  });

  it('where nothing could be read the code is 3', async () => {
    const { stdout, code } = await run('runtimes list --contexts prod-ap,staging', { 'prod-ap': REFUSED, staging: REFUSED });
    assert.deepEqual([stdout, code], ['', 3]);
  });

  it('a bug in one context does not hide the others', async () => {
    const { stdout, stderr, code } = await run('runtimes list -n team-a --contexts prod-eu,dev', {
      ...three(),
      dev: new TypeError('x is y'),
    });
    assert.match(stdout, /prod-eu/);
    assert.match(stderr, /^error: context "dev": internal error: TypeError: x is y$/m);
    assert.equal(code, 4);
  });

  it('what nothing is said of is named', async () => {
    const { stderr, code } = await run('runtimes list nix -n team-a --ignore-not-found --contexts prod-eu', three());
    assert.deepEqual([stderr, code], ['context "prod-eu": nothing to show\n', 0]);
  });

  it('hints name the context', async () => {
    const { stderr } = await run('doctor -n team-a --contexts staging', { staging: refusing() });
    assert.match(stderr, / --context=staging$/m);
  });

  it('on a terminal a line says which are waited for, and Ctrl-C ends all', async () => {
    const abort = new AbortController();
    const { env, connect } = inContexts({ dev: full() });
    const { host } = createHost({
      argv: 'runtimes list --contexts dev,prod-eu',
      isTTY: true,
      signal: abort.signal,
      ...(env && { env }),
      connect: (options, self) => (options.context === 'dev' && connect ? connect(options, self) : new Promise(() => undefined)),
    });
    const lines: string[] = [];
    const write = (text: string): void => {
      lines.push(text);
      abort.abort('SIGINT');
    };
    const code = await runProgram({ ...host, streams: { ...host.streams, errOut: { ...host.streams.errOut, write } } });
    assert.deepEqual([code, lines[0]], [130, 'waiting for 1 of 2 contexts: prod-eu\n']);
  });

  it('what the API server would refuse gets no runtime, also in the table', async () => {
    const stdin = JSON.stringify({
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'iris' },
      spec: {},
    });
    const { stdout, code } = await run('runtimes match -n team-a -f - --contexts prod-eu', three(), { stdin });
    assert.match(stdout, /^prod-eu +team-a +isvc\/iris +none +<none> .*it has no spec\.predictor/m);
    assert.equal(code, 1);
  });

  it('stdin is read once for all', async () => {
    const stdin = JSON.stringify({
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'iris' },
      spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 'gs://x' } } },
    });
    const { stdout } = await run('runtimes match -n team-a -f - --contexts prod-eu,dev -o json', { ...three(), dev: full() }, { stdin });
    assert.deepEqual(
      JSON.parse(stdout).items.map(({ report }: { report: { matches: unknown[] } }) => report.matches.length),
      [1, 1],
    );
  });

  const MISUSE: readonly (readonly [argv: string, message: string])[] = [
    ['runtimes list --contexts dev --all-contexts', '--contexts and --all-contexts cannot be used together'],
    ['runtimes list --contexts dev --context dev', '--context cannot be used with --contexts: each context has its own cluster and user'],
    ['runtimes list --all-contexts --token t', '--token cannot be used with --all-contexts: each context has its own cluster and user'],
    ['runtimes list --all-contexts -w', '--watch cannot be used with --all-contexts'],
    ['rbac check --contexts dev --wait=1s', '--wait cannot be used with --contexts'],
    ['rbac check --contexts dev --for deploy --dry-run', '--dry-run cannot be used with --contexts'],
    ['runtimes match --contexts dev -f x --offline', '--offline cannot be used with --contexts'],
    ['doctor --contexts dev --explain image-pull', '--explain cannot be used with --contexts'],
    ['doctor --contexts dev -o junit', '-o junit cannot be used with --contexts'],
    ['doctor --contexts dev -o mermaid', '-o mermaid cannot be used with --contexts'],
    ['runtimes list --contexts=', 'invalid argument "" for "--contexts" flag: needs a value'],
    ['runtimes list --contexts=,', 'invalid argument "," for "--contexts" flag: needs a value'],
    ['runtimes list --contexts dev --show-labels -o json', '--show-labels option cannot be used with json printer'],
    ['version --contexts dev', 'unknown flag: --contexts (did you mean "--context"?)'],
  ];
  it('says which commands take the flags', async () => {
    const { stderr } = await run('version --all-contexts', {});
    assert.equal(stderr.split('\n')[1], `hint: --all-contexts is a flag of ${TAKERS}`);
  });

  for (const [argv, message] of MISUSE)
    it(`refuses ${argv}`, async () => {
      const { stdout, stderr, code } = await run(argv, {});
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.equal(stderr.split('\n')[0], `error: ${message}`);
    });
});
