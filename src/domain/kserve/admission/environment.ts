import type { Violation } from '../../kubernetes/schema/violation.ts';
import { items, type Part, part, textAt, unless } from './read.ts';

/** https://github.com/kserve/kserve/blob/v0.20.0/pkg/validation/env_policy.go */
const BLOCKED: readonly string[] = ['PYTHONPATH'];
const PARALLEL_SIZES: readonly string[] = ['PIPELINE_PARALLEL_SIZE', 'TENSOR_PARALLEL_SIZE'];

/** Variables that a container may not set. `subject` begins the sentence, such as `the InferenceService "iris" is invalid`. */
export function blockedVariables(container: Part, subject: string): readonly Violation[] {
  return variables(container).flatMap((variable) => {
    const name = textAt(variable, 'name');
    return unless(
      !BLOCKED.includes(name),
      part(variable, 'name'),
      `${subject}: setting ${name} in container "${textAt(container, 'name')}" is not allowed for security reasons`,
    );
  });
}

/** Sizes of a service on several nodes, which fields of workerSpec set. */
export function parallelSizeVariables(container: Part, subject: string): readonly Violation[] {
  return variables(container).flatMap((variable) => {
    const name = textAt(variable, 'name');
    return unless(
      !PARALLEL_SIZES.includes(name),
      part(variable, 'name'),
      `${subject}: setting ${name} in environment variables is not allowed`,
    );
  });
}

export function variables(container: Part): readonly Part[] {
  return items(part(container, 'env'));
}
