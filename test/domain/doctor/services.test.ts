import assert from 'node:assert/strict';
import type { Code } from '../../../src/domain/doctor/catalogue/catalogue.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import {
  conditions,
  container,
  deployment,
  done,
  findingsOf,
  isvc,
  llm,
  looping,
  observed,
  onNode,
  PODS_MISSING,
  pod,
  READY,
  rootOf,
  SILENT,
  unscheduled,
  up,
  waiting,
  warning,
} from '../../support/doctor-world.ts';

const MAIN = 'kserve-container';
const SOURCE = 'internal.serving.kserve.io/storage-initializer-sourceuri';
const KNATIVE = { annotations: { 'serving.kserve.io/deploymentMode': 'Knative' } };
const serving = pod({ status: onNode([up(MAIN)], [done('storage-initializer')]) });
const unsupported = (uri: string) =>
  `StorageURI not supported: storageUri, must be one of: [gs://, s3://, pvc://] or match https://{}.blob.core.windows.net/{}/{} or be an absolute or relative local path. StorageUri [${uri}] is not supported`;
const stored = (storageUri: string) => ({ model: { modelFormat: { name: 'sklearn' }, storageUri } });
const rolledOut = (uri: string) => ({ spec: { replicas: 1, template: { metadata: { annotations: { [SOURCE]: uri } } } } });

type World = readonly KubeObject[];
const about = (service: KubeObject, ...events: readonly (readonly [string, string])[]): World => [
  service,
  ...events.map(([reason, message]) => warning(service, reason, message)),
];

describe('what KServe says by Events alone', () => {
  const silent = isvc({ status: SILENT, predictor: stored('ftp://models/iris') });
  const cases: readonly (readonly [what: string, code: Code | 'ok', world: World])[] = [
    ['a scheme', 'storage-uri-unsupported', about(silent, ['InternalError', unsupported('ftp://models/iris')])],
    ['a scheme, once the Event is gone', 'storage-uri-unsupported', [silent]],
    [
      'one of several schemes',
      'storage-uri-unsupported',
      [isvc({ status: SILENT, predictor: { ...stored('s3://m/x'), storageUris: [{ uri: 'ipfs://x/y' }] } })],
    ],
    [
      'a scheme of a container',
      'storage-uri-unsupported',
      [isvc({ status: SILENT, predictor: { containers: [{ name: MAIN }], pytorch: { storageUri: 'foo://x' } } })],
    ],
    [
      'a change to a scheme, while old Pods serve',
      'storage-uri-unsupported',
      [
        ...about(isvc({ status: READY, predictor: stored('ftp://x') }), ['InternalError', unsupported('ftp://x')]),
        deployment(rolledOut('s3://models/iris')),
        serving,
      ],
    ],
    [
      'a scheme that was corrected',
      'ok',
      [
        ...about(isvc({ status: READY, predictor: stored('s3://models/iris') }), ['InternalError', unsupported('ftp://x')]),
        deployment(rolledOut('s3://models/iris')),
        serving,
      ],
    ],
    [
      'a scheme for which there is a storage container now',
      'ok',
      [
        ...about(isvc({ status: READY, predictor: stored('ftp://x') }), ['InternalError', unsupported('ftp://x')]),
        deployment(rolledOut('ftp://x')),
        serving,
      ],
    ],
    [
      'Knative',
      'knative-missing',
      about(isvc({ status: { ...SILENT, deploymentMode: 'Knative' } }), [
        'ServerlessModeRejected',
        'It is not possible to use Knative deployment mode when Knative Services are not available',
      ]),
    ],
    [
      'Knative, in a status of an older release',
      'knative-missing',
      about(isvc(KNATIVE), [
        'ServerlessModeRejected',
        'It is not possible to use Serverless deployment mode when Knative Services are not available',
      ]),
    ],
    [
      'another error',
      'reconcile-failed',
      about(isvc({ status: SILENT }), ['InternalError', 'must provide only one of storageUri and storage.path']),
    ],
    [
      'another error, before there is a status',
      'reconcile-failed',
      about(isvc({ finalizers: ['inferenceservice.finalizers'] }), ['InternalError', 'fails to reconcile component: x']),
    ],
    [
      'an error behind a route',
      'reconcile-failed',
      about(isvc({ status: conditions({ PredictorReady: ['True'], IngressReady: ['Unknown'], Ready: ['Unknown'] }) }), [
        'InternalError',
        'fails to reconcile ingress: no matches for kind "VirtualService"',
      ]),
    ],
    [
      'two writers',
      'not-ready',
      about(isvc({ status: SILENT }), [
        'InternalError',
        'Operation cannot be fulfilled on inferenceservices "iris": the object has been modified; please apply your changes to the latest version and try again',
      ]),
    ],
    [
      'an error of an LLMInferenceService',
      'reconcile-failed',
      about(llm({ status: conditions({ PresetsCombined: ['True'], Ready: ['Unknown'] }) }), [
        'Error',
        'Reconciliation failed: secrets is forbidden',
      ]),
    ],
    [
      'an error that is over',
      'ok',
      [
        ...about(
          isvc({ status: READY }),
          ['InternalError', 'no runtime found'],
          ['InferenceServiceNotReady', 'InferenceService [iris] is no longer Ready'],
        ),
        deployment(),
        serving,
      ],
    ],
  ];
  for (const [what, code, world] of cases) it(`${code}: ${what}`, () => assert.equal(rootOf(world), code));

  it('names the URI and its place', () => {
    const [first] = findingsOf([isvc({ status: SILENT, predictor: { ...stored('s3://m/x'), storageUris: [{ uri: 'ipfs://x/y' }] } })]);
    assert.equal(first?.field, 'spec.predictor.storageUris[0].uri');
    assert.match(first?.message ?? '', /"ipfs:\/\/x\/y"/);
  });
});

