import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { startApiServer } from '../../tools/api-server/server.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { COMPILED_CODE } from '../bundle/entry.ts';
import type { NodeBase } from './node-base.ts';

const RECORD = fileURLToPath(new URL('record.ts', import.meta.url));

/** A kubeconfig that only the YAML library reads. */
const COMMENTED = 'commented.yaml';

/** What users run most, first: of a pack that several of them load, what the first one compiled is kept. */
const RUNS = [
  'runtimes list',
  'runtimes list -o json',
  'runtimes match iris',
  'rbac check',
  'rbac explain list servingruntimes',
  `version --kubeconfig ${COMMENTED}`,
  'version --client',
  '--help',
  '__complete runtimes list -n default',
];

/** A model that one of the runtimes serves. */
const MODEL: KubeObject = {
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: { name: 'iris', namespace: 'team-a' },
  spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/iris' } } },
};

/**
 * Runs a bundle against an API server of ours and keeps what V8 compiled of its packs in `folder`, which is emptied first. It fits `base`
 * alone, which must run on this machine. The same packs and Node give the same bytes.
 */
export async function recordCompiled(bundle: string, base: NodeBase, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // V8 orders some tables by a random number, and marks code with the flags it was made under: this is the one that it leaves out.
  const before = ['--random-seed=1', '--import', RECORD, bundle];
  await runAll(base.program, before, { RECORD_TO: folder });
}

/** Rejects if V8 refuses code in a program: it would cost time and show nowhere else. */
export async function checkCompiled(program: string): Promise<void> {
  await runAll(program, [], { [COMPILED_CODE]: 'required' });
}

/** Starts a program for each of `RUNS`, as a user who may do all. Rejects if one fails. */
async function runAll(program: string, before: readonly string[], more: Readonly<Record<string, string>>): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'kubectl-kserve-record-'));
  const user = { name: 'user', groups: ['system:masters'], credential: 'certificate' } as const;
  const server = await startApiServer({ users: [user], objects: [...fixtureObjects('runtimes'), MODEL] });
  try {
    const kubeconfig = join(work, 'kubeconfig.yaml');
    const text = server.kubeconfig(user.name, { namespace: 'team-a' });
    await writeFile(kubeconfig, text, { mode: 0o600 });
    await writeFile(join(work, COMMENTED), `# by hand\n${text}`, { mode: 0o600 });
    const env = { HOME: work, KUBECONFIG: kubeconfig, ...more };
    for (const run of RUNS) await promisify(execFile)(program, [...before, ...run.split(' ')], { cwd: work, env });
  } finally {
    await server.close();
    await rm(work, { recursive: true, force: true });
  }
}
