/** Kinds as requests name them. */
export const RUNTIMES = {
  group: 'serving.kserve.io',
  version: 'v1alpha1',
  plural: 'servingruntimes',
  kind: 'ServingRuntime',
  namespaced: true,
} as const;

export const CLUSTER_RUNTIMES = {
  ...RUNTIMES,
  plural: 'clusterservingruntimes',
  kind: 'ClusterServingRuntime',
  namespaced: false,
} as const;
