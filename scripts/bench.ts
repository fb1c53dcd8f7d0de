// `npm run bench`: our time and memory beside kubectl's, on one real API server in one run, as ratios.
//   npm run bench -- [--runs N] [--runtimes N] [--services N] [--roles N] [--only TEXT] [--check]
// --only measures the parts that have the text in their titles. With --check it exits 1 if the program is over a budget.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { KubeObject } from '../src/domain/kubernetes/resource.ts';
import { type ControlPlane, startControlPlane } from '../tools/control-plane/control-plane.ts';
import { loadSamples } from '../tools/control-plane/samples.ts';
import { startClusters } from './bench/clusters.ts';
import { fromAfar, ROUND_TRIP } from './bench/far.ts';
import { type Budget, type Measurement, measure, type Program } from './bench/measure.ts';
import { addRbac, ofRoles } from './bench/rbac.ts';
import { plantServices } from './bench/services.ts';
import { buildProgram } from './bundle/build.ts';
import { ENTRY, writeBundle } from './bundle/write-bundle.ts';
import { inputsDigest, readInputs } from './package/inputs.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '31' },
    runtimes: { type: 'string', default: '10000' },
    services: { type: 'string', default: '500' },
    roles: { type: 'string', default: '2000' },
    only: { type: 'string', default: '' },
    check: { type: 'boolean' },
  },
});
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const BUNDLE = join(DIST, 'bundle', ENTRY);
// As people type it: with the group behind it kubectl reads `servingruntimes.serving.kserve.io` as a version too, and asks for discovery anew.
const BOTH_KINDS = 'servingruntimes,clusterservingruntimes';

const { packs } = await buildProgram();
await writeBundle(join(DIST, 'bundle'), packs);
const binary = packagedProgram();
if (binary === undefined) process.stderr.write('Without the program: dist/ has none of these sources (npm run package)\n');

const overBudget: string[] = [];
const plane = await startControlPlane({ crds: 'upstream' });
if (plane.kind === 'unavailable') {
  process.stderr.write(`error: ${plane.reason}\n`);
  process.exitCode = 1;
} else {
  try {
    await bench(plane, Number(values.runs), Number(values.runtimes));
  } finally {
    await plane.stop();
  }
  for (const line of overBudget) process.stderr.write(`over budget: ${line}\n`);
  if (values.check === true && (overBudget.length > 0 || binary === undefined)) process.exitCode = 1;
}

/** The program for this machine, if `npm run package` made it of these very sources. */
function packagedProgram(): string | undefined {
  const program = join(DIST, 'bin/linux-amd64/kubectl-kserve');
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  return readInputs(DIST)?.sha256 === inputsDigest(packs) ? program : undefined;
}

/**
 * Has the system read a program from disk again. A file that was just written lies in memory in larger pieces, and all of a piece counts
 * for who maps a part of it: a fresh build would take a third more memory than the same one on a user's machine.
 */
function forgetPages(file: string): void {
  if (process.platform !== 'linux') return;
  execFileSync('sync', [file]);
  execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
}

