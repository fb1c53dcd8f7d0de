// `npm run cluster`: a real Kubernetes API server with KServe's CRDs and sample runtimes, for a person, until Ctrl-C.
// `npm run cluster -- --kserve`: with KServe itself, so that InferenceServices become ready, or fail.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type ControlPlane, startControlPlane } from '../tools/control-plane/control-plane.ts';
import { startKserve } from '../tools/control-plane/kserve/kserve.ts';
import { POD_FAILURES } from '../tools/control-plane/kserve/play-pod.ts';
import { loadSamples, type SampleUser } from '../tools/control-plane/samples.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TRY_A_MODEL = `
    kubectl apply -f ${join(ROOT, 'tools/fixtures/inferenceservice.yaml')}
    kubectl get inferenceservices    # ready in seconds: Pods are played, no model runs

To see a model fail, annotate it with planted.test/failure: ${POD_FAILURES.join(', ')}.

    kubectl annotate inferenceservice iris planted.test/failure=crash
    kubectl kserve doctor iris
`;
const USAGE = `Usage: npm run cluster [-- --kserve]

Starts a real API server with KServe's CRDs, sample runtimes and users, until Ctrl-C. --kserve adds KServe itself, with Pods that are played.
`;

const { kserve, help } = readFlags();
if (help) {
  process.stdout.write(USAGE);
  process.exit();
}
const plane = kserve ? await startKserve() : await startControlPlane({ crds: 'upstream' });
if (plane.kind === 'unavailable') {
  process.stderr.write(`error: ${plane.reason}\nhint: install Go 1.26 or newer (https://go.dev/dl/), then run this again\n`);
  process.exitCode = 1;
} else {
  const users = await loadSamples(plane);
  // Whoever waits for the text below may send a signal at once.
  const interrupted = untilInterrupted();
  process.stdout.write(introduction(plane, users, kserve));
  await interrupted;
  await plane.stop();
}

function readFlags(): { readonly kserve: boolean; readonly help: boolean } {
  try {
    const options = { kserve: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n${USAGE}`);
    return process.exit(2);
  }
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => undefined, 2 ** 30);
    const stop = () => {
      clearInterval(idle);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

function introduction({ kubeconfig, kubectlPath }: ControlPlane, users: readonly SampleUser[], withKserve: boolean): string {
  const width = Math.max(...users.map(({ name }) => name.length)) + 3;
  return `
A Kubernetes API server with ${withKserve ? 'KServe' : "KServe's CRDs"} and sample runtimes is ready. In another terminal:

    export KUBECONFIG=${kubeconfig('admin', { namespace: 'team-a' })}
    export PATH="${join(ROOT, 'plugin')}:$PATH:${dirname(kubectlPath)}"    # the plugin, and a kubectl if you have none

    kubectl kserve runtimes list
    kubectl kserve runtimes list --context ana
    kubectl kserve rbac check -n ml --sa ml:app
${withKserve ? TRY_A_MODEL : ''}
${'CONTEXT'.padEnd(width)}MAY
${users.map(({ name, may }) => `${name.padEnd(width)}${may}\n`).join('')}
Ctrl-C stops it and leaves nothing behind.
`;
}
