import assert from 'node:assert/strict';
import fc from 'fast-check';
import { load } from 'js-yaml';
import type { Cluster, ListResult } from '../../../../src/cluster/cluster.ts';
import type { Discovery, KubeObject, ResourceType } from '../../../../src/domain/kubernetes/resource.ts';
import { ClusterError, type FailureReason } from '../../../../src/errors.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';

/** What the server makes of a list of one kind. */
const OUTCOMES = ['rows', 'empty', 'forbidden', 'unauthorized', 'broken', 'timeout', 'gateway', 'absent', 'cut'] as const;
type Outcome = (typeof OUTCOMES)[number];

const ANSWERED: readonly Outcome[] = ['rows', 'empty'];
const FORMATS = ['', 'wide', 'json', 'yaml', 'name'];
const SCOPES = ['all', 'namespace', 'cluster'];

function failure(type: ResourceType, outcome: Outcome): ClusterError {
  const error = (reason: FailureReason, message: string, code?: number, fromStatus = true) =>
    new ClusterError(reason, message, { code, fromStatus });
  const name = `${type.plural}.${type.group}`;
  switch (outcome) {
    case 'forbidden':
      return error(
        'Forbidden',
        `${name} is forbidden: User "ana" cannot list resource "${type.plural}" in API group "${type.group}" at the cluster scope`,
        403,
      );
    case 'unauthorized':
      return error('Unauthorized', 'Unauthorized', 401);
    case 'timeout':
      return error('RequestTimedOut', `${name}: no answer within 5s`, undefined, false);
    case 'gateway':
      return error('Forbidden', `${name}: HTTP 403, no Status`, 403, false);
    case 'absent':
      return error('NotFound', 'the server could not find the requested resource', 404, false);
    default:
      return error('InternalError', `${name}: etcdserver: leader changed`, 500);
  }
}

function object(type: ResourceType, index: number): KubeObject {
  return {
    apiVersion: `${type.group}/${type.version}`,
    kind: type.kind,
    metadata: { name: `runtime-${index}`, ...(type.namespaced && { namespace: 'team-a' }) },
  };
}

async function answer<T>(type: ResourceType, outcome: Outcome, select: (object: KubeObject) => T): Promise<ListResult<T>> {
  if (outcome === 'empty') return { items: [] };
  if (outcome === 'rows') return { items: [1, 2].map((index) => select(object(type, index))) };
  if (outcome === 'cut') return { items: [select(object(type, 1))], failure: failure(type, 'broken') };
  throw failure(type, outcome);
}

function discovery(plurals: readonly string[]): Discovery {
  const resources = plurals.map((plural) => ({
    group: 'serving.kserve.io',
    version: 'v1alpha1',
    plural,
    kind: plural,
    namespaced: plural === 'servingruntimes',
    singular: '',
    shortNames: [],
    verbs: ['list'],
    subresources: [],
  }));
  return {
    groups: plurals.length === 0 ? [] : [{ name: 'serving.kserve.io', versions: [{ version: 'v1alpha1', stale: false, resources }] }],
  };
}

interface World {
  readonly namespaced: Outcome;
  readonly cluster: Outcome;
  /** Whether discovery works. */
  readonly discovers: boolean;
}

function clusterOf(world: World): Cluster {
  const outcomeOf = (type: ResourceType): Outcome => (type.namespaced ? world.namespaced : world.cluster);
  const served = [
    ...(world.namespaced === 'absent' ? [] : ['servingruntimes']),
    ...(world.cluster === 'absent' ? [] : ['clusterservingruntimes']),
  ];
  const unused = () => Promise.reject(new Error('not part of this test'));
  return {
    list: (type, _, select) => answer(type, outcomeOf(type), select),
    get: async () => ({ metadata: { name: 'team-a' } }),
    create: unused,
    apply: unused,
    serverVersion: unused,
    openApi: unused,
    podLog: unused,
    watch: unused,
    discover: async () => {
      if (world.discovers) return discovery(served);
      throw new ClusterError('Forbidden', 'forbidden: User "ana" cannot get path "/apis"', { code: 403, fromStatus: true });
    },
  };
}

interface Document {
  readonly items: readonly unknown[];
  readonly errors?: readonly { readonly resource: string }[];
}

function documentOf(format: string, stdout: string): Document | undefined {
  if (stdout === '') return undefined;
  if (format === 'json') return JSON.parse(stdout) as Document;
  return format === 'yaml' ? (load(stdout) as Document) : undefined;
}

