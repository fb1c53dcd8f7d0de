import { ClusterError, messageOf, UsageError } from '../../errors.ts';
import type { Choice } from './choice.ts';
import { type About, flagsOver, originsOf } from './origin.ts';

/** `origins`: what to look at, such as a file or a flag. */
export function invalid(message: string, origins: readonly string[], cause?: unknown): ClusterError {
  return new ClusterError('ConfigInvalid', message, { hint: origins.length === 0 ? undefined : `Check ${origins.join(', ')}.`, cause });
}

// Where several entries are read at once, a flag is the likelier cause.
function likelyOrigins(choice: Choice, about: readonly About[]): readonly string[] {
  const flags = about.flatMap(({ keys }) => flagsOver(choice.flags, keys));
  return flags.length > 0 ? flags : about.flatMap((one) => originsOf(choice, one));
}

/** Turns what a pure function threw into an error for the user. */
export function explained<T>(compute: () => T, choice: Choice, ...about: readonly About[]): T {
  try {
    return compute();
  } catch (cause) {
    throw invalid(messageOf(cause), likelyOrigins(choice, about), cause);
  }
}

/** The same for one value: if `flag` gave it, no kubeconfig could make it right. */
export function explainedValue<T>(compute: () => T, choice: Choice, flag: string, origins: readonly string[]): T {
  try {
    return compute();
  } catch (cause) {
    const { message } = cause as Error;
    throw choice.flags.has(flag) ? new UsageError(`${flag}: ${message}`, { cause }) : invalid(message, origins, cause);
  }
}
