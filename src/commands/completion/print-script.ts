import type { Context } from '../../command/context.ts';
import { ExitCode } from '../../errors.ts';
import { SHELL_SCRIPTS, type Shell } from './shell-scripts.ts';

/** The command that prints the script of a shell. */
export function printScript(shell: Shell): (context: Context) => Promise<ExitCode> {
  return async ({ streams }) => {
    streams.out.write(SHELL_SCRIPTS[shell]);
    return ExitCode.ok;
  };
}
