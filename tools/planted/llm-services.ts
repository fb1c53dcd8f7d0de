import { failing } from '../control-plane/kserve/play-pod.ts';
import { llmInferenceService, type PlantedFailure } from './planted-failure.ts';
import { all, condition, deployment, podWaits, ready, unschedulablePod } from './shown.ts';

const workloadNotReady = condition('MainWorkloadReady', 'False');

export const LLM_SERVICES: readonly PlantedFailure[] = [
  { name: '50-llm-healthy', code: 'ok', evidence: [], objects: [llmInferenceService()], shown: ready },
  {
    name: '51-llm-config-missing',
    code: 'llm-config-missing',
    evidence: ['team-defaults'],
    objects: [llmInferenceService({ baseRefs: [{ name: 'team-defaults' }] })],
    shown: condition('PresetsCombined', 'False', 'ConfigNotFound'),
  },
  {
    name: '53-llm-gpu-insufficient',
    code: 'insufficient-resources',
    evidence: ['nvidia.com/gpu'],
    objects: [llmInferenceService({}, { 'nvidia.com/gpu': '4' })],
    shown: all(workloadNotReady, unschedulablePod),
  },
  {
    name: '54-llm-quota',
    code: 'quota-exceeded',
    evidence: ['exceeded quota: team'],
    objects: [
      { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team' }, spec: { hard: { 'requests.cpu': '500m' } } },
      llmInferenceService(),
    ],
    shown: all(workloadNotReady, deployment('ReplicaFailure', 'True')),
  },
  {
    name: '55-llm-crash',
    code: 'crash',
    evidence: ['Engine core initialization failed'],
    objects: [
      llmInferenceService({
        annotations: failing('crash', { container: 'main', message: 'RuntimeError: Engine core initialization failed.' }),
      }),
    ],
    shown: all(workloadNotReady, podWaits('CrashLoopBackOff')),
  },
  {
    name: '56-llm-gateway-missing',
    code: 'gateway-missing',
    evidence: ['edge'],
    objects: [llmInferenceService({ router: { route: {}, gateway: { refs: [{ name: 'edge', namespace: 'infra' }] } } })],
    shown: all(condition('GatewaysReady', 'False', 'RefsInvalid'), condition('WorkloadsReady', 'True')),
  },
];
