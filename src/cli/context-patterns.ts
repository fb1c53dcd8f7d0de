import type { Values } from './parse/values.ts';

/** Patterns of the contexts to ask in, without the blanks around them; none: only the one that `--context` or the kubeconfig names. */
export function contextPatterns({ contexts, allContexts }: Values): readonly string[] {
  if (allContexts === true) return ['*'];
  const patterns = Array.isArray(contexts) ? contexts.map((pattern: string) => pattern.trim()) : [];
  const named = patterns.filter((pattern) => pattern !== '');
  // Nothing but blanks selects no context: it does not mean the current one.
  return named.length > 0 ? named : patterns.slice(0, 1);
}
