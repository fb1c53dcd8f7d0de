import { rmSync } from 'node:fs';
import type { Context } from '../../cli/command.ts';
import { ExitCode, KserveError } from '../../errors.ts';
import { completerPath, kindOfFile } from './link.ts';

export async function run(context: Context): Promise<ExitCode> {
  const path = completerPath(context);
  const kind = kindOfFile(path);
  if (kind === 'other') throw new KserveError(`${path} is not a link, so completion install did not make it: left alone`);
  if (kind === 'link') remove(path);
  context.streams.out.write(kind === 'link' ? `${path} is gone.\n` : `${path} is not there: nothing to do.\n`);
  return ExitCode.ok;
}

function remove(path: string): void {
  try {
    rmSync(path);
  } catch (cause) {
    throw new KserveError(`cannot remove ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
