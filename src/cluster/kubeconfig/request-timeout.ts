import { LONGEST, parseGoDuration } from '../../text/go-duration.ts';

/**
 * The value of `--request-timeout` in milliseconds; undefined means no limit. Throws an Error in kubectl's words.
 * https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/helpers.go
 */
export function parseRequestTimeout(text: string): number | undefined {
  const milliseconds = text === '' ? 0 : /^\+?\d+$/.test(text) ? Number(text) * 1000 : parseGoDuration(text);
  if (milliseconds === undefined || milliseconds > LONGEST) {
    throw new Error(
      'Invalid timeout value. Timeout must be a single integer in seconds, ' +
        'or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    );
  }
  return milliseconds > 0 ? milliseconds : undefined;
}
