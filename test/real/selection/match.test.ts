import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '../../../src/cluster/cluster.ts';
import { fieldOf, textOf } from '../../../src/domain/kubernetes/json-value.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import type { Kserve } from '../../../tools/control-plane/kserve/kserve.ts';
import { grant } from '../../../tools/rbac-objects.ts';
import { connectReal } from '../../support/connect-real.ts';
import { describeKserve } from '../../support/describe-real.ts';
import { untilAuthorizerSaw } from '../../support/rbac-barrier.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';
import { kserveAnswer } from '../../support/selection-answers.ts';
import { SCENES, type SelectionCase, type SelectionScene } from './cases.ts';

describeKserve('runtimes match, against what a running KServe does', (kserve) => {
  const connections: Connection[] = [];
  before(async () => {
    const user = await kserve().addUser('nora');
    connections.push(await connectReal(kserve(), 'admin'), await connectReal(kserve(), user));
  });
  after(() => {
    for (const connection of connections) connection.close();
  });

  for (const scene of SCENES) {
    describe(scene.title, () => {
      let outcomes: readonly Outcome[];
      before(async function () {
        this.timeout(300_000);
        outcomes = await play(kserve(), connections as [Connection, Connection], scene);
      });
      for (const [index, { title, isNamedWrongly }] of scene.cases.entries()) {
        it(title, () => {
          const { before, after, asNamespaceUser, service, events } = outcomes[index] as Outcome;
          // KServe looks the name of the chosen one up again, in the namespace first.
          if (isNamedWrongly) assert.equal(after.recorded?.difference?.cause, 'namedWrongly');
          else assert.equal(after.recorded?.difference, undefined);
          for (const { chosen, failure } of [before, after]) {
            if (failure === undefined) assert.equal(scopedName(chosen, isNamedWrongly), kserveAnswer(service));
            else assert.deepEqual({ reason: failure.reason, message: failure.message }, lastFailure(service));
            if (failure !== undefined) assert.ok(events.includes(failure.event), `${failure.event} is none of ${events.join('\n')}`);
          }
          // Who may not list the runtimes of the cluster is never told that there is none, and nothing that is not so.
          if (asNamespaceUser.decision === 'undecided') assert.notEqual(after.chosen?.kind, 'ServingRuntime');
          else assert.deepEqual([asNamespaceUser.chosen, asNamespaceUser.failure], [after.chosen, after.failure]);
        });
      }
    });
  }
});

interface RuntimeRef {
  readonly kind: string;
  readonly name: string;
}

interface Match {
  readonly inferenceService: { readonly name: string };
  readonly decision: string;
  readonly chosen?: RuntimeRef;
  readonly failure?: { readonly reason: string; readonly message: string; readonly event: string };
  readonly recorded?: { readonly difference?: { readonly cause: string } };
}

interface Outcome {
  /** What is said of the manifest. */
  readonly before: Match;
  /** What is said of the stored object. */
  readonly after: Match;
  /** The same, by a user who may do everything with KServe's kinds, but in the namespace alone. */
  readonly asNamespaceUser: Match;
  /** With what KServe wrote into it. */
  readonly service: KubeObject;
  /** Messages of KServe's warnings, without addresses in its memory. */
  readonly events: readonly string[];
}

const SERVING = '/apis/serving.kserve.io/v1beta1';

async function play(
  kserve: Kserve,
  [admin, user]: readonly [Connection, Connection],
  { runtimes, cases }: SelectionScene,
): Promise<readonly Outcome[]> {
  const namespace = await kserve.createNamespace('selection');
  for (const [index, runtime] of runtimes.entries()) {
    // Creation times count in seconds, and the newer one of equals wins.
    if (index > 0) await delay(1_010);
    await kserve.admin.apply({ ...runtime, metadata: { ...runtime.metadata, namespace } });
  }
  const manifests = cases.map((selection, index) => manifest(selection, `service-${index}`, namespace));
  const ask = (connection: Connection, argv: string, stdin = '') =>
    match(connection, `runtimes match ${argv} -n ${namespace} -o json`, stdin);
  const before = await ask(admin, '-f -', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }));
  await Promise.all(manifests.map((object) => kserve.admin.apply(object)));
  const services = await untilAnswered(kserve, `${SERVING}/namespaces/${namespace}/inferenceservices`, manifests.length);
  const after = await ask(admin, '');
  await kserve.admin.apply(...grant('nora', 'nora', { namespace }, ['*'], '*.serving.kserve.io'));
  await untilAuthorizerSaw(kserve.admin, namespace);
  const asNamespaceUser = await ask(user, '');
  const events = (await kserve.admin.get(`/api/v1/namespaces/${namespace}/events`)).items as KubeObject[];
  // Its Pods would take the room of others.
  await kserve.admin.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return manifests.map(({ metadata: { name = '' } }) => ({
    before: before.get(name) as Match,
    after: after.get(name) as Match,
    asNamespaceUser: asNamespaceUser.get(name) as Match,
    service: services.get(name) as KubeObject,
    events: warningsOf(name, events),
  }));
}

function manifest({ spec, annotations }: SelectionCase, name: string, namespace: string): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name, namespace, ...(annotations && { annotations }) },
    spec,
  };
}

/** The answers by name of the service. */
async function match({ cluster }: Connection, argv: string, stdin: string): Promise<ReadonlyMap<string, Match>> {
  const { stdout, stderr } = await runCli({ argv, cluster, stdin, now: new Date() });
  assert.notEqual(stdout, '', stderr);
  assertReport(stdout, argv);
  const { matches } = JSON.parse(stdout) as { matches: readonly Match[] };
  return new Map(matches.map((each) => [each.inferenceService.name, each]));
}

/** Waits until KServe has said something of each of `count` services; mocha's timeout is the limit. */
async function untilAnswered({ admin }: Kserve, path: string, count: number): Promise<ReadonlyMap<string, KubeObject>> {
  for (;;) {
    const { items } = (await admin.get(path)) as { items: KubeObject[] };
    if (items.length === count && items.every((item) => kserveAnswer(item) !== undefined)) {
      return new Map(items.map((item) => [item.metadata.name ?? '', item]));
    }
    await delay(200);
  }
}

function lastFailure(service: KubeObject): object {
  const failure = fieldOf(fieldOf(fieldOf(service, 'status'), 'modelStatus'), 'lastFailureInfo');
  return { reason: textOf(fieldOf(failure, 'reason')), message: textOf(fieldOf(failure, 'message')) };
}

function warningsOf(service: string, events: readonly KubeObject[]): readonly string[] {
  return events
    .filter(({ type, involvedObject }) => type === 'Warning' && fieldOf(involvedObject, 'name') === service)
    .map(({ message }) => (textOf(message) ?? '').replace(/0x[0-9a-f]+/, '0x…'));
}

function scopedName(runtime: RuntimeRef | undefined, isNamedWrongly = false): string | undefined {
  const isNamespaced = runtime?.kind === 'ServingRuntime' || isNamedWrongly;
  return runtime && `${isNamespaced ? 'namespace' : 'cluster'}/${runtime.name}`;
}
