import { inferenceService, llmInferenceService, type PlantedFailure } from './planted-failure.ts';
import { all, condition, deployment, type Scene } from './shown.ts';

const noRoute = all(condition('PredictorReady', 'True'), condition('IngressReady', 'False'));

/** The whole cluster has to be in another state: one at a time. */
export const WHOLE_CLUSTER: readonly PlantedFailure[] = [
  {
    name: '40-gateway-route',
    code: 'route-not-ready',
    evidence: ['iris'],
    cluster: 'idle-gateway',
    objects: [inferenceService()],
    shown: noRoute,
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
    name: '44-gateway-missing',
    code: 'gateway-missing',
    evidence: ['kserve-ingress-gateway'],
    cluster: 'no-gateway',
    isBeyondNamespace: true,
    objects: [inferenceService()],
    shown: noRoute,
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