describe('services that nobody looks at, or that are not to run', () => {
  const leaving = { deletionTimestamp: '2026-11-29T11:00:00Z' };
  const crash = onNode([looping(MAIN, { message: 'x' })]);
  const cases: readonly (readonly [what: string, code: Code | 'ok', world: World])[] = [
    ['no status', 'controller-not-running', [isvc()]],
    ['no status, of an LLMInferenceService', 'controller-not-running', [{ ...llm(), status: undefined }]],
    ['an empty status', 'controller-not-running', [{ ...isvc(), status: {} }]],
    ['no status yet', 'loading', [isvc({ creationTimestamp: '2026-11-29T11:59:55Z' })]],
    ['a status without conditions', 'not-ready', [isvc({ status: { deploymentMode: 'Standard' } })]],
    [
      'an old spec of an LLMInferenceService',
      'controller-not-running',
      [llm({ generation: 2, status: { ...conditions({ Ready: ['True'] }), observedGeneration: 1 } })],
    ],
    [
      'stopped',
      'stopped',
      [
        isvc({
          status: conditions({
            PredictorReady: ['False', 'Stopped'],
            IngressReady: ['False', 'Stopped'],
            Ready: ['False', 'Stopped'],
            Stopped: ['True'],
          }),
          annotations: { 'serving.kserve.io/stop': 'true' },
        }),
      ],
    ],
    ['stopped, while its Pods fail', 'stopped', [isvc({ status: PODS_MISSING, annotations: { 'serving.kserve.io/stop': 'true' } })]],
    [
      'an LLMInferenceService that is stopped',
      'stopped',
      [
        llm({
          status: conditions({ MainWorkloadReady: ['False', 'Stopped'], Ready: ['False', 'Stopped'] }),
          annotations: { 'serving.kserve.io/stop': 'true' },
        }),
      ],
    ],
    ['not stopped', 'ok', [isvc({ status: READY, annotations: { 'serving.kserve.io/stop': 'false' } }), deployment(), serving]],
    [
      'on its way out, and its Pods fail',
      'deleting',
      [
        isvc({ status: PODS_MISSING, ...leaving, finalizers: ['inferenceservice.finalizers'] }),
        deployment({ spec: { replicas: 0 } }),
        pod({ status: crash }),
      ],
    ],
  ];
  for (const [what, code, world] of cases) it(`${code}: ${what}`, () => assert.equal(rootOf(world), code));

  it('says who has to remove a finalizer', () => {
    const fix = (finalizers: readonly string[]) => findingsOf([isvc({ status: READY, ...leaving, finalizers })])[0]?.fix?.text ?? '';
    assert.match(fix(['inferenceservice.finalizers']), /kserve-controller-manager/);
    assert.match(fix(['foregroundDeletion']), /what is left of it/);
    assert.match(fix(['example.org/backup', 'inferenceservice.finalizers']), /example.org\/backup/);
  });

  it('only warns of a deletion that lasts', () => {
    assert.deepEqual(
      findingsOf([isvc({ status: READY, ...leaving, finalizers: ['x'] })]).map(({ severity }) => severity),
      ['warning'],
    );
  });
});

