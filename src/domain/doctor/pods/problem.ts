import type { Evidence, Finding } from '../../finding.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import type { Facts } from '../facts.ts';

/** A Pod, and what is known around it. */
export interface PodFacts {
  readonly pod: KubeObject;
  readonly facts: Facts;
}

/** What is wrong with one Pod: the first that is, in the order in which it comes up. */
export type PodRule = (pod: PodFacts) => Finding<Code> | undefined;

/** What the scheduler says of a Pod that it has not placed. */
export interface Unscheduled {
  readonly context: PodFacts;
  /** Without what preemption would change. */
  readonly text: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  /** Where the text stands. */
  readonly field: string;
}
