import type { KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import { ClusterError } from '../../../../src/errors.ts';
import { KSERVE_TYPES } from '../../../../tools/api-server/types.ts';
import { grant } from '../../../../tools/rbac-objects.ts';
import { type FakeClusterOptions, fakeCluster } from '../../../support/fake-cluster.ts';
import { type CliResult, runCli } from '../../../support/run-cli.ts';

/** A question to `runtimes match`, and the world that it is asked in. */
export interface MatchCase {
  readonly name: string;
  readonly argv: string;
  /** Objects that come through stdin. */
  readonly files?: readonly KubeObject[];
  readonly server?: FakeClusterOptions;
}

interface RuntimeFields {
  readonly namespace?: string;
  readonly formats?: readonly object[];
  readonly protocols?: readonly string[];
  readonly created?: string;
  readonly [field: string]: unknown;
}

const FORMAT = { name: 'sklearn', version: '1', autoSelect: true };

/** A runtime for sklearn 1 that speaks v1 and v2, but for what is given; cluster-scoped without a namespace. */
export function runtime(
  name: string,
  { namespace, formats = [FORMAT], protocols = ['v1', 'v2'], created, ...spec }: RuntimeFields = {},
): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: namespace === undefined ? 'ClusterServingRuntime' : 'ServingRuntime',
    metadata: { name, ...(namespace !== undefined && { namespace }), ...(created !== undefined && { creationTimestamp: created }) },
    spec: { supportedModelFormats: formats, protocolVersions: protocols, containers: [{ name: 'kserve-container', image: 'x' }], ...spec },
  };
}

/** An InferenceService of team-a whose predictor is given. */
export function service(name: string, predictor: object, more: object = {}): KubeObject {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name, namespace: 'team-a' },
    spec: { predictor },
    ...more,
  };
}

export function model(format: string, more: object = {}): object {
  const { version, ...rest } = more as { version?: string };
  return { model: { modelFormat: { name: format, ...(version !== undefined && { version }) }, ...rest } };
}

const entry = (change: object) => [{ ...FORMAT, ...change }];

const OFFLINE = '-f - --offline';

function offline(name: string, ...files: readonly KubeObject[]): MatchCase {
  return { name, argv: OFFLINE, files };
}

const IRIS = service('iris', model('sklearn'));
const TEAM = { namespace: 'team-a' };
const [OLD, NEW] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];

