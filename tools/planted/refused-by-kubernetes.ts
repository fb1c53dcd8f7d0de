import { inferenceService, type PlantedFailure } from './planted-failure.ts';
import { podsRefused, unschedulable } from './shown.ts';

const GPU = 'nvidia.com/gpu';

function onGpus(count: string, predictor: object = {}) {
  const resources = { requests: { [GPU]: count }, limits: { [GPU]: count } };
  return inferenceService({ modelFormat: { name: 'huggingface' }, storageUri: 'hf://meta-llama/Llama-3.1-8B', resources }, { predictor });
}

/** There is a Deployment, and its Pods cannot be made or placed. */
export const REFUSED_BY_KUBERNETES: readonly PlantedFailure[] = [
  {
    name: '13-quota',
    code: 'quota-exceeded',
    evidence: ['exceeded quota: team'],
    objects: [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'team' },
        spec: { hard: { 'requests.cpu': '500m', 'limits.memory': '1Gi' } },
      },
      inferenceService(),
    ],
    shown: podsRefused,
  },
  {
    name: '14-limit-range',
    code: 'limit-range',
    evidence: ['maximum cpu usage per Container is 500m'],
    objects: [
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'small' },
        spec: { limits: [{ type: 'Container', max: { cpu: '500m' } }] },
      },
      inferenceService(),
    ],
    shown: podsRefused,
  },
  {
    name: '15-pod-security',
    code: 'pod-security',
    evidence: ['violates PodSecurity'],
    namespaceLabels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    objects: [inferenceService()],
    shown: podsRefused,
  },
  {
    name: '16-serviceaccount-missing',
    code: 'serviceaccount-missing',
    evidence: ['model-reader'],
    objects: [inferenceService({}, { predictor: { serviceAccountName: 'model-reader' } })],
    shown: podsRefused,
  },
  {
    name: '17-storage-secret-missing',
    code: 'storage-secret-missing',
    evidence: ['storage-config'],
    objects: [inferenceService({ storageUri: undefined, storage: { key: 'minio', path: 'models/iris' } })],
    shown: podsRefused,
  },
  {
    name: '18-storage-key-missing',
    code: 'storage-secret-missing',
    evidence: ['storage-config'],
    objects: [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'storage-config' }, stringData: { other: '{"type":"s3"}' } },
      inferenceService({ storageUri: undefined, storage: { key: 'minio', path: 'models/iris' } }),
    ],
    shown: podsRefused,
  },
  {
    name: '19-gpu-insufficient',
    code: 'insufficient-resources',
    evidence: [GPU],
    objects: [onGpus('4', { tolerations: [{ key: GPU, operator: 'Exists' }] })],
    shown: unschedulable,
  },
  {
    name: '20-untolerated-taint',
    code: 'untolerated-taint',
    evidence: ['untolerated taint'],
    objects: [onGpus('1')],
    shown: unschedulable,
  },
  {
    name: '21-pvc-missing',
    code: 'volume-claim-missing',
    evidence: ['model-store'],
    objects: [inferenceService({ storageUri: 'pvc://model-store/iris' })],
    shown: unschedulable,
  },
  {
    name: '22-pvc-unbound',
    code: 'volume-claim-unbound',
    evidence: ['model-store'],
    objects: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'model-store' },
        spec: { accessModes: ['ReadOnlyMany'], storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } },
      },
      inferenceService({ storageUri: 'pvc://model-store/iris' }),
    ],
    shown: unschedulable,
  },
  {
    name: '66-node-selector',
    code: 'unschedulable',
    evidence: ["didn't match Pod's node affinity/selector"],
    objects: [inferenceService({}, { predictor: { nodeSelector: { disk: 'ssd' }, tolerations: [{ operator: 'Exists' }] } })],
    shown: unschedulable,
  },
];
