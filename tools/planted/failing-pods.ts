import { failing } from '../control-plane/kserve/play-pod.ts';
import { inferenceService, type PlantedFailure } from './planted-failure.ts';
import { all, condition, event, failure, initRuns, podsNotReady, podWaits } from './shown.ts';

const FORBIDDEN = `Traceback (most recent call last):
  File "/storage-initializer/scripts/initializer-entrypoint", line 24, in <module>
    Storage.download_files(src_uris, dest_paths)
botocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden
`;
const NOT_FOUND =
  'RuntimeError: Failed to fetch model. The path or model gs://kfserving-examples/models/sklearn/9.9/model does not exist.\n';
const OTHER_VERSION = `ValueError: node array from the pickle has an incompatible dtype:
- expected: {'names': ['left_child', 'right_child', 'missing_go_to_left'], 'formats': ['<i8', '<i8', 'u1']}
- got     : [('left_child', '<i8'), ('right_child', '<i8')]
`;
const NO_SUCH_IMAGE = { image: 'kserve/sklearnserver:v9.9.9' };

const crashes = all(podsNotReady, podWaits('CrashLoopBackOff'));
const cannotPull = all(podsNotReady, podWaits('ImagePullBackOff'));

function environment(source: object) {
  return inferenceService({ env: [{ name: 'SETTING', valueFrom: source }] });
}

/** There is a Pod on a node, and it does not become ready. */
export const FAILING_PODS: readonly PlantedFailure[] = [
  {
    name: '23-storage-403',
    code: 'storage-failed',
    evidence: ['(403) when calling the HeadObject operation'],
    objects: [inferenceService({ storageUri: 's3://models/iris' }, { annotations: failing('init-fail', { message: FORBIDDEN }) })],
    shown: failure('ModelLoadFailed'),
  },
  {
    name: '24-storage-path',
    code: 'storage-failed',
    evidence: ['gs://kfserving-examples/models/sklearn/9.9/model'],
    objects: [
      inferenceService(
        { storageUri: 'gs://kfserving-examples/models/sklearn/9.9/model' },
        { annotations: failing('init-fail', { message: NOT_FOUND }) },
      ),
    ],
    shown: failure('ModelLoadFailed'),
  },
  {
    name: '25-storage-out-of-memory',
    code: 'storage-out-of-memory',
    evidence: ['OOMKilled'],
    objects: [inferenceService({ storageUri: 'hf://Qwen/Qwen2.5-72B-Instruct' }, { annotations: failing('init-oom') })],
    shown: crashes,
  },
  {
    name: '26-image-pull',
    code: 'image-pull',
    evidence: ['kserve/sklearnserver:v9.9.9'],
    objects: [inferenceService(NO_SUCH_IMAGE, { annotations: failing('image-pull') })],
    shown: cannotPull,
  },
  {
    name: '27-oom',
    code: 'out-of-memory',
    evidence: ['OOMKilled'],
    objects: [
      inferenceService({ resources: { limits: { memory: '500Mi' }, requests: { memory: '500Mi' } } }, { annotations: failing('oom') }),
    ],
    shown: crashes,
  },
  {
    name: '28-model-load-crash',
    code: 'crash',
    evidence: ['incompatible dtype'],
    objects: [inferenceService({}, { annotations: failing('crash', { message: OTHER_VERSION }) })],
    shown: all(crashes, failure('ModelLoadFailed')),
  },
  {
    name: '29-mount-failed',
    code: 'config-missing',
    evidence: ['tls-certs'],
    objects: [inferenceService({}, { predictor: { volumes: [{ name: 'certs', secret: { secretName: 'tls-certs' } }] } })],
    shown: all(podsNotReady, event('FailedMount')),
  },
  {
    name: '30-missing-secret-env',
    code: 'config-missing',
    evidence: ['hf-secret'],
    objects: [environment({ secretKeyRef: { name: 'hf-secret', key: 'HF_TOKEN' } })],
    shown: all(podsNotReady, podWaits('CreateContainerConfigError')),
  },
  {
    name: '31-missing-configmap-key',
    code: 'config-missing',
    evidence: ["couldn't find key LEVEL in ConfigMap"],
    objects: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { OTHER: 'x' } },
      environment({ configMapKeyRef: { name: 'settings', key: 'LEVEL' } }),
    ],
    shown: all(podsNotReady, podWaits('CreateContainerConfigError')),
  },
  {
    name: '32-readiness-probe',
    code: 'probe-failed',
    evidence: ['Readiness probe failed'],
    objects: [inferenceService({}, { annotations: failing('not-ready') })],
    shown: all(podsNotReady, event('Unhealthy')),
  },
  {
    name: '33-loading',
    code: 'loading',
    evidence: ['storage-initializer'],
    objects: [inferenceService({ storageUri: 'hf://Qwen/Qwen2.5-72B-Instruct-AWQ' }, { annotations: failing('init-running') })],
    shown: all(podsNotReady, initRuns),
  },
  {
    name: '67-image-pull-denied',
    code: 'image-pull',
    evidence: ['registry.example.org/team/server:1', 'authorization failed'],
    objects: [
      inferenceService(
        { image: 'registry.example.org/team/server:1' },
        {
          annotations: failing('image-pull', {
            message:
              'failed to pull and unpack image "registry.example.org/team/server:1": pull access denied: insufficient_scope: authorization failed',
          }),
        },
      ),
    ],
    shown: cannotPull,
  },
  {
    name: '68-crash-without-a-word',
    code: 'crash',
    evidence: ['139'],
    objects: [inferenceService({}, { annotations: failing('crash', { exitCode: 139 }) })],
    shown: crashes,
  },
  {
    name: '69-initializer-not-injected',
    code: 'initializer-not-injected',
    evidence: ['control-plane'],
    // KServe's webhook leaves out namespaces with this label.
    namespaceLabels: { 'control-plane': 'team' },
    objects: [inferenceService({}, { annotations: failing('crash', { message: 'FileNotFoundError: /mnt/models' }) })],
    shown: crashes,
  },
  {
    name: '70-transformer-crash',
    code: 'crash',
    evidence: ['ModuleNotFoundError'],
    objects: [
      inferenceService(
        {},
        {
          transformer: {
            annotations: failing('crash', { message: "ModuleNotFoundError: No module named 'preprocess'" }),
            containers: [{ name: 'kserve-container', image: 'example.org/transformer:1' }],
          },
        },
      ),
    ],
    shown: all(
      condition('TransformerReady', 'False', 'MinimumReplicasUnavailable'),
      condition('PredictorReady', 'True'),
      podWaits('CrashLoopBackOff'),
    ),
  },
  {
    name: '71-own-container',
    code: 'image-pull',
    evidence: ['example.org/my-model:1'],
    objects: [
      {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: { name: 'iris', annotations: failing('image-pull') },
        spec: { predictor: { containers: [{ name: 'kserve-container', image: 'example.org/my-model:1' }] } },
      },
    ],
    shown: cannotPull,
  },
];
