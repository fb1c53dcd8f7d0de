import { rmSync, symlinkSync } from 'node:fs';
import type { Context } from '../../cli/command.ts';
import { ExitCode, KserveError } from '../../errors.ts';
import { completerPath, kindOfFile, LINK_TARGET } from './link.ts';
import { proveCompletion } from './prove.ts';

export async function run(context: Context): Promise<ExitCode> {
  if (context.platform === 'win32') {
    throw new KserveError('completion of kubectl plugins cannot be installed on Windows', {
      hint: 'PowerShell completes kubectl itself; see kubectl completion powershell --help.',
    });
  }
  const path = completerPath(context);
  if (kindOfFile(path) !== 'other') link(path);
  await proveCompletion(context);
  context.streams.out.write(`${path} answers kubectl: TAB works after kubectl kserve.\n`);
  return ExitCode.ok;
}

/** Relative, so that it follows the plugin when krew upgrades it. */
function link(path: string): void {
  try {
    rmSync(path, { force: true });
    symlinkSync(LINK_TARGET, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new KserveError(`cannot make the link ${path}: ${code}`, {
      hint: `As somebody who may write there, run:\n  ln -s ${LINK_TARGET} ${path}`,
      cause,
    });
  }
}
