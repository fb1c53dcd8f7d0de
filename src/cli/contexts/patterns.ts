import type { Values } from '../parse/values.ts';

/** Patterns of the contexts to ask in; none: only the one that `--context` or the kubeconfig names. */
export function contextPatterns({ contexts, allContexts }: Values): readonly string[] {
  if (allContexts === true) return ['*'];
  return Array.isArray(contexts) ? contexts : [];
}