describe('services that are ready, or look so', () => {
  const OLD = '5c8f7d6b4';
  const old = pod({
    hash: OLD,
    name: `iris-predictor-${OLD}-aaaaa`,
    creationTimestamp: '2026-11-29T10:00:00Z',
    status: onNode([up(MAIN)]),
  });
  const rolling = (status: object): World => [isvc({ status: READY }), deployment(), old, pod({ status })];
  const external = { annotations: { 'serving.kserve.io/autoscalerClass': 'external' } };
  const noise = observed('autoscaling/v2', 'HorizontalPodAutoscaler', { name: 'iris-predictor' }, { spec: { minReplicas: 1 } });
  const cases: readonly (readonly [what: string, code: Code | 'ok', world: World])[] = [
    ['healthy', 'ok', [isvc({ status: READY }), deployment(), serving]],
    [
      'an autoscaler without metrics',
      'ok',
      [isvc({ status: READY }), deployment(), serving, noise, warning(noise, 'FailedGetResourceMetric', 'failed to get cpu utilization')],
    ],
    [
      'a rollout that goes on',
      'loading',
      rolling({ phase: 'Pending', ...conditions({ PodScheduled: ['True'] }), containerStatuses: [waiting(MAIN, 'ContainerCreating')] }),
    ],
    [
      'a rollout of an image that there is not',
      'rollout-failing',
      rolling(onNode([waiting(MAIN, 'ImagePullBackOff', 'manifest unknown')])),
    ],
    ['a rollout of a model that crashes', 'rollout-failing', rolling(onNode([looping(MAIN, { message: 'x' })]))],
    ['a rollout that finds no node', 'rollout-failing', rolling(unscheduled('0/1 nodes are available: 1 Insufficient nvidia.com/gpu.'))],
    [
      'a rollout that may not make Pods',
      'quota-exceeded',
      [
        isvc({ status: READY }),
        deployment({
          status: conditions({
            Progressing: ['True', 'x', 'ReplicaSet "iris-predictor-7d4b9c6f5" is progressing.'],
            ReplicaFailure: [
              'True',
              'FailedCreate',
              'pods "x" is forbidden: exceeded quota: team, requested: cpu=1, used: cpu=1, limited: cpu=1',
            ],
          }),
        }),
        old,
      ],
    ],
    [
      'more replicas than the quota permits',
      'quota-exceeded',
      [
        isvc({ status: READY }),
        deployment({
          status: conditions({
            ReplicaFailure: [
              'True',
              'FailedCreate',
              'pods "x" is forbidden: exceeded quota: team, requested: cpu=1, used: cpu=1, limited: cpu=1',
            ],
          }),
        }),
        serving,
      ],
    ],
    [
      'ready, and the Pods crash',
      'crash',
      [isvc({ status: READY }), deployment(), pod({ status: onNode([looping(MAIN, { message: 'x' })]) })],
    ],
    ['no replicas', 'zero-replicas', [isvc({ status: READY, ...external }), deployment({ spec: { replicas: 0 } })]],
    [
      'no replicas of a transformer',
      'zero-replicas',
      [isvc({ status: READY }), deployment(), serving, deployment({ component: 'transformer', spec: { replicas: 0 } })],
    ],
    [
      'no replicas, by KEDA',
      'ok',
      [isvc({ status: READY, annotations: { 'serving.kserve.io/autoscalerClass': 'keda' } }), deployment({ spec: { replicas: 0 } })],
    ],
    [
      'no replicas, by Knative',
      'ok',
      [
        isvc({ status: { ...READY, deploymentMode: 'Knative' } }),
        deployment({ name: 'iris-predictor-00001-deployment', spec: { replicas: 0 } }),
      ],
    ],
    [
      'no replicas, by Knative that the status does not name',
      'ok',
      [
        isvc({ status: { ...READY, deploymentMode: '' } }),
        {
          ...deployment({ spec: { replicas: 0 } }),
          metadata: {
            ...deployment().metadata,
            labels: {
              'serving.kserve.io/inferenceservice': 'iris',
              component: 'predictor',
              'serving.knative.dev/revision': 'iris-predictor-00001',
            },
          },
        },
      ],
    ],
    [
      'minReplicas 0',
      'min-replicas-ignored',
      [isvc({ status: READY, predictor: { ...stored('s3://m/x'), minReplicas: 0 } }), deployment(), serving],
    ],
    [
      'minReplicas 0 of a transformer',
      'min-replicas-ignored',
      [isvc({ status: READY, spec: { transformer: { minReplicas: 0 } } }), deployment(), serving],
    ],
    [
      'minReplicas 0 in Knative mode',
      'ok',
      [isvc({ status: { ...READY, deploymentMode: 'Knative' }, predictor: { ...stored('s3://m/x'), minReplicas: 0 } }), serving],
    ],
    [
      'a change that is held back',
      'update-disabled',
      [
        isvc({ status: READY, predictor: stored('s3://models/new'), annotations: { 'serving.kserve.io/disable-auto-update': 'true' } }),
        deployment(rolledOut('s3://models/old')),
        serving,
      ],
    ],
    [
      'nothing that is held back',
      'ok',
      [
        isvc({ status: READY, predictor: stored('s3://models/old'), annotations: { 'serving.kserve.io/disable-auto-update': 'true' } }),
        deployment(rolledOut('s3://models/old')),
        serving,
      ],
    ],
    [
      'fetching',
      'loading',
      [
        isvc({ status: PODS_MISSING }),
        deployment(),
        pod({
          status: onNode([waiting(MAIN, 'PodInitializing')], [container('storage-initializer', { running: {} })], { phase: 'Pending' }),
        }),
      ],
    ],
  ];
  for (const [what, code, world] of cases) it(`${code}: ${what}`, () => assert.equal(rootOf(world), code));

  it('only warns as long as KServe takes it for ready', () => {
    const late = conditions({
      PredictorReady: ['False', 'ProgressDeadlineExceeded', 'ReplicaSet "x" has timed out progressing.'],
      Ready: ['False', 'ProgressDeadlineExceeded'],
    });
    const [, ...others] = rolling(onNode([waiting(MAIN, 'ImagePullBackOff', 'manifest unknown')]));
    const [first] = findingsOf([isvc({ status: late }), ...others]);
    assert.deepEqual([first?.code, first?.severity], ['rollout-failing', 'error']);
  });

  it('says what a rollout fails for', () => {
    const [first] = findingsOf(rolling(onNode([waiting(MAIN, 'ImagePullBackOff', 'manifest unknown')])));
    assert.deepEqual([first?.severity, first?.because?.code], ['warning', 'image-pull']);
  });
});

