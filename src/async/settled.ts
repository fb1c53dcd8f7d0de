import { ClusterError } from '../errors.ts';

/** A failure of the cluster as a value, for those who ask several things at once; whatever else is thrown goes on. */
export function settled<T>(promise: Promise<T>): Promise<T | ClusterError>;
/** The same for the failures that `isFailure` knows. */
export function settled<T, E>(promise: Promise<T>, isFailure: (error: unknown) => error is E): Promise<T | E>;
export async function settled<T>(promise: Promise<T>, isFailure: (error: unknown) => boolean = isClusterError): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

function isClusterError(error: unknown): boolean {
  return error instanceof ClusterError;
}
