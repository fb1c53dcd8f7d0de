import type { Finding } from '../../finding.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import type { Facts } from '../facts.ts';
import { containerProblem } from './containers.ts';
import { withLog } from './log.ts';
import type { PodRule } from './problem.ts';
import { schedulingProblem } from './scheduling.ts';
import { endedByNode, initializerMissing, lostPod, mountProblem, probeProblem, starting } from './starting.ts';

/** In the order in which a Pod comes up: the first that holds is the root, the rest follows from it. */
const RULES: readonly PodRule[] = [
  endedByNode,
  schedulingProblem,
  initializerMissing,
  // A container that got as far as to fail had its volumes.
  containerProblem,
  mountProblem,
  lostPod,
  probeProblem,
  starting,
];

/** What is wrong with a Pod, or that it is starting; undefined if it is ready and as it should be. */
export function podProblem(pod: KubeObject, facts: Facts): Finding<Code> | undefined {
  for (const rule of RULES) {
    const problem = rule({ pod, facts });
    if (problem !== undefined) return withLog(problem, pod, facts);
  }
  return undefined;
}
