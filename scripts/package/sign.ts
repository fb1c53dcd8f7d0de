import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quillBinary } from '../../tools/control-plane/binaries.ts';
import { checkLinkedit, mendLinkedit } from './linkedit.ts';
import { alignEnd, checkSignature } from './mach-o.ts';

/** Names the program inside its signature. */
const IDENTITY = 'kubectl-kserve';

/**
 * Mends what the injection left behind in a macOS program, signs it ad hoc, in place, and checks the result: without a signature the kernel of an arm64 Mac kills it. To be
 * called once a file, since a second signature would be added to the first.
 */
export async function signAdHoc(file: string): Promise<void> {
  const quill = await quillBinary();
  if (quill.kind === 'unavailable') throw new Error(`${quill.reason}: it builds quill, which signs the macOS programs`);
  await writeFile(file, alignEnd(mendLinkedit(await readFile(file))));
  await promisify(execFile)(join(quill.dir, 'quill'), ['sign', '-q', '--ad-hoc', '--identity', IDENTITY, file]);
  const signed = await readFile(file);
  checkLinkedit(signed);
  checkSignature(signed, IDENTITY);
}
