import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where kubeconfig is looked for. */
export interface KubeconfigFiles {
  /** As given, not yet resolved against the working folder. */
  readonly files: readonly string[];
  /** Named by `--kubeconfig`: must exist. */
  readonly explicit: boolean;
}

/**
 * The home folder, empty if there is none; on Windows the first candidate that holds `.kube\config`, else in another order the first that is there.
 * https://github.com/kubernetes/client-go/blob/master/util/homedir/homedir.go
 */
export function homeFolder(env: Environment, platform: NodeJS.Platform, exists: (file: string) => boolean = existsSync): string {
  if (platform !== 'win32') return env.HOME ?? '';
  const { HOME = '', USERPROFILE: profile = '' } = env;
  const drive = env.HOMEDRIVE && env.HOMEPATH ? `${env.HOMEDRIVE}${env.HOMEPATH}` : '';
  const withConfig = [HOME, drive, profile].find((home) => home !== '' && exists(win32.join(home, '.kube', 'config')));
  const homes = [HOME, profile, drive].filter((home) => home !== '');
  return withConfig ?? homes.find(exists) ?? homes[0] ?? '';
}

/** A list of paths as Go's filepath.SplitList takes it apart: on Windows quotes protect a semicolon and are dropped. */
export function splitList(list: string, platform: NodeJS.Platform): readonly string[] {
  if (platform !== 'win32') return list.split(':');
  const parts = list.match(/(?:"[^"]*"?|[^;"])+/g) ?? [];
  return parts.map((part) => part.replaceAll('"', ''));
}

/** Which kubeconfig files to read, in order. https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/loader.go */
export function kubeconfigFiles(kubeconfigFlag: string | undefined, env: Environment, platform: NodeJS.Platform): KubeconfigFiles {
  if (kubeconfigFlag) return { files: [kubeconfigFlag], explicit: true };
  const list = env.KUBECONFIG;
  if (list) return { files: [...new Set(splitList(list, platform))].filter((file) => file !== ''), explicit: false };
  const { join } = platform === 'win32' ? win32 : posix;
  return { files: [join(homeFolder(env, platform), '.kube', 'config')], explicit: false };
}