/** Every reason of a runtime, what decides between two, warnings, and what is not an ordinary InferenceService. */
const REASONS: readonly MatchCase[] = [
  offline('chosen-by-priority', IRIS, runtime('a', { formats: entry({ priority: 2 }) }), runtime('b', { formats: entry({ priority: 1 }) })),
  offline('chosen-by-scope', IRIS, runtime('a', { formats: entry({ priority: 9 }) }), runtime('b', TEAM)),
  offline(
    'chosen-by-protocol',
    service('iris', model('sklearn', { protocolVersion: 'v2' })),
    runtime('b', { protocols: ['v1', 'v2'] }),
    runtime('a', { protocols: ['v2'] }),
  ),
  offline('chosen-by-time', IRIS, runtime('a', { created: OLD }), runtime('b', { created: NEW })),
  offline('chosen-by-name', IRIS, runtime('a'), runtime('b')),
  offline('disabled', IRIS, runtime('a', { disabled: true })),
  offline('multi-model', IRIS, runtime('a', { multiModel: true })),
  offline('format-missing', service('bert', model('vllm')), runtime('a', { formats: entry({ name: 'vLLM' }) }), runtime('b')),
  offline('format-one-edit-away', service('bert', model('sklern')), runtime('a')),
  offline('format-of-nobody', service('bert', model('statsmodels')), runtime('a'), runtime('b', { formats: entry({ name: 'onnx' }) })),
  offline('not-auto-selectable', IRIS, runtime('a', { formats: entry({ autoSelect: false }) })),
  offline(
    'version-mismatch',
    service('iris', model('sklearn', { version: '1.0' })),
    runtime('a'),
    runtime('b', { formats: [{ name: 'sklearn', autoSelect: true }] }),
  ),
  offline('protocol-unset', service('iris', model('mlflow')), runtime('a', { formats: entry({ name: 'mlflow' }), protocols: ['v2'] })),
  offline('protocol-mismatch', service('iris', model('sklearn', { protocolVersion: 'grpc-v1' })), runtime('a')),
  offline('not-multi-node', service('iris', { ...model('sklearn'), workerSpec: {} }), runtime('a')),
  offline('multi-node-only', IRIS, runtime('a', { workerSpec: {} })),
  offline('several-reasons', service('iris', model('sklearn', { version: '2' })), runtime('a', { protocols: ['v2'], disabled: true })),
  offline('no-runtimes', IRIS),
  offline('explicit', service('iris', model('sklearn', { runtime: 'a' })), runtime('a', { formats: entry({ autoSelect: false }) })),
  offline(
    'explicit-shadowed',
    service('iris', model('sklearn', { runtime: 'a' })),
    runtime('a'),
    runtime('a', { ...TEAM, formats: entry({ name: 'onnx' }) }),
  ),
  offline('explicit-disabled', service('iris', model('sklearn', { runtime: 'a' })), runtime('a', { disabled: true }), runtime('b')),
  offline('explicit-missing', service('iris', model('sklearn', { runtime: 'sklern-server' })), runtime('sklearn-server')),
  offline(
    'explicit-unlike-any',
    service('iris', model('sklearn', { runtime: 'mine' })),
    runtime('sklearn-server'),
    runtime('b', { disabled: true }),
  ),
  offline(
    'explicit-protocol',
    service('iris', model('sklearn', { runtime: 'a', protocolVersion: 'v2' })),
    runtime('a', { protocols: ['v1'] }),
  ),
  offline('explicit-format', service('iris', model('onnx', { runtime: 'a' })), runtime('a')),
  offline('explicit-empty-name', service('iris', model('sklearn', { runtime: '' })), runtime('a')),
  offline('explicit-workers-missing', service('iris', { ...model('sklearn', { runtime: 'a' }), workerSpec: {} }), runtime('a')),
  offline('explicit-workers-ignored', service('iris', model('sklearn', { runtime: 'a' })), runtime('a', { workerSpec: {} })),
  offline(
    'different-versions',
    IRIS,
    runtime('a', { formats: entry({ priority: 2 }) }),
    runtime('b', { formats: entry({ version: '2', priority: 1 }) }),
  ),
  offline('namesake', IRIS, runtime('a'), runtime('a', { ...TEAM, disabled: true })),
  offline('no-serving-container', IRIS, runtime('a', { containers: [{ name: 'server' }] })),
  offline('malformed', IRIS, runtime('a', { formats: entry({ version: 1 }) })),
  offline(
    'many-candidates',
    IRIS,
    ...Array.from({ length: 13 }, (_, index) => runtime(`r${10 + index}`, { formats: entry({ priority: 1 }) })),
  ),
  offline(
    'legacy-field',
    service('iris', { onnx: { storageUri: 'gs://x' } }),
    runtime('a', { formats: entry({ name: 'onnx' }), protocols: ['v1'] }),
  ),
  offline('legacy-field-beside-model', service('iris', { sklearn: {}, ...model('onnx') }), runtime('a')),
  offline('two-legacy-fields', service('iris', { xgboost: {}, sklearn: {} }), runtime('a')),
  offline(
    'model-mesh',
    { ...IRIS, metadata: { ...IRIS.metadata, annotations: { 'serving.kserve.io/deploymentMode': 'ModelMesh' } } },
    runtime('a'),
  ),
  offline('containers', service('iris', { containers: [{ name: 'x', image: 'x' }] }), runtime('a')),
  offline('predictor-without-model', service('iris', { modle: {} }), runtime('a')),
  offline(
    'legacy-field-stored',
    { ...service('iris', { sklearn: {} }), metadata: { name: 'iris', namespace: 'team-a', uid: '1' } },
    runtime('a'),
  ),
  offline(
    'llm',
    { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'LLMInferenceService', metadata: { name: 'opt', namespace: 'team-a' } },
    runtime('a'),
  ),
  offline(
    'canaries',
    service('iris', model('sklearn'), {
      spec: {
        predictor: model('sklearn'),
        canary: [
          { trafficPercent: 10, predictor: { name: 'same' } },
          { trafficPercent: 10, predictor: { name: 'v2', ...model('sklearn', { runtime: 'b', protocolVersion: 'v2' }) } },
          { trafficPercent: 10, predictor: { name: 'wrong', ...model('onnx') } },
        ],
      },
    }),
    runtime('a', { formats: entry({ priority: 2 }) }),
    runtime('b', { formats: entry({ priority: 1 }), protocols: ['v2'] }),
  ),
  offline(
    'canary-without-stable',
    service('iris', model('sklearn'), { spec: { predictor: model('onnx'), canary: [{ predictor: { name: 'next' } }] } }),
    runtime('a'),
  ),
  offline('several', IRIS, service('bert', model('vllm')), service('plain', { containers: [{ name: 'x', image: 'x' }] }), runtime('a'), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
  }),
  offline('several-named', ...['iris', 'rose'].map((name) => service(name, model('sklearn', { runtime: 'a' }))), runtime('a')),
  { name: 'wide', argv: `${OFFLINE} -o wide`, files: [IRIS, runtime('a'), runtime('b', { disabled: true })] },
  { name: 'name', argv: `${OFFLINE} -o name`, files: [IRIS, service('bert', model('x')), runtime('a'), runtime('b', TEAM)] },
  { name: 'all', argv: `${OFFLINE} --all`, files: [IRIS, runtime('a'), runtime('b', { formats: entry({ name: 'onnx' }) })] },
  { name: 'named-in-files', argv: `iris nope ${OFFLINE}`, files: [IRIS, service('bert', model('x')), runtime('a')] },
  { name: 'nothing-in-files', argv: OFFLINE, files: [runtime('a')] },
  { name: 'flags', argv: `--model-format sklearn:1 --protocol v2 ${OFFLINE} -n team-a`, files: [runtime('a'), runtime('b', TEAM)] },
  { name: 'flags-explicit', argv: `--model-format sklearn --runtime a --multi-node ${OFFLINE}`, files: [runtime('a')] },
];