async function bench(server: ControlPlane, runs: number, runtimes: number): Promise<void> {
  await loadSamples(server);
  for (const file of [server.kubectlPath, process.execPath, binary]) if (file !== undefined) forgetPages(file);
  const path = ['/usr/bin', '/bin', ...(binary === undefined ? [] : [dirname(binary)])].join(delimiter);
  const envOf = (user: 'admin' | 'ana') => ({
    HOME: server.folder,
    KUBECONFIG: server.kubeconfig(user, { namespace: 'team-a' }),
    PATH: path,
  });
  const env = envOf('admin');
  const kubectl = (name: string, args: readonly string[]): Program => ({ name, command: server.kubectlPath, args, env });
  const node = (name: string, args: readonly string[]): Program => ({ name, command: process.execPath, args, env });
  // Budgets are for what people install; docs/performance.md says where they come from.
  const ours = (name: string, args: readonly string[], budget: Budget): readonly Program[] => [
    node(name, [BUNDLE, ...args]),
    ...(binary === undefined ? [] : [{ name: `${name} (program)`, command: binary, args, env, budget }]),
  ];

  const bare = node('node -e 0', ['-e', '0']);
  const starts = [
    ...ours('version --client', ['version', '--client'], { time: 1.2 }),
    ...ours('--help', ['--help'], { time: 2 }),
    ...ours('completion of -o', ['__complete', 'runtimes', 'list', '-o', ''], { time: 1.5 }),
  ];
  await report('Start', [bare, ...starts], runs);

  const list = ['runtimes', 'list'];
  const get = kubectl('kubectl get', ['get', BOTH_KINDS]);
  const throughKubectl = binary === undefined ? [] : [kubectl('kubectl kserve runtimes list', ['kserve', ...list])];
  const listed = ours('runtimes list', list, { time: 1.15, memory: 1.3 });
  await report('List of the sample runtimes', [get, ...listed, ...throughKubectl], runs);

  const refused = (program: Program, exitCode: number): Program => ({ ...program, env: envOf('ana'), exitCode });
  const partly = ours('runtimes list', list, { time: 1.3, memory: 1.3 }).map((program) => refused(program, 4));
  await report('List by who may read one kind of two', [refused(get, 1), ...partly], runs);

  await server.admin.apply(inferenceService('iris', 'sklearn', 'team-a'));
  const getAll = kubectl('kubectl get isvc and runtimes', ['get', `isvc,${BOTH_KINDS}`]);
  await report(
    'Match of one InferenceService',
    [getAll, ...ours('runtimes match iris', ['runtimes', 'match', 'iris'], { time: 1.2 })],
    runs,
  );
  await benchFiles(server.folder, runs, ours);

  const questions = kubectl('24 × kubectl auth can-i', ['auth', 'can-i', 'list', 'servingruntimes']);
  const verbs = 'get,list,watch,create,update,patch,delete,deletecollection';
  const kinds = 'servingruntimes,clusterservingruntimes,inferenceservices';
  const ofMany = ['rbac', 'check', verbs, kinds];
  const check = ours('rbac check of 24 questions', ofMany, { time: 0.3, memory: 1.5 });
  await report('Access', [{ ...questions, next: Array(23).fill(questions.args) }, ...check], Math.ceil(runs / 3));

  const far = [
    get,
    ...ours('runtimes list', list, { time: 0.8 }),
    ...ours('rbac check of 6 questions', ['rbac', 'check'], { time: 1.05 }),
    ...ours('rbac check of 24 questions', ofMany, { time: 1.25 }),
  ];
  await fromAfar(server, far, (programs) => report(`Over a line of ${ROUND_TRIP} ms`, programs, Math.ceil(runs / 3)));

  await benchDoctor(server, runs, { kubectl, ours });
  await benchClusters(server, runs, { kubectl, ours });
  await benchRbac(server, runs, { kubectl, ours });

  const [all, asJson] = [`List of ${runtimes} ClusterServingRuntimes`, 'The same as JSON'];
  if (!isWanted(all) && !isWanted(asJson)) return;
  await addRuntimes(server, runtimes);
  const fewer = Math.ceil(runs / 3);
  await report(all, [get, ...ours('runtimes list', list, { time: 0.3, memory: 1 })], fewer);
  const getJson = kubectl('kubectl get -o json', ['get', BOTH_KINDS, '-o', 'json']);
  await report(asJson, [getJson, ...ours('runtimes list -o json', [...list, '-o', 'json'], { time: 0.5, memory: 0.75 })], fewer);
}

interface Makers {
  readonly kubectl: (name: string, args: readonly string[]) => Program;
  readonly ours: (name: string, args: readonly string[], budget: Budget) => readonly Program[];
}

