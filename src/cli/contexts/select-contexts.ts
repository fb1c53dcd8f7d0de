import type { LoadedKubeconfig } from '../../cluster/kubeconfig/kubeconfig.ts';
import { UsageError } from '../../errors.ts';
import { didYouMean } from '../../text/did-you-mean.ts';
import { escapeText } from '../../text/escape.ts';

/** More names than this are left to kubectl. */
const MOST_NAMES = 8;

/**
 * The names that patterns select, each once: in the order of the patterns, and for one pattern in that of the kubeconfig. `*` stands for any characters,
 * `?` for one. @throws UsageError if a pattern selects none
 */
export function selectContexts(patterns: readonly string[], names: readonly string[]): readonly string[] {
  return [...new Set(patterns.flatMap((pattern) => matching(pattern, names)))];
}

/** The contexts that can be chosen. @throws UsageError if there are none */
export function contextNames({ kubeconfig, files }: LoadedKubeconfig): readonly string[] {
  // One without a name cannot: an empty --context is none, and the current context would answer for it.
  const named = [...kubeconfig.contexts.keys()].filter((name) => name !== '');
  if (named.length === 0) throw new UsageError(noContexts(files));
  return named;
}

function noContexts({ read, missing }: LoadedKubeconfig['files']): string {
  if (read.length > 0 || missing.length === 0) return 'the kubeconfig has no contexts';
  return `there is no kubeconfig: ${missing.join(' and ')} ${missing.length === 1 ? 'does' : 'do'} not exist`;
}

function matching(pattern: string, names: readonly string[]): readonly string[] {
  const found = names.filter((name) => fits(pattern, name));
  if (found.length === 0) throw noneFits(pattern, names);
  return found;
}

/** Goes back to the last `*` only: a pattern of many takes no longer than the product of both lengths. */
function fits(pattern: string, name: string): boolean {
  const [wanted, given] = [[...pattern], [...name]];
  let [at, star, tried] = [0, -1, 0];
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === '*') {
      star = at++;
      tried = index;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++tried;
    } else {
      return false;
    }
  }
  return wanted.slice(at).every((character) => character === '*');
}

function noneFits(pattern: string, names: readonly string[]): UsageError {
  const isPattern = /[*?]/.test(pattern);
  const near = isPattern ? undefined : didYouMean(pattern, names);
  const meant = near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
  const shown = names.slice(0, MOST_NAMES).map(escapeText).join(', ');
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more: kubectl config get-contexts` : '';
  return new UsageError(
    `invalid argument ${JSON.stringify(pattern)} for "--contexts" flag: ${isPattern ? 'no context matches it' : `no context has such a name${meant}`}`,
    {
      hint: `The contexts are ${shown}${more}`,
    },
  );
}
