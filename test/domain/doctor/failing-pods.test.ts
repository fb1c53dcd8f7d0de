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
  LOOKED_AT,
  llm,
  looping,
  onNode,
  PODS_MISSING,
  pod,
  READY,
  rootOf,
  up,
  waiting,
  warning,
} from '../../support/doctor-world.ts';

const MAIN = 'kserve-container';
const INIT = 'storage-initializer';
const SOURCE = { 'internal.serving.kserve.io/storage-initializer-sourceuri': 's3://models/iris' };
const WITH_INIT = {
  initContainers: [{ name: INIT }],
  containers: [{ name: MAIN, image: 'kserve/sklearnserver:v0.20.0', resources: { limits: { memory: '2Gi' } } }],
};
const starting = waiting(MAIN, 'PodInitializing');
const creating = waiting(MAIN, 'ContainerCreating');
const NOT_STARTED = conditions({
  PodScheduled: ['True'],
  PodReadyToStartContainers: ['False'],
  ContainersReady: ['False'],
  Ready: ['False'],
});

/** A service whose only Pod is like this, with events about the Pod. */
function world(
  status: object,
  events: readonly (readonly [reason: string, message: string])[] = [],
  more: object = {},
): readonly KubeObject[] {
  const failing = pod({ status, spec: WITH_INIT, annotations: SOURCE, ...more });
  return [isvc({ status: PODS_MISSING }), deployment(), failing, ...events.map(([reason, message]) => warning(failing, reason, message))];
}

interface Case {
  readonly what: string;
  readonly code: Code;
  readonly status: object;
  readonly says?: RegExp;
  readonly events?: readonly (readonly [string, string])[];
}

const pulling = (why: string, reason = 'ImagePullBackOff') => onNode([waiting(MAIN, reason, why)], [done(INIT)], { phase: 'Pending' });
const initLoops = (last: object, restarts?: number) => onNode([starting], [looping(INIT, last, restarts)], { phase: 'Pending' });
const PROBE = 'Readiness probe failed: dial tcp 10.244.0.9:8080: connect: connection refused';

