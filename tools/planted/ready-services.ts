import { failing } from '../control-plane/kserve/play-pod.ts';
import { inferenceService, type PlantedFailure } from './planted-failure.ts';
import { all, condition, podWaits, ready, type Scene } from './shown.ts';

const FOLDER = 'serving.kserve.io';

/** The service is ready or stopped, as it should be or not as its owner thinks. */
export const READY_SERVICES: readonly PlantedFailure[] = [
  { name: '01-healthy', code: 'ok', evidence: [], objects: [inferenceService()], shown: ready },
  {
    name: '35-stopped',
    code: 'stopped',
    evidence: [`${FOLDER}/stop`],
    objects: [inferenceService({}, { annotations: { [`${FOLDER}/stop`]: 'true' } })],
    shown: condition('Stopped', 'True'),
  },
  {
    name: '36-min-replicas-0',
    code: 'min-replicas-ignored',
    evidence: ['minReplicas'],
    objects: [inferenceService({}, { predictor: { minReplicas: 0 } })],
    shown: ready,
  },
  {
    name: '37-rollout-failing',
    code: 'rollout-failing',
    evidence: ['kserve/sklearnserver:v9.9.9'],
    objects: [inferenceService()],
    change: {
      once: ready,
      patch: { spec: { predictor: { annotations: failing('image-pull'), model: { image: 'kserve/sklearnserver:v9.9.9' } } } },
    },
    shown: all(ready, podWaits('ImagePullBackOff')),
  },
  {
    name: '38-disable-auto-update',
    code: 'update-disabled',
    evidence: ['disable-auto-update'],
    objects: [inferenceService({}, { annotations: { [`${FOLDER}/disable-auto-update`]: 'true' } })],
    change: { once: ready, patch: { spec: { predictor: { model: { storageUri: 'gs://kfserving-examples/models/sklearn/2.0/model' } } } } },
    shown: all(ready, ({ service }) => service.metadata.generation === 2),
  },
  {
    name: '39-zero-replicas',
    code: 'zero-replicas',
    evidence: ['iris-predictor'],
    objects: [inferenceService({}, { annotations: { [`${FOLDER}/autoscalerClass`]: 'none' }, predictor: { minReplicas: 0 } })],
    shown: all(ready, hasNoPods),
  },
  {
    // KServe's webhook stores the new word.
    name: '72-old-deployment-mode',
    code: 'ok',
    evidence: [],
    objects: [inferenceService({}, { annotations: { [`${FOLDER}/deploymentMode`]: 'RawDeployment' } })],
    shown: ready,
  },
];

function hasNoPods({ pods }: Scene): boolean {
  return pods.length === 0;
}
