import { rmSync } from 'node:fs';
import type { Context } from '../../command/context.ts';
import { ExitCode } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { completerPath, makeLink, occupantOf } from './link.ts';
import { proveCompletion } from './prove.ts';

export async function run(context: Context): Promise<ExitCode> {
  const path = completerPath(context);
  const isNew = occupantOf(path) === 'nobody';
  if (isNew) makeLink(path);
  try {
    await proveCompletion(context);
  } catch (error) {
    // What does not work must not stay: TAB might ask another program.
    if (isNew) rmSync(path, { force: true });
    throw error;
  }
  context.streams.out.write(
    `${escapeText(path)} answers kubectl: TAB works after kubectl kserve, in a shell that has loaded kubectl completion.\n`,
  );
  return ExitCode.ok;
}
