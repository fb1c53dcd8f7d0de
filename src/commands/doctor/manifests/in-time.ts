import { runInNewContext } from 'node:vm';

/** Far more than the longest manifest takes, and as long as Ctrl-C may go unheard. */
const MILLISECONDS = 2_000;

/**
 * What `work` comes to, undefined if that takes too long. Go matches patterns in time that grows with the text; JavaScript may try for years, and hears
 * no signal meanwhile: only what Node runs as a script can be stopped, with all that it calls.
 * https://nodejs.org/api/vm.html#scriptrunincontextcontextifiedobject-options
 */
export function inTime<T>(work: () => T): T | undefined {
  try {
    return runInNewContext('work()', { work }, { timeout: MILLISECONDS }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
