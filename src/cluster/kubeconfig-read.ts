import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { ClusterError } from '../errors.ts';
import { DecodeError } from './decode-error.ts';
import { describeFileError, isMissing } from './file-error.ts';
import { decodeKubeconfig, type KubeconfigFile } from './kubeconfig-decode.ts';
import type { KubeconfigFiles } from './kubeconfig-files.ts';
import type { ReadFile } from './kubeconfig-merge.ts';
import { parseDocument } from './yaml.ts';

export interface ReadFiles {
  readonly read: readonly ReadFile[];
  readonly missing: readonly string[];
}

async function readOne(file: string, cwd: string): Promise<KubeconfigFile | undefined> {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new DecodeError(describeFileError(cause, file));
  }
  return decodeKubeconfig(await parseDocument(text));
}

function checkThere(file: string, cwd: string): void {
  if (statSync(resolve(cwd, file), { throwIfNoEntry: false }) !== undefined) return;
  const hint = 'It is the file that --kubeconfig names.';
  throw new ClusterError('ConfigInvalid', `stat ${file}: no such file or directory`, { hint });
}

/**
 * Reads all files. Missing ones are skipped unless `--kubeconfig` names them; any other fault, in any entry, throws ConfigInvalid that
 * lists the faults of all files. https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/loader.go
 */
export async function readKubeconfigs({ files, explicit }: KubeconfigFiles, cwd: string): Promise<ReadFiles> {
  const read: ReadFile[] = [];
  const missing: string[] = [];
  const faults: string[] = [];
  for (const file of files) {
    if (explicit) checkThere(file, cwd);
    try {
      const kubeconfig = await readOne(file, cwd);
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
