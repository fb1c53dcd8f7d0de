import { parseForbidden } from '../domain/rbac/forbidden-message.ts';
import { ClusterError, KserveError } from '../errors.ts';

/** True for a failure that all further requests would share: no connection, no valid credentials, interrupted. */
export function endsEverything(error: unknown): boolean {
  if (!(error instanceof ClusterError)) return true;
  return error.code === undefined || error.code === 401 || error.reason === 'Unauthorized';
}

/** The user of requests without credentials. */
export const ANONYMOUS = 'system:anonymous';

/** A refusal of the anonymous user is about missing credentials, not about rights. */
export function asLoginFailure(error: unknown): unknown {
  if (!(error instanceof ClusterError) || error.code !== 403 || parseForbidden(error.message)?.user !== ANONYMOUS) return error;
  return new KserveError('You are not logged in: no credentials were sent, so the server sees system:anonymous', {
    hint: 'Log in again, or name a user of your kubeconfig with --context or --user.',
    cause: error,
  });
}

/** What the server said of the credentials, or of there being none; undefined for a failure that is no matter of login. */
export function loginFailure(error: unknown): { readonly isAnonymous: boolean; readonly text: string } | undefined {
  if (error instanceof ClusterError && (error.code === 401 || error.reason === 'Unauthorized'))
    return { isAnonymous: false, text: error.message };
  const cause = error instanceof KserveError ? error.cause : undefined;
  const isAnonymous = cause instanceof ClusterError && parseForbidden(cause.message)?.user === ANONYMOUS;
  return isAnonymous ? { isAnonymous, text: cause.message } : undefined;
}

/** The failure of one review as a value: the others may succeed. @throws what no other request could survive */
export function reviewFailure(error: unknown): ClusterError {
  const failure = asLoginFailure(error);
  if (!(failure instanceof ClusterError) || failure.code === 401 || failure.reason === 'Interrupted') throw failure;
  return failure;
}

/** The failure as a value if the command can go on without this answer. @throws what ends the command */
export function toleratedFailure(error: unknown): ClusterError {
  const failure = asLoginFailure(error);
  if (endsEverything(failure)) throw failure;
  return failure as ClusterError;
}

/** One line for a failed request. */
export function failureMessage(error: ClusterError): string {
  return error.code === undefined || error.fromStatus ? error.message : `${error.message} (HTTP ${error.code})`;
}