const CASES: readonly Case[] = [
  // Images: containerd, CRI-O, docker; each registry has words of its own.
  {
    what: 'no such tag, by containerd',
    code: 'image-pull',
    status: pulling(
      'Back-off pulling image "kserve/sklearnserver:v9": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/kserve/sklearnserver:v9": failed to resolve reference "docker.io/kserve/sklearnserver:v9": docker.io/kserve/sklearnserver:v9: not found',
    ),
    says: /not found.*(?:tag|name)/,
  },
  {
    what: 'no such tag, by CRI-O',
    code: 'image-pull',
    status: pulling('reading manifest v9 in docker.io/kserve/sklearnserver: manifest unknown', 'ErrImagePull'),
    says: /manifest unknown.*(?:tag|name)/,
  },
  {
    what: 'denied, by containerd',
    code: 'image-pull',
    status: pulling(
      'Back-off pulling image "x": ErrImagePull: failed to pull and unpack image "x": failed to resolve reference "x": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ),
    says: /authorization failed.*imagePullSecrets/,
  },
  {
    what: 'denied, by CRI-O',
    code: 'image-pull',
    status: pulling(
      'unable to retrieve auth token: invalid username/password: unauthorized: Please login to the Red Hat Registry',
      'ErrImagePull',
    ),
    says: /imagePullSecrets/,
  },
  {
    what: 'forbidden',
    code: 'image-pull',
    status: pulling(
      'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://ghcr.io/token: 403 Forbidden',
      'ErrImagePull',
    ),
    says: /imagePullSecrets/,
  },
  {
    what: 'a limit of a registry',
    code: 'image-pull',
    status: pulling('toomanyrequests: You have reached your unauthenticated pull rate limit.', 'ErrImagePull'),
    says: /rate limit/,
  },
  {
    what: 'another architecture',
    code: 'image-pull',
    status: pulling('no matching manifest for linux/arm64/v8 in the manifest list entries', 'ErrImagePull'),
    says: /architecture/,
  },
  {
    what: 'a registry that cannot be reached',
    code: 'image-pull',
    status: pulling('dial tcp: lookup registry.example on 10.96.0.10:53: no such host', 'ErrImagePull'),
    says: /reach/,
  },
  {
    what: 'a registry with an unknown certificate',
    code: 'image-pull',
    status: pulling('tls: failed to verify certificate: x509: certificate signed by unknown authority', 'ErrImagePull'),
    says: /certificate/,
  },
  {
    what: 'a disk that is full',
    code: 'image-pull',
    status: pulling('failed to extract layer: write /var/lib/containerd/x: no space left on device', 'ErrImagePull'),
    says: /disk/,
  },
  {
    what: 'a name that is none',
    code: 'image-pull',
    status: pulling('Failed to apply default image tag "a b": couldn\'t parse image name: invalid reference format', 'InvalidImageName'),
    says: /invalid reference/,
  },
  {
    what: 'never to be pulled',
    code: 'image-pull',
    status: pulling('Container image "local:1" is not present with pull policy of Never', 'ErrImageNeverPull'),
    says: /policy of Never/,
  },
  {
    what: 'the image of the storage initializer',
    code: 'image-pull',
    status: onNode([starting], [waiting(INIT, 'ImagePullBackOff', 'Back-off pulling image "x"')], { phase: 'Pending' }),
    says: /storage-initializer/,
  },
  {
    what: 'the image of a model (modelcar)',
    code: 'image-pull',
    status: onNode([up(MAIN), waiting('modelcar', 'ImagePullBackOff', 'manifest unknown')]),
    says: /modelcar/,
  },
  {
    what: 'an image, after a mount that failed at first',
    code: 'image-pull',
    status: pulling('manifest unknown'),
    events: [
      [
        'FailedMount',
        'MountVolume.SetUp failed for volume "kube-api-access-x" : failed to sync configmap cache: timed out waiting for the condition',
      ],
    ],
  },

  // Storage.
  {
    what: '403 of S3',
    code: 'storage-failed',
    status: initLoops({
      message:
        'Traceback (most recent call last):\n  File "x"\nbotocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden\n',
    }),
    says: /s3:\/\/models\/iris.*Forbidden/,
  },
  {
    what: 'no credentials',
    code: 'storage-failed',
    status: initLoops({ message: 'botocore.exceptions.NoCredentialsError: Unable to locate credentials' }),
    says: /credentials/,
  },
  {
    what: 'a bucket that does not exist',
    code: 'storage-failed',
    status: initLoops({
      message:
        'botocore.errorfactory.NoSuchBucket: An error occurred (NoSuchBucket) when calling the ListObjects operation: The specified bucket does not exist',
    }),
    says: /bucket does not exist/,
  },
  {
    what: 'a gated model',
    code: 'storage-failed',
    status: initLoops({
      message:
        'huggingface_hub.errors.GatedRepoError: 401 Client Error.\nCannot access gated repo for url https://huggingface.co/meta-llama/x/resolve/main/config.json.\nAccess to model meta-llama/x is restricted. You must have access to it and be authenticated to access it. Please log in.',
    }),
    says: /HF_TOKEN|token/,
  },
  {
    what: 'DNS',
    code: 'storage-failed',
    status: initLoops({
      message: "urllib3.exceptions.NameResolutionError: Failed to resolve 'minio.minio' ([Errno -2] Name or service not known)",
    }),
    says: /resolve/,
  },
  {
    what: 'TLS',
    code: 'storage-failed',
    status: initLoops({ message: 'requests.exceptions.SSLError: certificate verify failed: self-signed certificate in certificate chain' }),
    says: /certificate/,
  },
  {
    what: 'a disk that is full',
    code: 'storage-failed',
    status: initLoops({ message: 'OSError: [Errno 28] No space left on device' }),
    says: /space/,
  },
  {
    what: 'ended, before it is started again',
    code: 'storage-failed',
    status: onNode(
      [starting],
      [container(INIT, { terminated: { exitCode: 1, reason: 'Error', message: 'RuntimeError: Failed to fetch model.' } })],
      { phase: 'Pending' },
    ),
  },
  {
    what: 'running again after it ended',
    code: 'storage-failed',
    status: onNode(
      [starting],
      [
        container(
          INIT,
          { running: {} },
          { restartCount: 1, lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'RuntimeError: x' } } },
        ),
      ],
      { phase: 'Pending' },
    ),
  },
  {
    what: 'the second of two initializers',
    code: 'storage-failed',
    status: onNode([starting], [done(INIT), looping('storage-initializer-1', { message: 'RuntimeError: Failed to fetch model.' })], {
      phase: 'Pending',
    }),
  },
  { what: 'not enough memory to fetch', code: 'storage-out-of-memory', status: initLoops({ reason: 'OOMKilled', exitCode: 137 }) },
  {
    what: 'not enough memory to fetch, at the first time',
    code: 'storage-out-of-memory',
    status: onNode([starting], [container(INIT, { terminated: { exitCode: 137, reason: 'OOMKilled' } })], { phase: 'Pending' }),
  },
  { what: 'fetching', code: 'loading', status: onNode([starting], [container(INIT, { running: {} })], { phase: 'Pending' }) },

  // Servers.
  {
    what: 'a model that does not load',
    code: 'crash',
    status: onNode(
      [looping(MAIN, { message: 'Traceback (most recent call last):\n  File "x"\nModuleNotFoundError: No module named \'sklearn\'' })],
      [done(INIT)],
    ),
    says: /No module named/,
  },
  {
    what: 'an argument that vLLM does not know',
    code: 'crash',
    status: onNode([
      looping(MAIN, { exitCode: 2, message: 'usage: huggingfaceserver\nhuggingfaceserver: error: unrecognized arguments: --max-len=1' }),
    ]),
    says: /unrecognized arguments/,
  },
  {
    what: 'no memory of the GPU',
    code: 'crash',
    status: onNode([looping(MAIN, { message: 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.' })]),
    says: /CUDA out of memory.*GPU/,
  },
  {
    what: 'memory',
    code: 'out-of-memory',
    status: onNode([looping(MAIN, { reason: 'OOMKilled', exitCode: 137 })]),
    says: /memory limit of 2Gi/,
  },
  {
    what: 'memory, and the server is loading again',
    code: 'out-of-memory',
    status: onNode([
      container(MAIN, { running: {} }, { restartCount: 1, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } }),
    ]),
    events: [['Unhealthy', PROBE]],
  },
  {
    what: 'memory, not started again',
    code: 'out-of-memory',
    status: onNode([container(MAIN, { terminated: { reason: 'OOMKilled', exitCode: 137 } })]),
  },
  {
    what: 'a crash, and the probes that fail for it',
    code: 'crash',
    status: onNode([looping(MAIN, { exitCode: 1, message: 'ValueError: x' })]),
    events: [
      ['Unhealthy', 'Liveness probe failed: connection refused'],
      ['Unhealthy', PROBE],
      ['BackOff', 'Back-off restarting failed container'],
    ],
  },
  { what: 'a signal without a word', code: 'crash', status: onNode([looping(MAIN, { exitCode: 139 })]), says: /139/ },
  {
    what: 'an end without an error',
    code: 'crash',
    status: onNode([looping(MAIN, { exitCode: 0, reason: 'Completed' })]),
    says: /exit code 0/,
  },
  {
    what: 'no such program',
    code: 'container-not-started',
    status: onNode([
      waiting(
        MAIN,
        'RunContainerError',
        'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "python": executable file not found in $PATH: unknown',
      ),
    ]),
    says: /executable file not found/,
  },
  {
    what: 'no such program, started again and again',
    code: 'container-not-started',
    status: onNode([looping(MAIN, { exitCode: 128, reason: 'StartError', message: 'exec: "python": executable file not found in $PATH' })]),
    says: /executable file not found/,
  },
  {
    what: 'no such program, by CRI-O',
    code: 'container-not-started',
    status: onNode([
      waiting(
        MAIN,
        'CreateContainerError',
        'container create failed: executable file `/bin/x` not found in $PATH: No such file or directory',
      ),
    ]),
    says: /not found in \$PATH/,
  },
  {
    what: 'a Secret',
    code: 'config-missing',
    status: onNode([waiting(MAIN, 'CreateContainerConfigError', 'secret "hf-secret" not found')]),
    says: /Create the Secret "hf-secret"/,
  },
  {
    what: 'a ConfigMap',
    code: 'config-missing',
    status: onNode([waiting(MAIN, 'CreateContainerConfigError', 'configmap "settings" not found')]),
    says: /Create the ConfigMap "settings"/,
  },
  {
    what: 'a key',
    code: 'config-missing',
    status: onNode([waiting(MAIN, 'CreateContainerConfigError', "couldn't find key HF_TOKEN in Secret team-a/hf-secret")]),
    says: /key "?HF_TOKEN.*Secret "?hf-secret/,
  },
  {
    what: 'a Secret of the initializer',
    code: 'config-missing',
    status: onNode([starting], [waiting(INIT, 'CreateContainerConfigError', 'secret "s3" not found')], { phase: 'Pending' }),
  },
  {
    what: 'root that is not permitted',
    code: 'container-not-started',
    status: onNode([
      waiting(
        MAIN,
        'CreateContainerConfigError',
        'container has runAsNonRoot and image will run as root (pod: "x", container: kserve-container)',
      ),
    ]),
    says: /runAsNonRoot/,
  },

  // Volumes.
  {
    what: 'a Secret of a volume',
    code: 'config-missing',
    status: { phase: 'Pending', ...NOT_STARTED, containerStatuses: [creating] },
    events: [['FailedMount', 'MountVolume.SetUp failed for volume "certs" : secret "tls-certs" not found']],
    says: /tls-certs/,
  },
  {
    what: 'a volume that cannot be attached',
    code: 'mount-failed',
    status: { phase: 'Pending', ...NOT_STARTED, containerStatuses: [starting], initContainerStatuses: [waiting(INIT, 'PodInitializing')] },
    events: [['FailedAttachVolume', 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) other']],
    says: /Multi-Attach/,
  },
  {
    what: 'a mount that only waited for a cache',
    code: 'loading',
    status: { phase: 'Pending', ...NOT_STARTED, containerStatuses: [creating] },
    events: [
      [
        'FailedMount',
        'MountVolume.SetUp failed for volume "kube-api-access-x" : failed to sync configmap cache: timed out waiting for the condition',
      ],
    ],
  },
  {
    what: 'a network that is not ready',
    code: 'container-not-started',
    status: { phase: 'Pending', ...NOT_STARTED, containerStatuses: [creating] },
    events: [
      ['FailedCreatePodSandBox', 'Failed to create pod sandbox: plugin type="calico" failed (add): error getting ClusterInformation'],
    ],
    says: /calico/,
  },

  // Probes.
  {
    what: 'nobody listens',
    code: 'probe-failed',
    status: onNode([container(MAIN, { running: {} })], [done(INIT)]),
    events: [['Unhealthy', PROBE]],
    says: /connection refused/,
  },
  {
    what: 'a status of HTTP',
    code: 'probe-failed',
    status: onNode([container(MAIN, { running: {} })]),
    events: [['Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503']],
    says: /503/,
  },
  {
    what: 'a probe that takes too long',
    code: 'probe-failed',
    status: onNode([container(MAIN, { running: {} })]),
    events: [['Unhealthy', 'Startup probe failed: Get "http://10.0.0.1:8080/": context deadline exceeded']],
  },
  {
    what: 'a server that is killed while it starts',
    code: 'probe-failed',
    status: onNode([looping(MAIN, { exitCode: 137 })]),
    events: [['Unhealthy', 'Startup probe failed: dial tcp 10.0.0.1:8080: connect: connection refused']],
    says: /Startup probe/,
  },
  {
    what: 'a server that is killed and ends well',
    code: 'probe-failed',
    status: onNode([looping(MAIN, { exitCode: 0, reason: 'Completed' })]),
    events: [['Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500']],
  },
  {
    what: 'a server that is killed and ends on SIGTERM',
    code: 'probe-failed',
    status: onNode([looping(MAIN, { exitCode: 143 })]),
    events: [['Unhealthy', 'Liveness probe errored: rpc error: code = Unknown']],
  },
  { what: 'a server that still loads', code: 'loading', status: onNode([container(MAIN, { running: {} })]) },

  // Several containers.
  {
    what: 'a model server that is out of memory, and the sidecar that waits for it',
    code: 'out-of-memory',
    status: onNode([
      looping('agent', { message: 'dial tcp 127.0.0.1:8080: connection refused' }),
      looping(MAIN, { reason: 'OOMKilled', exitCode: 137 }),
    ]),
    says: /kserve-container/,
  },
  {
    what: 'a model server that crashes, and the sidecar that waits for it',
    code: 'crash',
    status: onNode([
      looping('agent', { message: 'dial tcp 127.0.0.1:8080: connection refused' }),
      looping(MAIN, { message: 'ValueError: bad model' }),
    ]),
    says: /kserve-container.*bad model/,
  },
  {
    what: 'a sidecar alone',
    code: 'crash',
    status: onNode([looping('agent', { message: 'panic: no config' }), up(MAIN)]),
    says: /agent.*no config/,
  },
  {
    what: 'an image, and a server that crashes for the lack of the other',
    code: 'image-pull',
    status: onNode([
      looping(MAIN, { message: 'no transformer' }),
      waiting('transformer-container', 'ImagePullBackOff', 'manifest unknown'),
    ]),
    says: /transformer-container/,
  },

  // Nodes.
  {
    what: 'a node that is gone',
    code: 'pod-failed',
    status: { ...onNode([up(MAIN)]), ...conditions({ PodScheduled: ['True'], ContainersReady: ['True'], Ready: ['False'] }) },
    events: [['NodeNotReady', 'Node is not ready']],
    says: /node.*not ready/i,
  },
  {
    what: 'an eviction',
    code: 'pod-failed',
    status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage.' },
    says: /ephemeral-storage/,
  },
  {
    what: 'a device that is not there',
    code: 'pod-failed',
    status: {
      phase: 'Failed',
      reason: 'UnexpectedAdmissionError',
      message: 'Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu',
    },
    says: /unhealthy devices/,
  },
  {
    what: 'a gate that nobody opens',
    code: 'not-ready',
    status: {
      ...onNode([up(MAIN)]),
      ...conditions({
        PodScheduled: ['True'],
        ContainersReady: ['True'],
        Ready: [
          'False',
          'ReadinessGatesNotReady',
          'corresponding condition of pod readiness gate "target-health.elbv2.k8s.aws/x" does not exist.',
        ],
      }),
    },
    says: /readiness gate/,
  },
];

describe('Pods that are on a node and not ready', () => {
  for (const { what, code, status, says = /./, events = [] } of CASES) {
    it(`${code}: ${what}`, () => {
      const [first] = findingsOf(world(status, events));
      assert.equal(first?.code, code, first?.message);
      assert.match(`${first?.message} ${first?.fix?.text}`, says);
    });
  }

  it('is the same of a transformer, an explainer and an LLMInferenceService', () => {
    const status = onNode([looping(MAIN, { message: 'ValueError: x' })]);
    for (const component of ['transformer', 'explainer']) {
      const said = conditions({
        PredictorReady: ['True'],
        [`${component === 'transformer' ? 'Transformer' : 'Explainer'}Ready`]: ['False', 'MinimumReplicasUnavailable'],
        Ready: ['False'],
      });
      const predictor = pod({ status: onNode([up(MAIN)]) });
      assert.equal(
        rootOf([isvc({ status: said }), deployment(), deployment({ component }), predictor, pod({ component, status })]),
        'crash',
      );
    }
    const workload = onNode([looping('main', { reason: 'OOMKilled', exitCode: 137 })]);
    assert.equal(rootOf([llm({ status: PODS_MISSING }), deployment({ of: 'llm' }), pod({ of: 'llm', status: workload })]), 'out-of-memory');
  });

  it('finds the fault of one Pod where another serves, and only warns', () => {
    const objects = [
      isvc({ status: READY }),
      deployment({ spec: { replicas: 2 } }),
      pod({ name: 'iris-predictor-7d4b9c6f5-aaaaa', status: onNode([up(MAIN)]) }),
      pod({ name: 'iris-predictor-7d4b9c6f5-bbbbb', status: onNode([looping(MAIN, { reason: 'OOMKilled', exitCode: 137 })]) }),
    ];
    assert.deepEqual(
      findingsOf(objects).map(({ code, severity }) => [code, severity]),
      [['out-of-memory', 'warning']],
    );
  });

  it('tells Deployments of one component apart whose names begin alike', () => {
    const objects = [
      isvc({ status: READY }),
      deployment(),
      deployment({ name: 'iris-predictor-canary', hash: '5f6d7c8b9' }),
      pod({ status: onNode([up(MAIN)]) }),
      pod({
        name: 'iris-predictor-canary-5f6d7c8b9-zzzzz',
        hash: '5f6d7c8b9',
        status: onNode([looping(MAIN, { message: 'ValueError: canary' })]),
      }),
    ];
    const [first, ...others] = findingsOf(objects);
    assert.deepEqual([first?.code, first?.severity, others.length], ['crash', 'error', 0]);
    const both = objects.map((object) => (object.kind === 'Pod' ? { ...object, status: onNode([looping(MAIN, {})]) } : object));
    assert.equal(
      findingsOf(both).some(({ message }) => message.includes('more like it')),
      false,
    );
  });

  it('finds nothing in Pods that recovered', () => {
    const after = container(
      MAIN,
      { running: { startedAt: LOOKED_AT } },
      { ready: true, restartCount: 3, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
    );
    const healthy = pod({ status: onNode([after], [done(INIT)]), spec: WITH_INIT });
    const events = [
      warning(healthy, 'Unhealthy', PROBE),
      warning(healthy, 'BackOff', 'Back-off restarting failed container'),
      warning(healthy, 'FailedMount', 'secret "x" not found'),
      warning(healthy, 'FailedScheduling', '0/2 nodes are available: 2 Insufficient cpu.'),
      warning(healthy, 'Failed', 'Error: ImagePullBackOff'),
    ];
    assert.equal(rootOf([isvc({ status: READY }), deployment(), healthy, ...events]), 'ok');
  });

  it('counts no Pod that another has taken the place of', () => {
    const evicted = pod({ name: 'iris-predictor-7d4b9c6f5-old12', status: { phase: 'Failed', reason: 'Evicted' } });
    const leaving = pod({ name: 'iris-predictor-7d4b9c6f5-old34', deletionTimestamp: LOOKED_AT, status: onNode([looping(MAIN, {})]) });
    assert.equal(rootOf([isvc({ status: READY }), deployment(), pod({ status: onNode([up(MAIN)]) }), evicted, leaving]), 'ok');
  });
});