/** One service that fails, beside the calls of KServe's debugging guide; and many, beside one list of what doctor looks at. */
async function benchDoctor(server: ControlPlane, runs: number, { kubectl, ours }: Makers): Promise<void> {
  const found = (programs: readonly Program[]): readonly Program[] => programs.map((program) => ({ ...program, exitCode: 1 }));
  const one = 'A service that fails';
  if (isWanted(one)) {
    await server.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'one' } });
    await plantServices(server, 'one', ['iris']);
    const mine = ['-n', 'one', '-l', 'serving.kserve.io/inferenceservice=iris'];
    const guide = {
      ...kubectl('six calls of kubectl', ['describe', 'isvc', 'iris', '-n', 'one']),
      next: [
        ['get', 'deployments,replicasets,pods', ...mine],
        ['describe', 'pods', ...mine],
        ['get', 'events', '-n', 'one'],
        ['get', BOTH_KINDS, '-n', 'one'],
        ['get', 'isvc', 'iris', '-n', 'one', '-o', 'yaml'],
      ],
    };
    await report(
      one,
      [guide, ...found(ours('doctor isvc/iris', ['doctor', 'isvc/iris', '-n', 'one'], { time: 0.35 }))],
      Math.ceil(runs / 3),
    );
  }
  const many = `${values.services} services that fail`;
  if (isWanted(many)) {
    await server.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'many' } });
    await plantServices(
      server,
      'many',
      Array.from({ length: Number(values.services) }, (_, index) => `isvc-${index}`),
    );
    const list = kubectl('kubectl get of four kinds', ['get', 'isvc,pods,deployments,events', '-n', 'many']);
    await report(many, [list, ...found(ours('doctor', ['doctor', '-n', 'many'], { time: 1.5, memory: 1.5 }))], Math.ceil(runs / 3));
  }
}

/** Many clusters at once, beside a call of kubectl for each. */
async function benchClusters(server: ControlPlane, runs: number, { kubectl, ours }: Makers): Promise<void> {
  const count = 20;
  const title = `Lists of ${count} clusters`;
  if (!isWanted(title)) return;
  const { contexts, kubeconfig, close } = await startClusters(count, server.folder);
  try {
    const [first = [], ...next] = contexts.map((context) => ['get', BOTH_KINDS, '--context', context]);
    const programs = [
      { ...kubectl(`${count} × kubectl get`, first), next },
      ...ours('runtimes list --all-contexts', ['runtimes', 'list', '--all-contexts'], { time: 0.2 }),
    ];
    await report(
      title,
      programs.map((program) => ({ ...program, env: { ...program.env, KUBECONFIG: kubeconfig } })),
      Math.ceil(runs / 3),
    );
  } finally {
    await close();
  }
}

/** A question about an account beside the list of all that answers it; and again of twice as much. */
async function benchRbac(server: ControlPlane, runs: number, { kubectl, ours }: Makers): Promise<void> {
  const roles = Number(values.roles);
  const [title, twiceTitle] = [1, 2].map((times) => `Access among ${ofRoles(times * roles)}`) as [string, string];
  if (!isWanted(title) && !isWanted(twiceTitle)) return;
  const get = kubectl('kubectl get roles, bindings -A', ['get', 'roles,rolebindings,clusterroles,clusterrolebindings', '-A']);
  const budget = { time: 1.2, memory: 1.2 };
  const question = ['list', 'servingruntimes', '-n', 'team-7'];
  const explain = ours('rbac explain', ['rbac', 'explain', ...question, '--for-user', 'zoe', '--for-group', 'group-7'], budget);
  const programs = [
    get,
    ...explain.map((program) => ({ ...program, exitCode: 1 })),
    ...ours('rbac who-can', ['rbac', 'who-can', ...question], budget),
  ];
  const fewer = Math.ceil(runs / 3);
  await addRbac(server, 0, roles);
  const [oneGet, ...once] = await report(title, programs, fewer);
  await addRbac(server, roles, 2 * roles);
  const [twoGets, ...twice] = await report(twiceTitle, programs, fewer);
  // Between the two the machine may have got busier, for kubectl as well.
  for (const [at, { name, time, budget: ofProgram }] of twice.entries()) {
    const growth = ratio(ratio(time, once[at]?.time), ratio(twoGets?.time, oneGet?.time));
    process.stdout.write(`  ${name.padEnd(36)} grew ${growth?.toFixed(2) ?? '?'} times as much as kubectl's\n`);
    if (ofProgram !== undefined && growth !== undefined && growth > 1.3) overBudget.push(`${name}: among twice as many`);
  }
}

