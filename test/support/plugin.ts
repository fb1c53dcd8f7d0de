import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a credential plugin that runs on any system: CommonJS, and what starts it. A kubeconfig names it as `file`, which on Windows finds the
 * batch file. Gives the path of what is started.
 */
export function writePlugin(file: string, source: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.cjs`, source);
  const isWindows = process.platform === 'win32';
  const started = isWindows ? `${file}.cmd` : file;
  const batch = `@"${process.execPath}" "%~dpn0.cjs" %*\r\n`;
  const script = `#!/bin/sh\nexec '${process.execPath}' "$0.cjs" "$@"\n`;
  writeFileSync(started, isWindows ? batch : script, { mode: 0o700 });
  return started;
}

/** Source of a plugin that says `text`. */
export function saying(text: string): string {
  return `process.stdout.write(${JSON.stringify(text)});`;
}