/** The law: what was not read is said, in the code, on stderr, and in the document if there is one. */
function assertHonest(world: World, scope: string, format: string, result: CliResult): void {
  const asked: readonly (readonly [string, Outcome])[] = (
    [
      ['servingruntimes.serving.kserve.io', world.namespaced],
      ['clusterservingruntimes.serving.kserve.io', world.cluster],
    ] as const
  ).filter(([, outcome], index) => outcome !== undefined && (scope === 'all' || (scope === 'namespace') === (index === 0)));
  // A kind that is not found is absent only if discovery says so.
  const isAbsent = (outcome: Outcome): boolean => outcome === 'absent' && world.discovers;
  const refused = asked.filter(([, outcome]) => !ANSWERED.includes(outcome) && !isAbsent(outcome));
  const absent = asked.filter(([, outcome]) => isAbsent(outcome));
  const document = documentOf(format, result.stdout);
  const context = JSON.stringify({ world, scope, format, result });
  if (refused.length === 0 && absent.length === 0) {
    assert.equal(result.code, 0, context);
    assert.equal(document?.errors, undefined, context);
    return;
  }
  // A missing ClusterServingRuntime is a complete installation of KServe 0.19: the only case of code 0 without an answer to all.
  const isOptional = refused.length === 0 && absent.length === 1 && asked.length === 2 && world.cluster === 'absent';
  assert.equal(result.code === 0, isOptional, context);
  assert.notEqual(result.stderr, '', context);
  if (!isOptional) assert.doesNotMatch(result.stderr, /No runtimes found/, context);
  for (const [resource, outcome] of refused) {
    if (document !== undefined)
      assert.ok(
        document.errors?.some((error) => error.resource === resource),
        context,
      );
    if (outcome !== 'unauthorized') assert.ok(result.stderr.includes(resource), context);
  }
}

describe('runtimes list, whatever the server answers', () => {
  it('never shows a refusal as emptiness, in any format', async () => {
    let runs = 0;
    for (const namespaced of OUTCOMES) {
      for (const cluster of OUTCOMES) {
        for (const discovers of [true, false]) {
          for (const scope of SCOPES) {
            for (const format of FORMATS) {
              for (const everywhere of ['', '-A']) {
                const world = { namespaced, cluster, discovers };
                const argv = `runtimes list --scope=${scope} ${everywhere} ${format === '' ? '' : `-o ${format}`}`;
                assertHonest(world, scope, format, await runCli({ argv, cluster: clusterOf(world) }));
                runs += 1;
              }
            }
          }
        }
      }
    }
    assert.equal(runs, 9 * 9 * 2 * 3 * 5 * 2);
  });

  it('prints nothing raw that could act on a terminal, from any field, in any format', async () => {
    const hostile = fc.string({
      unit: fc.constantFrom('a', '\u001b', '\r', '\n', '\u0007', '\u009b', '\u202e', '\u2066', '\u2028', '"', '中'),
    });
    const runtime = fc.record({
      name: hostile,
      label: hostile,
      format: hostile,
      version: hostile,
      protocol: hostile,
      image: hostile,
      display: hostile,
      message: hostile,
      format_: fc.constantFrom(...FORMATS),
    });
    await fc.assert(
      fc.asyncProperty(runtime, async (text) => {
        const object: KubeObject = {
          apiVersion: 'serving.kserve.io/v1alpha1',
          kind: 'ServingRuntime',
          metadata: {
            name: text.name,
            namespace: text.name,
            labels: { [text.label]: text.label, hostile: text.label },
            annotations: { 'openshift.io/display-name': text.display, 'serving.kserve.io/server-type': text.display },
          },
          spec: {
            containers: [{ name: 'kserve-container', image: text.image }],
            protocolVersions: [text.protocol],
            supportedModelFormats: [{ name: text.format, version: text.version, autoSelect: true }],
          },
        };
        const cluster: Cluster = {
          ...clusterOf({ namespaced: 'rows', cluster: 'rows', discovers: true }),
          list: async (type, _, select) => {
            if (type.namespaced) return { items: [select(object)] };
            throw new ClusterError('Forbidden', `x is forbidden: User "${text.message}" cannot list: ${text.message}`, {
              fromStatus: true,
            });
          },
        };
        const labels = text.format_ === '' || text.format_ === 'wide' ? '--show-labels -L hostile' : '';
        const { stdout, stderr } = await runCli({ argv: `runtimes list -A ${labels} --output=${text.format_}`, cluster });
        assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
        if (text.format_ === 'json' || text.format_ === 'yaml') assert.deepEqual(documentOf(text.format_, stdout)?.items, [object]);
        else if (text.format_ !== 'name') assert.equal(stdout.trimEnd().split('\n').length, 2);
      }),
    );
  });
});
