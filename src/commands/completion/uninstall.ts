import { unlinkSync } from 'node:fs';
import type { Context } from '../../command/context.ts';
import { ExitCode, KserveError } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { completerLink, occupantOf, ownLinks } from './link.ts';

export async function run(context: Context): Promise<ExitCode> {
  const { path } = completerLink(context);
  if (occupantOf(path) === 'other') throw new KserveError(`completion install did not make ${path}: left alone`);
  const links = ownLinks(context);
  for (const link of links) {
    remove(link);
    context.streams.out.write(context.wrap(`${escapeText(link)} is gone.\n`));
  }
  if (links.length === 0) context.streams.out.write(context.wrap(`${escapeText(path)} is not there: nothing to do.\n`));
  return ExitCode.ok;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (cause) {
    throw new KserveError(`cannot remove ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