const CREATED = new Date(NEW);
const ANA = { name: 'ana' };
const NAMESPACE: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } };
const GROUP = 'serving.kserve.io';

function may(verbs: readonly string[], resource: string, ...names: readonly string[]): readonly KubeObject[] {
  const scope = resource.startsWith('cluster') ? 'cluster' : { namespace: 'team-a' };
  return grant(`${resource}-${verbs.join('-')}`, 'ana', scope, verbs, `${resource}.${GROUP}`, ...names);
}

const SERVICES = may(['get', 'list'], 'inferenceservices');
const NAMESPACED = may(['list'], 'servingruntimes');
const GET_CLUSTER = may(['get'], 'clusterservingruntimes');
const GET_NAMESPACED = may(['get'], 'servingruntimes');
const LIST_CLUSTER = may(['list'], 'clusterservingruntimes');

function asAna(name: string, argv: string, objects: readonly KubeObject[], ...grants: readonly (readonly KubeObject[])[]): MatchCase {
  return { name, argv: `${argv} -n team-a`, server: { objects: [NAMESPACE, ...objects, ...grants.flat()], user: ANA } };
}

const EXPLICIT = service('iris', model('sklearn', { runtime: 'a' }));

function recorded(status: object, annotations: Readonly<Record<string, string>> = {}): KubeObject {
  return { ...IRIS, metadata: { ...IRIS.metadata, annotations }, status };
}

const READY = { conditions: [{ type: 'Ready', status: 'True' }] };
const NOT_FOUND_ANYWHERE = {
  transitionStatus: 'InvalidSpec',
  lastFailureInfo: { reason: 'NoSupportingRuntime', message: 'No runtime found to support specified framework/version' },
};

