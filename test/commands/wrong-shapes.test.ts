// What commands make of answers and files whose fields are of any type. More of them with `WRONG_SHAPES=1000`.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { random } from '../support/random.ts';
import { randomWorld } from '../support/random-world.ts';
import { recordedFailures } from '../support/recorded-failures.ts';
import { runCli } from '../support/run-cli.ts';
import { misshapen } from '../support/wrong-shapes.ts';

const TIMES = Number(process.env.WRONG_SHAPES ?? 3);
const SERVED = new Set(['Namespace', 'Node', 'InferenceService', 'LLMInferenceService', 'Pod', 'Deployment', 'ReplicaSet', 'Event']);
const { cluster: shared, failures } = recordedFailures();
const RUNTIMES = fixtureObjects('runtimes').filter(({ kind }) => kind === 'ClusterServingRuntime');

const COMMANDS = [
  'doctor -n NS',
  'doctor -A -o json',
  'doctor -A -o wide --logs',
  'doctor -A -o github',
  'doctor -A -o mermaid',
  'doctor -n NS -f FILE',
  'doctor --offline -f FILE',
  'doctor --offline -f FILE -o github',
  'runtimes list -A -o wide',
  'runtimes list -A -o yaml --sort-by=.metadata.name',
  'runtimes match NAME -n NS',
  'runtimes match -A -o json',
  'runtimes match -n NS -f FILE',
  'runtimes match --offline -f FILE',
  'runtimes describe sklearn-runtime -n NS',
  'rbac check --for deploy -n NS',
  'rbac check list servingruntimes -n NS --for-user bob',
  'rbac explain list servingruntimes -n NS',
  'rbac explain list servingruntimes -f FILE --for-user bob',
  'rbac who-can list servingruntimes -n NS',
  'rbac fix list servingruntimes -n NS',
  'version',
];

/** As it would be applied. */
function planned({ metadata: { uid, creationTimestamp, resourceVersion, ...metadata }, ...rest }: KubeObject): KubeObject {
  return { ...rest, metadata };
}

describe('commands, of anything in any field', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'shapes-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  COMMANDS.forEach((words, index) => {
    for (let time = 0; time < TIMES; time++) {
      const seed = time * COMMANDS.length + index;
      it(`${words} (${seed})`, async () => {
        const source = random(seed);
        const { objects: recorded, expected } = source.pick(failures);
        const { namespace, name } = expected;
        const { objects: rules, user } = randomWorld(seed, [namespace, 'b']);
        const objects = [...shared, ...recorded, ...RUNTIMES].filter(({ kind }) => SERVED.has(kind ?? '') || kind?.endsWith('Runtime'));
        const wrong = <T>(value: T, percent: number) => (source.chance(percent) ? misshapen(value, source, 1 + source.below(4)) : value);
        const alter = (body: string) => (body.startsWith('{') ? JSON.stringify(wrong(JSON.parse(body), 40)) : body);
        const cluster = fakeCluster({ objects: [...objects, ...rules], alter, user: source.pick([undefined, { name: user, groups: [] }]) });
        const file = join(folder, 'objects.json');
        const isPlanned = source.chance(50);
        const items = [...objects, ...rules].map((object) => wrong(isPlanned ? planned(object) : object, 30));
        writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
        const argv = `${words.replace('NS', namespace).replace('NAME', name).replace('FILE', file)} -v=8`;
        const { stdout, stderr } = await runCli({ argv, cluster, connection: { namespace } });
        // The stack tells a fault of ours from one of the embedded server, to which wrong files are applied.
        assert.doesNotMatch(stderr, /internal error(?![\s\S]*tools\/api-server)/);
        assert.doesNotMatch(
          stdout + stderr,
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|##\w*\[|^\s*::(?!(?:error|warning|notice) (?:title|file)=)/m,
        );
      });
    }
  });
});
