import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DecodeError } from '../../documents/decode-error.ts';
import { decodeText } from '../../documents/decode-text.ts';
import { describeFileError, isMissing } from '../../documents/file-error.ts';
import { readFileOrPipe } from '../../documents/read-file.ts';
import { parseDocument } from '../../documents/yaml.ts';
import { ClusterError } from '../../errors.ts';
import { decodeKubeconfig, type KubeconfigFile } from './decode.ts';
import type { KubeconfigFiles } from './files.ts';
import type { ReadFile } from './merge.ts';

export interface ReadFiles {
  readonly read: readonly ReadFile[];
  readonly missing: readonly string[];
}

async function readOne(file: string, cwd: string, signal: AbortSignal | undefined): Promise<KubeconfigFile | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFileOrPipe(resolve(cwd, file), signal);
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause;
    if (isMissing(cause)) return undefined;
    throw new DecodeError(describeFileError(cause, file));
  }
  return decodeKubeconfig(await parseDocument(decodeText(bytes)));
}

function checkThere(file: string, cwd: string): void {
  try {
    statSync(resolve(cwd, file));
  } catch (cause) {
    const hint = 'It is the file that --kubeconfig names.';
    throw new ClusterError('ConfigInvalid', describeFileError(cause, file, 'stat'), { hint, cause });
  }
}

/**
 * Reads all files. Missing ones are skipped unless `--kubeconfig` names them; any other fault, in any entry, throws ConfigInvalid that
 * lists the faults of all files. https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/loader.go
 */
export async function readKubeconfigs({ files, explicit }: KubeconfigFiles, cwd: string, signal?: AbortSignal): Promise<ReadFiles> {
  const read: ReadFile[] = [];
  const missing: string[] = [];
  const faults: string[] = [];
  for (const file of files) {
    if (explicit) checkThere(file, cwd);
    try {
      const kubeconfig = await readOne(file, cwd, signal);
      if (kubeconfig === undefined) missing.push(file);
      else read.push({ file, kubeconfig });
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause;
      faults.push(`error loading config file "${file}": ${cause.message}`);
    }
  }
  if (faults.length === 0) return { read, missing };
  throw new ClusterError('ConfigInvalid', faults.join('\n'), {
    hint: 'Correct the file, or choose another with --kubeconfig or $KUBECONFIG.',
  });
}
