import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Context } from '../../command/context.ts';
import { ExitCode } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { completerLink, makeLink, occupantOf, wouldStopKrew } from './link.ts';
import { proveCompletion } from './prove.ts';

export async function run(context: Context): Promise<ExitCode> {
  const link = completerLink(context);
  const { path } = link;
  const isNew = occupantOf(path) === 'nobody';
  if (isNew) makeLink(link);
  try {
    await proveCompletion(context);
  } catch (error) {
    // What does not work must not stay: TAB might ask another program.
    if (isNew) rmSync(path, { force: true });
    throw error;
  }
  context.streams.out.write(
    context.wrap(`${escapeText(path)} answers kubectl: TAB works after kubectl kserve, in a shell that has loaded kubectl completion.\n`),
  );
  if (wouldStopKrew(dirname(path))) {
    context.streams.errOut.write(
      `hint: run ${context.programName} completion uninstall before you uninstall the plugin: krew does not remove this link, and refuses to work while it is all that is left\n`,
    );
  }
  return ExitCode.ok;
}
