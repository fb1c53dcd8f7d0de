const FIRST_MILLISECONDS = 800;
/** Without the part that is left to chance. */
const MOST_MILLISECONDS = 15_000;

/**
 * How long to wait before the next attempt, of which `failed` brought nothing: twice as long each time, and up to twice that by chance, so that not all
 * clients of a server come back at once. https://github.com/kubernetes/client-go/blob/master/tools/cache/reflector.go
 */
export function backoff(failed: number): number {
  return Math.min(MOST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** Math.min(failed, 10)) * (1 + Math.random());
}
