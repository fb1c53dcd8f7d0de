import { unlinkSync } from 'node:fs';
import type { Context } from '../../command/context.ts';
import { ExitCode, KserveError } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { completerPath, occupantOf } from './link.ts';

export async function run(context: Context): Promise<ExitCode> {
  const path = completerPath(context);
  const occupant = occupantOf(path);
  if (occupant === 'other') throw new KserveError(`completion install did not make ${path}: left alone`);
  if (occupant === 'ours') remove(path);
  context.streams.out.write(occupant === 'ours' ? `${escapeText(path)} is gone.\n` : `${escapeText(path)} is not there: nothing to do.\n`);
  return ExitCode.ok;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (cause) {
    throw new KserveError(`cannot remove ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