/** Four times as many InferenceServices take at most four times as long, and a thousand some two seconds at most. */
async function benchFiles(
  folder: string,
  runs: number,
  ours: (name: string, args: readonly string[], budget: Budget) => readonly Program[],
): Promise<void> {
  const programs = [250, 1000].flatMap((count) => {
    const file = join(folder, `match-${count}.json`);
    const services = Array.from({ length: count }, (_, index) => inferenceService(`isvc-${index}`, `format-${index % 50}`, 'team-a'));
    const runtimes = Array.from({ length: 500 }, (_, index) => runtime(`runtime-${index}`, `format-${index % 50}`));
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...services, ...runtimes] }));
    return ours(`runtimes match -f of ${count}`, ['runtimes', 'match', '-f', file, '--offline'], { time: 4 });
  });
  const ofProgram = programs.filter(({ name }) => name.endsWith('(program)'));
  await report('Match of files against 500 runtimes', ofProgram.length > 0 ? ofProgram : programs, Math.ceil(runs / 3));
}

function inferenceService(name: string, format: string, namespace: string): KubeObject {
  const model = { modelFormat: { name: format }, storageUri: `gs://example/${name}` };
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name, namespace },
    spec: { predictor: { model } },
  };
}

function isWanted(title: string): boolean {
  return title.includes(values.only);
}

/** Prints each program beside the first. */
async function report(title: string, programs: readonly Program[], runs: number): Promise<readonly Measurement[]> {
  if (!isWanted(title)) return [];
  const measurements = await measure(programs, runs);
  const [first] = measurements;
  if (first === undefined) return [];
  process.stdout.write(`\n${title}, median of ${runs} runs, ${first.name} = 1\n`);
  for (const { name, time, memory, budget } of measurements) {
    const figures = [
      ['time', ratio(time, first.time), budget?.time],
      ['peak memory', ratio(memory, first.memory), budget?.memory],
    ] as const;
    const columns = figures.map(([what, value, most]) => `${what} ${value?.toFixed(2) ?? '?'}${most === undefined ? '' : ` of ${most}`}`);
    process.stdout.write(
      `  ${name.padEnd(36)} ${columns
        .map((column) => column.padEnd(20))
        .join('')
        .trimEnd()}\n`,
    );
    for (const [what, value = 0, most = Number.POSITIVE_INFINITY] of figures) if (value > most) overBudget.push(`${name}: ${what}`);
  }
  return measurements;
}

function ratio(value: number | undefined, base: number | undefined): number | undefined {
  return value === undefined || base === undefined ? undefined : value / base;
}

async function addRuntimes(server: ControlPlane, count: number): Promise<void> {
  const path = '/apis/serving.kserve.io/v1alpha1/clusterservingruntimes';
  const names = Array.from({ length: count }, (_, index) => `runtime-${String(index).padStart(6, '0')}`);
  const worker = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const { status, body } = await server.admin.request('POST', path, { body: runtime(name) });
      if (status !== 201) throw new Error(`POST ${path}: ${status} ${body.message}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function runtime(name: string, format = 'sklearn'): object {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterServingRuntime',
    metadata: { name },
    spec: {
      supportedModelFormats: [
        { name: format, version: '1', autoSelect: true, priority: 1 },
        { name: 'xgboost', version: '2', autoSelect: true, priority: 1 },
      ],
      protocolVersions: ['v1', 'v2'],
      containers: [
        {
          name: 'kserve-container',
          image: 'example.com/server:1.0',
          args: ['--model_name={{.Name}}', '--model_dir=/mnt/models', '--http_port=8080'],
          resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '1', memory: '2Gi' } },
        },
      ],
    },
  };
}
