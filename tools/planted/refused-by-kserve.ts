import { inferenceService, type PlantedFailure, servingRuntime } from './planted-failure.ts';
import { all, condition, event, failure, ready } from './shown.ts';

/** KServe makes no Deployment. */
export const REFUSED_BY_KSERVE: readonly PlantedFailure[] = [
  {
    name: '02-no-runtime',
    code: 'no-runtime',
    evidence: ['statsmodels'],
    objects: [inferenceService({ modelFormat: { name: 'statsmodels' } })],
    shown: failure('NoSupportingRuntime'),
  },
  {
    name: '03-no-runtime-for-protocol',
    code: 'no-runtime-for-protocol',
    evidence: ['grpc-v2'],
    objects: [inferenceService({ modelFormat: { name: 'sklearn', version: '1' }, protocolVersion: 'grpc-v2' })],
    shown: failure('NoSupportingRuntime'),
  },
  {
    name: '04-no-runtime-for-v1',
    code: 'no-runtime-for-protocol',
    evidence: ['mlflow'],
    objects: [inferenceService({ modelFormat: { name: 'mlflow' } })],
    shown: failure('NoSupportingRuntime'),
  },
  {
    name: '05-protocol-mismatch',
    code: 'runtime-protocol',
    evidence: ['kserve-tensorflow-serving', 'v2'],
    objects: [inferenceService({ modelFormat: { name: 'tensorflow' }, runtime: 'kserve-tensorflow-serving', protocolVersion: 'v2' })],
    shown: failure('NoSupportingRuntime'),
  },
  {
    name: '06-wrong-runtime-name',
    code: 'runtime-not-found',
    evidence: ['kserve-sklearn'],
    objects: [inferenceService({ runtime: 'kserve-sklearn' })],
    shown: failure('RuntimeNotRecognized'),
  },
  {
    name: '07-runtime-disabled',
    code: 'runtime-disabled',
    evidence: ['old'],
    objects: [servingRuntime('old', 'sklearn', { disabled: true }), inferenceService({ runtime: 'old' })],
    shown: failure('RuntimeDisabled'),
  },
  {
    name: '08-runtime-other-format',
    code: 'runtime-format',
    evidence: ['kserve-xgbserver'],
    objects: [inferenceService({ runtime: 'kserve-xgbserver' })],
    shown: failure('NoSupportingRuntime'),
  },
  {
    name: '10-storage-uri-unsupported',
    code: 'storage-uri-unsupported',
    evidence: ['ftp://models.example.org/iris'],
    objects: [inferenceService({ storageUri: 'ftp://models.example.org/iris' })],
    shown: event('InternalError'),
  },
  {
    name: '11-knative-without-knative',
    code: 'knative-missing',
    evidence: ['Knative'],
    objects: [inferenceService({}, { annotations: { 'serving.kserve.io/deploymentMode': 'Knative' } })],
    shown: event('ServerlessModeRejected'),
  },
  {
    name: '60-runtime-not-auto-selectable',
    code: 'runtime-not-auto-selectable',
    evidence: ['statsmodels'],
    objects: [
      servingRuntime('by-name-only', 'statsmodels', { supportedModelFormats: [{ name: 'statsmodels', version: '1' }] }),
      inferenceService({ modelFormat: { name: 'statsmodels' } }),
    ],
    shown: failure('NoSupportingRuntime'),
  },
  {
    name: '61-runtime-without-container',
    code: 'runtime-without-container',
    evidence: ['kserve-container'],
    objects: [
      servingRuntime('odd', 'statsmodels', { containers: [{ name: 'server', image: 'example.org/server:1' }] }),
      inferenceService({ modelFormat: { name: 'statsmodels' } }),
    ],
    shown: failure('InvalidPredictorSpec'),
  },
  {
    name: '62-name-too-long',
    code: 'name-too-long',
    evidence: ['63 characters'],
    objects: [inferenceService({}, { name: `iris-${'0123456789'.repeat(5)}` })],
    shown: condition('PredictorReady', 'False', 'ReconcileFailed'),
  },
  {
    name: '63-version-as-text',
    code: 'no-runtime',
    evidence: ['1.0'],
    objects: [inferenceService({ modelFormat: { name: 'sklearn', version: '1.0' } })],
    shown: failure('NoSupportingRuntime'),
  },
  {
    name: '64-old-name-of-knative',
    code: 'knative-missing',
    evidence: ['Knative'],
    objects: [inferenceService({}, { annotations: { 'serving.kserve.io/deploymentMode': 'Serverless' } })],
    shown: event('ServerlessModeRejected'),
  },
  {
    name: '65-recovered',
    code: 'ok',
    evidence: [],
    objects: [inferenceService({ runtime: 'kserve-sklearn' })],
    change: {
      once: failure('RuntimeNotRecognized'),
      patch: { spec: { predictor: { model: { runtime: 'kserve-sklearnserver' } } } },
    },
    // KServe never takes back its last failure.
    shown: all(ready, failure('RuntimeNotRecognized')),
  },
];
