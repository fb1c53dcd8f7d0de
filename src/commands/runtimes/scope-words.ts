import type { RuntimeScope } from '../../domain/kserve/serving-runtime.ts';

/** The runtimes of a scope, in words. */
export const RUNTIMES_OF: Readonly<Record<RuntimeScope, string>> = {
  namespace: 'namespaced runtimes',
  cluster: 'cluster-scoped runtimes',
};
