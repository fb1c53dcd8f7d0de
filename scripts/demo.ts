// `npm run demo`: the main job of the program on an API server in this process. No cluster, no kubectl, under a minute.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { subjectOf } from '../src/domain/kubernetes/identity.ts';
import type { KubeObject } from '../src/domain/kubernetes/resource.ts';
import { leastGrant } from '../src/domain/rbac/grant.ts';
import { startApiServer } from '../tools/api-server/server.ts';
import { typeOf } from '../tools/api-server/types.ts';
import { fixtureObjects } from '../tools/fixtures.ts';
import { grant } from '../tools/rbac-objects.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const SR = 'servingruntimes.serving.kserve.io';
const CSR = 'clusterservingruntimes.serving.kserve.io';
const ISVC = 'inferenceservices.serving.kserve.io';
const DAY_MS = 86_400_000;

const namespaces: KubeObject[] = ['team-a', 'team-b'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
// A cluster that has been there for some time.
let clock = new Date(Date.now() - 41 * DAY_MS);
const server = await startApiServer({
  now: () => clock,
  users: [{ name: 'bob' }, { name: 'ana' }, { name: 'eve' }],
  objects: [
    ...namespaces,
    ...fixtureObjects('runtimes'),
    unservedModel(),
    ...grant('runtime-reader', 'bob', 'cluster', ['get', 'list', 'watch'], SR, CSR),
    ...grant('model-debugger', 'bob', 'cluster', ['get', 'list'], ISVC, 'pods', 'events', 'deployments.apps'),
    ...grant('runtime-reader', 'ana', { namespace: 'team-a' }, ['get', 'list', 'watch'], SR),
  ],
});
clock = new Date();
const folder = mkdtempSync(join(tmpdir(), 'kubectl-kserve-demo-'));
const surprises: string[] = [];

try {
  await demo();
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
for (const surprise of surprises) process.stderr.write(`error: ${surprise}\n`);
process.exitCode = surprises.length > 0 ? 1 : 0;

/** An InferenceService as KServe leaves it where no runtime speaks the protocol: its own message blames the format. */
function unservedModel(): KubeObject {
  const lastFailureInfo = { reason: 'NoSupportingRuntime', message: 'No runtime found to support specified framework/version' };
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'boosted', namespace: 'team-a' },
    spec: {
      predictor: {
        model: { modelFormat: { name: 'lightgbm', version: '4' }, protocolVersion: 'grpc-v2', storageUri: 's3://models/boosted' },
      },
    },
    status: { conditions: [{ type: 'Ready', status: 'Unknown' }], modelStatus: { transitionStatus: 'InvalidSpec', lastFailureInfo } },
  };
}

async function demo(): Promise<void> {
  caption('bob may list runtimes everywhere: he sees those of his namespace and those of the whole cluster.');
  await kserve('bob', 'runtimes list', 0);
  caption('Which of them could serve LightGBM 4 with the v2 protocol?');
  await kserve('bob', 'runtimes list --model-format lightgbm:4 --protocol v2', 0);
  caption('ana has a Role in team-a. Other programs show her a short list, or none, and call it complete. Here she reads what is missing.');
  await kserve('ana', 'runtimes list', 4);
  caption('A program reads the same: the list carries errors, and the exit code says that it is partial.');
  await kserve('ana', 'runtimes list -o yaml -l team=a', 4);
  caption('May she, and what would it take?');
  await kserve('ana', 'rbac check list clusterservingruntimes', 1);
  caption('An administrator runs the two lines of the hint. (The demo has no kubectl: it creates the same two objects itself.)');
  for (const command of applyHint()) process.stdout.write(`$ ${command}\n`);
  caption('ana again: all rows, and exit code 0.');
  await kserve('ana', 'runtimes list', 0);
  caption("A model is not ready, and KServe's status blames the format. doctor compares it with the runtimes.");
  await kserve('bob', 'doctor boosted', 1);
  caption('Which runtime failed which test? match shows all of them, and the one change that helps.');
  await kserve('bob', 'runtimes match boosted', 1);
  caption('Several contexts at once: one table, and a failure beside its context. eve may read nothing.');
  await kserve('bob', 'runtimes list --model-format sklearn --contexts bob,eve', 4);
}

function caption(text: string): void {
  process.stdout.write(`\n${styleText('bold', `# ${text}`, { stream: process.stdout })}\n`);
}

/** Runs the program as a person would, and shows what it writes. The current context is that of `user`; there is one of eve too. */
async function kserve(user: string, words: string, expected: number): Promise<void> {
  const kubeconfigs = [user, 'eve'].map(kubeconfigOf);
  process.stdout.write(`$ kubectl kserve ${words}\n`);
  const child = spawn(process.execPath, [MAIN, ...words.split(' ')], {
    env: { ...process.env, KUBECONFIG: kubeconfigs.join(delimiter), HOME: folder },
    argv0: 'kubectl-kserve',
    // One stream, so that lines stay in order in a pipe too.
    stdio: ['ignore', 1, 1],
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  process.stdout.write(`(exit code ${code})\n`);
  if (code !== expected) surprises.push(`${words} as ${user}: exit code ${code}, not ${expected}`);
}

function kubeconfigOf(user: string): string {
  const path = join(folder, `${user}.yaml`);
  writeFileSync(path, server.kubeconfig(user, { namespace: 'team-a' }), { mode: 0o600 });
  return path;
}

/** Creates what the hint of `runtimes list` names, and returns its commands. */
function applyHint(): readonly string[] {
  const kind = { group: 'serving.kserve.io', plural: 'clusterservingruntimes', kind: 'ClusterServingRuntime', namespaced: false };
  const requests = ['get', 'list', 'watch'].map((verb) => ({ verb, group: kind.group, resource: kind.plural, namespace: '' }));
  const { objects, commands } = leastGrant(requests, subjectOf('ana'), { kinds: [kind] });
  for (const object of objects) {
    const added = object as unknown as KubeObject;
    server.api.store.add(typeOf(added, server.api.types), added);
  }
  return commands;
}
