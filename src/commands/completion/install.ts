import { rmSync, symlinkSync } from 'node:fs';
import type { Context } from '../../cli/command.ts';
import { shellCommand } from '../../domain/shell.ts';
import { ExitCode, KserveError } from '../../errors.ts';
import { escapeText } from '../../output/escape.ts';
import { completerPath, LINK_TARGET, occupantOf } from './link.ts';
import { proveCompletion } from './prove.ts';

export async function run(context: Context): Promise<ExitCode> {
  if (context.platform === 'win32') {
    throw new KserveError('completion of kubectl plugins cannot be installed on Windows', {
      hint: 'PowerShell completes kubectl itself; see kubectl completion powershell --help.',
    });
  }
  const path = completerPath(context);
  const isNew = occupantOf(path) === 'nobody';
  if (isNew) link(path);
  try {
    await proveCompletion(context);
  } catch (error) {
    // What does not work must not stay: TAB might ask another program.
    if (isNew) rmSync(path, { force: true });
    throw error;
  }
  context.streams.out.write(`${escapeText(path)} answers kubectl: TAB works after kubectl kserve.\n`);
  return ExitCode.ok;
}

/** Relative, so that it follows the plugin when krew upgrades it. */
function link(path: string): void {
  try {
    // What dangles is nobody's.
    rmSync(path, { force: true });
    symlinkSync(LINK_TARGET, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new KserveError(`cannot make the link ${path}: ${code}`, {
      hint: `As somebody who may write there, run:\n  ${shellCommand(['ln', '-s', LINK_TARGET, path])}`,
      cause,
    });
  }
}
