import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { ExitCode } from '../../src/errors.ts';
import { recordedFailures } from '../../test/support/recorded-failures.ts';
import { startApiServer } from '../../tools/api-server/server.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { COMPILED_CODE } from '../bundle/entry.ts';
import type { NodeBase } from './node-base.ts';
import type { Starter } from './starter.ts';

const RECORD = fileURLToPath(new URL('record.ts', import.meta.url));

/** A kubeconfig that only the YAML library reads. */
const COMMENTED = 'commented.yaml';

/** A recorded service that fails: doctor goes its whole way with it. */
const FAILURE = recordedFailures().failures.find(({ name }) => name === '19-gpu-insufficient');
const DOCTOR = `doctor isvc/${FAILURE?.expected.name} -n ${FAILURE?.expected.namespace}`;

/** The kubeconfig of somebody who may do nothing. */
const OF_NOBODY = 'nobody.yaml';
const REFUSED = `runtimes list --kubeconfig ${OF_NOBODY}`;

/** What users run most. Each adds to the packs that it loads what those before it had no need of. */
const RUNS = [
  'runtimes list',
  'runtimes list -o json',
  REFUSED,
  'runtimes match iris',
  DOCTOR,
  'rbac check',
  'rbac explain list servingruntimes',
  `version --kubeconfig ${COMMENTED}`,
  'version --client',
  '--help',
  '__complete runtimes list -n default',
];

/** How they end that do not end well. */
const ENDS: ReadonlyMap<string, ExitCode> = new Map([
  [DOCTOR, ExitCode.no],
  [REFUSED, ExitCode.undetermined],
]);

/** A model that one of the runtimes serves. */
const MODEL: KubeObject = {
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: { name: 'iris', namespace: 'team-a' },
  spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/iris' } } },
};

/**
 * Runs a bundle against an API server of ours and keeps what V8 compiled of its packs in `folder`, which is emptied first. It fits `base`
 * alone, which this machine starts by `starter`. The same packs and Node give the same bytes.
 */
export async function recordCompiled(bundle: string, base: NodeBase, starter: Starter, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // V8 orders some tables by a random number, and marks code with the flags it was made under: this is the one that it leaves out.
  const before = ['--random-seed=1', '--import', RECORD, bundle];
  await runAll([...starter, base.program, ...before], { RECORD_TO: folder });
}

/** Rejects if V8 refuses code in a program: it would cost time and show nowhere else. */
export async function checkCompiled(program: string, starter: Starter): Promise<void> {
  await runAll([...starter, program], { [COMPILED_CODE]: 'required' });
}

/** Runs a command with each of `RUNS`, as a user who may do all where no other is named. Rejects if one ends as it should not. */
async function runAll(command: readonly string[], more: Readonly<Record<string, string>>): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'kubectl-kserve-record-'));
  const user = { name: 'user', groups: ['system:masters'], credential: 'certificate' } as const;
  const nobody = { name: 'nobody', groups: [], credential: 'certificate' } as const;
  const server = await startApiServer({ users: [user, nobody], objects: [...fixtureObjects('runtimes'), MODEL, ...failingObjects()] });
  try {
    const kubeconfig = join(work, 'kubeconfig.yaml');
    const text = server.kubeconfig(user.name, { namespace: 'team-a' });
    await writeFile(kubeconfig, text, { mode: 0o600 });
    await writeFile(join(work, COMMENTED), `# by hand\n${text}`, { mode: 0o600 });
    await writeFile(join(work, OF_NOBODY), server.kubeconfig(nobody.name, { namespace: 'team-a' }), { mode: 0o600 });
    const env = { HOME: work, KUBECONFIG: kubeconfig, ...more };
    for (const words of RUNS) await run([...command, ...words.split(' ')], { cwd: work, env }, ENDS.get(words) ?? ExitCode.ok);
  } finally {
    await server.close();
    await rm(work, { recursive: true, force: true });
  }
}

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=Z)/g;
const MINUTE_MS = 60_000;

/** Of kinds that our API server has. It failed some minutes ago whenever this runs: what doctor does must not depend on the day. */
function failingObjects(): readonly KubeObject[] {
  const kinds = ['InferenceService', 'Pod', 'Deployment', 'ReplicaSet', 'Event'];
  const text = JSON.stringify(FAILURE?.objects.filter(({ kind = '' }) => kinds.includes(kind)) ?? []);
  const newest = Math.max(...(text.match(TIME) ?? []).map((time) => Date.parse(`${time}Z`)));
  const shift = Date.now() - 4.5 * MINUTE_MS - newest;
  return JSON.parse(text.replaceAll(TIME, (time) => new Date(Date.parse(`${time}Z`) + shift).toISOString().slice(0, time.length)));
}

async function run([program = '', ...words]: readonly string[], options: SpawnOptions, wanted: ExitCode): Promise<void> {
  const child = spawn(program, words, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const stderr = child.stderr?.setEncoding('utf8').toArray();
  const [code] = await once(child, 'close');
  if (code !== wanted) throw new Error(`${words.join(' ')} ended with ${code}: ${(await stderr)?.join('')}`);
}