/** What can and cannot be read of a cluster, and what KServe said itself. */
const CLUSTERS: readonly MatchCase[] = [
  { name: 'stored', argv: 'iris -n team-a', server: { objects: [NAMESPACE, IRIS, runtime('a'), runtime('b', TEAM)] } },
  { name: 'stored-all', argv: '-n team-a', server: { objects: [NAMESPACE, IRIS, service('bert', model('vllm')), runtime('a')] } },
  {
    name: 'stored-everywhere',
    argv: '-A',
    server: { objects: [NAMESPACE, IRIS, runtime('a'), runtime('b', TEAM), runtime('c', { namespace: 'team-b' })] },
  },
  { name: 'stored-none', argv: '-n team-a', server: { objects: [NAMESPACE, runtime('a')] } },
  { name: 'not-found-near', argv: 'irsi -n team-a', server: { objects: [NAMESPACE, IRIS, runtime('a')] } },
  { name: 'not-found', argv: 'isvc/nope iris -n team-a', server: { objects: [NAMESPACE, IRIS, runtime('a')] } },
  { name: 'what-if', argv: 'iris -f - -n team-a', files: [runtime('new')], server: { objects: [NAMESPACE, IRIS, runtime('a')] } },
  {
    name: 'what-if-replaced',
    argv: '-f - -n team-a',
    files: [runtime('a', { disabled: true })],
    server: { objects: [NAMESPACE, IRIS, runtime('a')] },
  },
  { name: 'manifest', argv: '-f -', files: [IRIS], server: { objects: [NAMESPACE, runtime('a'), runtime('b', TEAM)] } },
  {
    name: 'recorded',
    argv: 'iris -n team-a',
    server: { objects: [recorded({ ...READY, clusterServingRuntimeName: 'a', deploymentMode: 'Standard' }), runtime('a')] },
  },
  { name: 'recorded-failure', argv: 'iris -n team-a', server: { objects: [recorded({ modelStatus: NOT_FOUND_ANYWHERE })] } },
  {
    name: 'recorded-changed',
    argv: 'iris -n team-a',
    server: { objects: [recorded({ ...READY, clusterServingRuntimeName: 'gone' }), runtime('a')] },
  },
  {
    name: 'recorded-held-back',
    argv: 'iris -n team-a',
    server: {
      objects: [
        recorded({ ...READY, clusterServingRuntimeName: 'gone' }, { 'serving.kserve.io/disable-auto-update': 'true' }),
        runtime('a'),
      ],
    },
  },
  {
    name: 'recorded-namesake',
    argv: 'iris -n team-a',
    server: { objects: [recorded({ ...READY, servingRuntimeName: 'a' }), runtime('a'), runtime('a', { ...TEAM, disabled: true })] },
  },
  asAna('cluster-forbidden-decided', 'iris', [IRIS, runtime('a'), runtime('b', TEAM)], SERVICES, NAMESPACED),
  asAna('cluster-forbidden-undecided', 'iris', [IRIS, runtime('a'), runtime('b', { ...TEAM, disabled: true })], SERVICES, NAMESPACED),
  asAna('namespaced-forbidden', 'iris', [IRIS, runtime('a'), runtime('b', TEAM)], SERVICES, LIST_CLUSTER),
  asAna(
    'both-forbidden',
    'iris',
    [recorded({ ...READY, clusterServingRuntimeName: 'a', deploymentMode: 'Standard' }), runtime('a')],
    SERVICES,
  ),
  asAna('explicit-cluster-forbidden-hidden', 'iris', [EXPLICIT, runtime('a'), runtime('a', TEAM)], SERVICES, NAMESPACED),
  asAna('explicit-cluster-forbidden-get', 'iris', [EXPLICIT, runtime('a')], SERVICES, NAMESPACED, GET_CLUSTER),
  asAna('explicit-cluster-forbidden-absent', 'iris', [EXPLICIT], SERVICES, NAMESPACED, GET_CLUSTER),
  asAna('explicit-cluster-forbidden', 'iris', [EXPLICIT, runtime('a')], SERVICES, NAMESPACED),
  asAna('explicit-namespaced-forbidden-get', 'iris', [EXPLICIT, runtime('a'), runtime('a', TEAM)], SERVICES, GET_NAMESPACED),
  asAna('explicit-namespaced-forbidden', 'iris', [EXPLICIT, runtime('a')], SERVICES, LIST_CLUSTER),
  asAna('explicit-both-forbidden', 'iris', [EXPLICIT, runtime('a')], SERVICES),
  asAna('service-forbidden', 'iris', [IRIS, runtime('a')], NAMESPACED, LIST_CLUSTER),
  asAna('services-forbidden', '', [IRIS, runtime('a')], NAMESPACED, LIST_CLUSTER),
  asAna('services-forbidden-everywhere', '-A', [IRIS, runtime('a')], NAMESPACED, LIST_CLUSTER),
  asAna('flags-forbidden', '--model-format sklearn', [runtime('a')], NAMESPACED),
  {
    name: 'cluster-kind-absent',
    argv: 'iris -n team-a',
    server: { objects: [IRIS, runtime('b', TEAM)], types: KSERVE_TYPES.filter(({ kind }) => kind !== 'ClusterServingRuntime') },
  },
  { name: 'not-installed', argv: '--model-format sklearn', server: { types: [] } },
  {
    name: 'second-page-fails',
    argv: 'iris -n team-a',
    server: {
      objects: [IRIS, runtime('a')],
      failures: [
        {
          on: { verb: 'list', resource: 'clusterservingruntimes' },
          error: new ClusterError('InternalError', 'etcdserver: leader changed', { code: 500, fromStatus: true }),
        },
      ],
    },
  },
];

export const MATCH_CASES: readonly MatchCase[] = [...REASONS, ...CLUSTERS];

/** Runs `runtimes match` in the world of a case. */
export function runMatch({ argv, files, server }: MatchCase, words = ''): Promise<CliResult> {
  const stdin = files && JSON.stringify({ apiVersion: 'v1', kind: 'List', items: files }, undefined, 1);
  return runCli({
    argv: `runtimes match ${argv} ${words}`,
    ...(stdin !== undefined && { stdin }),
    ...(server !== undefined && { cluster: fakeCluster({ now: () => CREATED, ...server }) }),
  });
}