describe('routes', () => {
  const noRoute = (reason: string, message: string) =>
    isvc({ status: conditions({ PredictorReady: ['True'], IngressReady: ['False', reason, message], Ready: ['False', reason, message] }) });
  const owned = { ownerReferences: [{ kind: 'InferenceService', name: 'iris', uid: 'x' }] };
  const route = (status: object) =>
    observed(
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      { name: 'iris', ...owned },
      { spec: { parentRefs: [{ name: 'edge', namespace: 'infra' }] }, status },
    );
  const gateway = observed('gateway.networking.k8s.io/v1', 'Gateway', { name: 'edge', namespace: 'infra' });
  const rejected = { parents: [{ conditions: [{ type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' }] }] };
  const parts = (said: Parameters<typeof conditions>[0]) =>
    llm({ status: conditions({ PresetsCombined: ['True'], MainWorkloadReady: ['True'], WorkloadsReady: ['True'], ...said }) });
  const cases: readonly (readonly [what: string, code: Code | 'ok', world: World])[] = [
    [
      'nobody accepts the route',
      'route-not-ready',
      [noRoute('ParentStatusNotAvailable', 'Predictor HttpRouteNotReady'), serving, route({}), gateway],
    ],
    [
      'a listener refuses the route',
      'route-not-ready',
      [noRoute('NotAllowedByListeners', 'Predictor no matching listener'), serving, route(rejected), gateway],
    ],
    [
      'the Gateway does not exist',
      'gateway-missing',
      [noRoute('ParentStatusNotAvailable', 'Predictor HttpRouteNotReady'), serving, route({})],
    ],
    [
      'the predictor is not ready, in Gateway mode',
      'crash',
      [
        isvc({
          status: conditions({
            PredictorReady: ['False', 'MinimumReplicasUnavailable'],
            IngressReady: ['False', 'Predictor Deployment NotReady', 'Predictor HTTPRoute not created'],
            Ready: ['False', 'Predictor Deployment NotReady', 'Predictor HTTPRoute not created'],
          }),
        }),
        deployment(),
        pod({ status: onNode([looping(MAIN, {})]) }),
      ],
    ],
    [
      'the predictor still loads, in Gateway mode',
      'loading',
      [
        isvc({
          status: conditions({
            PredictorReady: ['Unknown', 'ReplicaSetUpdated'],
            IngressReady: ['False', 'Predictor Deployment NotReady', 'Predictor HTTPRoute not created'],
            Ready: ['False', 'Predictor Deployment NotReady'],
          }),
        }),
        deployment(),
        pod({ status: onNode([container(MAIN, { running: {} })]) }),
      ],
    ],
    [
      'an ingress section that is not valid',
      'ingress-config',
      [noRoute('x', 'invalid ingress config - ingressDomain is required if pathTemplate is given'), serving],
    ],
    [
      'the Gateway of an LLMInferenceService',
      'gateway-missing',
      [
        parts({
          GatewaysReady: ['False', 'RefsInvalid', 'Gateway infra/edge does not exist'],
          RouterReady: ['False', 'RefsInvalid'],
          Ready: ['False', 'RefsInvalid'],
        }),
      ],
    ],
    [
      'the Gateway of a route of an LLMInferenceService',
      'gateway-missing',
      [
        parts({
          HTTPRoutesReady: ['False', 'RefsInvalid', 'Managed HTTPRoute references non-existent Gateway infra/edge'],
          RouterReady: ['False'],
          Ready: ['False'],
        }),
      ],
    ],
    [
      'the route of an LLMInferenceService',
      'route-not-ready',
      [parts({ HTTPRoutesReady: ['False', 'RefsInvalid', 'HTTPRoute team-a/x does not exist'], RouterReady: ['False'], Ready: ['False'] })],
    ],
    [
      'Gateways that are not ready',
      'route-not-ready',
      [
        parts({
          GatewaysReady: ['False', 'GatewaysNotReady', 'The following Gateways are not ready: [infra/edge]'],
          RouterReady: ['False', 'GatewaysNotReady'],
          Ready: ['False', 'GatewaysNotReady'],
        }),
      ],
    ],
    [
      'a pool that nobody accepts',
      'route-not-ready',
      [
        parts({
          InferencePoolReady: [
            'False',
            'WaitingForGateway',
            'Inference Pool team-a/opt exists but no Gateway controller has accepted it yet',
          ],
          RouterReady: ['False', 'WaitingForGateway'],
          Ready: ['False', 'WaitingForGateway'],
        }),
      ],
    ],
    [
      'the scheduler of an LLMInferenceService crashes',
      'crash',
      [
        parts({ SchedulerWorkloadReady: ['False', 'MinimumReplicasUnavailable'], RouterReady: ['False'], Ready: ['False'] }),
        deployment({ of: 'llm', component: 'llminferenceservice-router-scheduler', name: 'opt-kserve-router-scheduler' }),
        pod({
          of: 'llm',
          component: 'llminferenceservice-router-scheduler',
          name: 'opt-kserve-router-scheduler-7d4b9c6f5-x',
          status: onNode([looping('main', {})]),
        }),
      ],
    ],
  ];
  for (const [what, code, world] of cases) it(`${code}: ${what}`, () => assert.equal(rootOf(world), code));

  it('names the Gateway, and what the route says', () => {
    assert.match(
      findingsOf([
        parts({
          HTTPRoutesReady: ['False', 'RefsInvalid', 'Managed HTTPRoute references non-existent Gateway infra/edge'],
          Ready: ['False'],
        }),
      ])[0]?.message ?? '',
      /"infra\/edge"/,
    );
    const [first] = findingsOf([noRoute('NotAllowedByListeners', 'Predictor no matching listener'), serving, route(rejected), gateway]);
    assert.ok(first?.evidence.some(({ value }) => value.includes('NotAllowedByListeners')));
  });
});

describe('presets of LLMInferenceServices', () => {
  const combined = (reason: string, message: string) => [
    llm({ status: conditions({ PresetsCombined: ['False', reason, message], Ready: ['False', 'NewObservedGenFailure'] }) }),
  ];
  const lacks = (name: string) => combined('ConfigNotFound', `LLMInferenceServiceConfig "${name}" not found in namespaces [team-a kserve]`);
  const cases: readonly (readonly [code: Code, world: World])[] = [
    ['llm-config-missing', lacks('team-defaults')],
    ['llm-preset-missing', lacks('kserve-config-llm-scheduler')],
    ['llm-preset-missing', lacks('kserve-config-llm-decode-worker-data-parallel')],
    [
      'llm-config-missing',
      combined(
        'CombineBaseError',
        'failed to get LLMInferenceServiceConfig "base" from namespaces ["team-a", "kserve"]: llminferenceserviceconfigs.serving.kserve.io "base" not found',
      ),
    ],
    ['llm-config-invalid', combined('CombineBaseError', 'failed to merge base refs: template: x:1')],
  ];
  for (const [code, world] of cases) it(code, () => assert.equal(rootOf(world), code));
});

describe('Knative', () => {
  const status = (
    said: Parameters<typeof conditions>[0] = { PredictorReady: ['False', 'RevisionMissing'], Ready: ['False', 'RevisionMissing'] },
  ) => ({ ...conditions(said), deploymentMode: 'Knative' });
  const revision = (said: Parameters<typeof conditions>[0], spec: object = {}) =>
    observed(
      'serving.knative.dev/v1',
      'Revision',
      { name: 'iris-predictor-00001', labels: { 'serving.kserve.io/inferenceservice': 'iris' } },
      { spec, status: conditions(said) },
    );
  const cases: readonly (readonly [what: string, code: Code | 'ok', world: World])[] = [
    [
      'an image that there is not',
      'image-pull',
      [
        isvc({ status: status() }),
        revision({
          Ready: [
            'False',
            'ContainerMissing',
            'Unable to fetch image "x:1": failed to resolve image to digest: HEAD https://index.docker.io/v2/x/manifests/1: unexpected status code 404 Not Found',
          ],
        }),
      ],
    ],
    [
      'an image that is not pulled',
      'image-pull',
      [isvc({ status: status() }), revision({ ResourcesAvailable: ['False', 'ImagePullBackOff', 'Back-off pulling image "x:1"'] })],
    ],
    [
      'a server that crashed, and whose Pods are gone',
      'crash',
      [
        isvc({ status: status() }),
        revision({ ContainerHealthy: ['False', 'ExitCode1', 'Container failed with: ModuleNotFoundError: No module named x'] }),
      ],
    ],
    [
      'a quota',
      'quota-exceeded',
      [
        isvc({ status: status() }),
        revision({
          ResourcesAvailable: [
            'False',
            'FailedCreate',
            'pods "x" is forbidden: exceeded quota: team, requested: cpu=1, used: cpu=1, limited: cpu=1',
          ],
        }),
      ],
    ],
    [
      'GPUs',
      'insufficient-resources',
      [
        isvc({ status: status() }),
        revision({ ResourcesAvailable: ['False', 'Unschedulable', '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.'] }),
      ],
    ],
    [
      'a claim',
      'volume-claim-missing',
      [
        isvc({ status: status() }),
        revision({ ResourcesAvailable: ['False', 'Unschedulable', 'persistentvolumeclaim "models" not found'] }),
      ],
    ],
    [
      'a deadline',
      'revision-failed',
      [
        isvc({ status: status() }),
        revision({ ResourcesAvailable: ['False', 'ProgressDeadlineExceeded', 'Initial scale was never achieved'] }),
      ],
    ],
    [
      'a Pod that says more than the Revision',
      'out-of-memory',
      [
        isvc({ status: status() }),
        revision({ ContainerHealthy: ['False', 'ExitCode137', 'Container failed with: '] }),
        pod({ status: onNode([looping(MAIN, { reason: 'OOMKilled', exitCode: 137 }), container('queue-proxy', { running: {} })]) }),
      ],
    ],
    [
      'a server that waits for its probe',
      'probe-failed',
      [
        isvc({ status: status() }),
        ...((one: KubeObject) => [one, warning(one, 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')])(
          pod({ status: onNode([up(MAIN), container('queue-proxy', { running: {} })]) }),
        ),
      ],
    ],
    [
      'only what KServe copied',
      'quota-exceeded',
      [
        isvc({
          status: status({
            PredictorConfigurationReady: [
              'False',
              'RevisionFailed',
              'Revision "iris-predictor-00001" failed with message: pods "x" is forbidden: exceeded quota: team, requested: cpu=1, used: cpu=1, limited: cpu=1.',
            ],
            PredictorReady: ['False', 'RevisionFailed'],
            Ready: ['False'],
          }),
        }),
      ],
    ],
    [
      'only what KServe copied of a crash',
      'crash',
      [
        isvc({
          status: status({
            PredictorConfigurationReady: [
              'False',
              'RevisionFailed',
              'Revision "iris-predictor-00001" failed with message: Container failed with: ValueError: x.',
            ],
            PredictorReady: ['False', 'RevisionFailed'],
            Ready: ['False'],
          }),
        }),
      ],
    ],
    [
      'scaled to zero',
      'ok',
      [
        isvc({ status: { ...READY, deploymentMode: 'Knative' } }),
        revision({ Active: ['False', 'NoTraffic', 'The target is not receiving traffic.'], Ready: ['True'] }),
      ],
    ],
    ['coming up', 'not-ready', [isvc({ status: status() }), revision({ Ready: ['Unknown', 'Deploying'] })]],
  ];
  for (const [what, code, world] of cases) it(`${code}: ${what}`, () => assert.equal(rootOf(world), code));
});
