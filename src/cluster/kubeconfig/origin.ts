import { didYouMean } from '../../text/did-you-mean.ts';
import type { Choice } from './choice.ts';
import type { ClusterEntry, UserEntry } from './decode.ts';
import type { Kubeconfig, Located } from './merge.ts';

/** What of the chosen entries something is about. */
export type About =
  | { readonly entry: 'cluster'; readonly keys: readonly (keyof ClusterEntry)[] }
  | { readonly entry: 'user'; readonly keys: readonly (keyof UserEntry)[] };

/** Those flags among the given ones that lie over these keys. */
export function flagsOver(flags: ReadonlySet<string>, keys: readonly string[]): readonly string[] {
  return keys.map((key) => `--${key === 'as-groups' ? 'as-group' : key}`).filter((flag) => flags.has(flag));
}

/** Where values come from: the flags that gave them, else the entry. */
export function originsOf(choice: Choice, { entry, keys }: About): readonly string[] {
  const flags = flagsOver(choice.flags, keys);
  if (flags.length > 0) return flags;
  const [name, file] = entry === 'cluster' ? [choice.clusterName, choice.clusterFile] : [choice.userName, choice.userFile];
  return file === undefined ? [] : [`${entry} "${name}" in ${file}`];
}

/** What to do about a name that is of no entry: where it is said, and which there are. Undefined if all are there. */
export function missingEntryHint(choice: Choice, { contexts, clusters, users, currentContextFile = '' }: Kubeconfig): string | undefined {
  const { missing, flags, contextName, clusterName, userName } = choice;
  const contextOrigin = flags.has('--context') ? '--context' : `current-context in ${currentContextFile}`;
  if (missing.context) return notThere('context', contextName, contextOrigin, contexts);
  if (missing.user) return notThere('user', userName, '--user', users);
  return missing.cluster ? notThere('cluster', clusterName, '--cluster', clusters) : undefined;
}

/** More names than this are left to kubectl. */
const MOST_NAMES = 8;

function notThere(kind: string, name: string, origin: string, entries: ReadonlyMap<string, Located<unknown>>): string {
  const source = `"${name}" comes from ${origin}.`;
  const names = [...entries.keys()];
  if (names.length === 0) return `${source} The kubeconfig has no ${kind}s.`;
  const files = [...new Set([...entries.values()].map(({ file }) => file))].join(', ');
  const near = names.length > MOST_NAMES ? didYouMean(name, names) : undefined;
  const asked = near === undefined ? source : `${source} Did you mean "${near}"?`;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const rest = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more: kubectl config get-${kind}s` : '';
  return `${asked} The ${kind}s in ${files} are ${shown}${rest}`;
}
