import { inferenceService, llmInferenceService, type PlantedFailure } from './planted-failure.ts';
import { condition, deployment, type Scene } from './shown.ts';

/** The whole cluster has to be in another state: one at a time. */
export const WHOLE_CLUSTER: readonly PlantedFailure[] = [
  {
    name: '40-gateway-route',
    code: 'route-not-ready',
    evidence: ['iris'],
    cluster: 'gateway-api',
    objects: [inferenceService()],
    shown: (scene) => condition('PredictorReady', 'True')(scene) && condition('IngressReady', 'False')(scene),
  },
  {
    name: '41-webhook-unreachable',
    code: 'webhook-unreachable',
    evidence: ['failed calling webhook'],
    cluster: 'webhooks-gone',
    objects: [inferenceService()],
    shown: deployment('ReplicaFailure', 'True'),
  },
  {
    name: '42-no-status',
    code: 'controller-not-running',
    evidence: ['iris'],
    cluster: 'kserve-gone',
    objects: [inferenceService()],
    shown: hasNoStatus,
  },
  {
    name: '43-ingress-config',
    code: 'ingress-config',
    evidence: ['ingressGateway'],
    cluster: 'no-ingress-gateway',
    objects: [inferenceService()],
    shown: condition('PredictorReady', 'False', 'ReconcileFailed'),
  },
  {
    name: '52-llm-preset-missing',
    code: 'llm-preset-missing',
    evidence: ['kserve-config-llm-template'],
    cluster: 'no-llm-template',
    objects: [llmInferenceService()],
    shown: condition('PresetsCombined', 'False'),
  },
];

function hasNoStatus({ service }: Scene): boolean {
  return service.status === undefined;
}
