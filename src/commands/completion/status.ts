import type { Context } from '../../command/context.ts';
import { ExitCode } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { COMPLETER, findOnPath } from './link.ts';
import { proveCompletion } from './prove.ts';

export async function run(context: Context): Promise<ExitCode> {
  const path = findOnPath(COMPLETER, context);
  if (path === undefined) {
    context.streams.out.write('not installed\n');
    context.streams.errOut.write(`hint: ${context.programName} completion install\n`);
    return ExitCode.no;
  }
  await proveCompletion(context);
  context.streams.out.write(`installed: ${escapeText(path)}\n`);
  return ExitCode.ok;
}
