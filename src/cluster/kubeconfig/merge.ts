import { dirname, isAbsolute, join, resolve, sep } from 'node:path';

import type { ClusterEntry, ContextEntry, KubeconfigFile, UserEntry } from './decode.ts';

/** An entry and the file it came from, as that file was named. */
export interface Located<E> {
  readonly entry: E;
  readonly file: string;
}

/** All files as one. */
export interface Kubeconfig {
  readonly currentContext: string;
  /** Which says so; undefined if none does. */
  readonly currentContextFile: string | undefined;
  readonly clusters: ReadonlyMap<string, Located<ClusterEntry>>;
  readonly users: ReadonlyMap<string, Located<UserEntry>>;
  readonly contexts: ReadonlyMap<string, Located<ContextEntry>>;
}

export interface ReadFile {
  readonly file: string;
  readonly kubeconfig: KubeconfigFile;
}

function anchored<E extends object>(entry: E, keys: readonly (keyof E)[], folder: string): E {
  const anchoredPaths = keys.flatMap((key) => {
    const path = entry[key];
    return typeof path === 'string' && !isAbsolute(path) ? [[key, join(folder, path)] as const] : [];
  });
  return anchoredPaths.length === 0 ? entry : { ...entry, ...(Object.fromEntries(anchoredPaths) as Partial<E>) };
}

function anchoredUser(entry: UserEntry, folder: string): UserEntry {
  const user = anchored(entry, ['client-certificate', 'client-key', 'tokenFile'], folder);
  // A bare command is looked up in PATH.
  if (!user.exec?.command?.includes(sep)) return user;
  return { ...user, exec: anchored(user.exec, ['command'], folder) };
}

function firstOf<E>(
  files: readonly ReadFile[],
  entriesOf: (kubeconfig: KubeconfigFile) => ReadonlyMap<string, E>,
  place: (entry: E, folder: string) => E,
  cwd: string,
): ReadonlyMap<string, Located<E>> {
  const merged = new Map<string, Located<E>>();
  for (const { file, kubeconfig } of files) {
    const folder = dirname(resolve(cwd, file));
    for (const [name, entry] of entriesOf(kubeconfig)) {
      if (!merged.has(name)) merged.set(name, { entry: place(entry, folder), file });
    }
  }
  return merged;
}

/**
 * Merges files in order: for each name the first file wins, whole entry. Relative paths become absolute, seen from the folder of
 * the entry's file. https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/loader.go
 */
export function mergeKubeconfigs(files: readonly ReadFile[], cwd: string): Kubeconfig {
  const choosing = files.find(({ kubeconfig }) => kubeconfig.currentContext !== '');
  return {
    currentContext: choosing?.kubeconfig.currentContext ?? '',
    currentContextFile: choosing?.file,
    clusters: firstOf(
      files,
      ({ clusters }) => clusters,
      (entry, folder) => anchored(entry, ['certificate-authority'], folder),
      cwd,
    ),
    users: firstOf(files, ({ users }) => users, anchoredUser, cwd),
    contexts: firstOf(
      files,
      ({ contexts }) => contexts,
      (entry) => entry,
      cwd,
    ),
  };
}
