import { FAILING_PODS } from './failing-pods.ts';
import { LLM_SERVICES } from './llm-services.ts';
import type { PlantedFailure } from './planted-failure.ts';
import { READY_SERVICES } from './ready-services.ts';
import { REFUSED_BY_KSERVE } from './refused-by-kserve.ts';
import { REFUSED_BY_KUBERNETES } from './refused-by-kubernetes.ts';
import { WHOLE_CLUSTER } from './whole-cluster.ts';

/** All of them, by name. */
export const PLANTED_FAILURES: readonly PlantedFailure[] = [
  ...READY_SERVICES,
  ...REFUSED_BY_KSERVE,
  ...REFUSED_BY_KUBERNETES,
  ...FAILING_PODS,
  ...LLM_SERVICES,
  ...WHOLE_CLUSTER,
].toSorted((a, b) => (a.name < b.name ? -1 : 1));
