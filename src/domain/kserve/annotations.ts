/** Annotations that KServe 0.20 reads on its objects: https://github.com/kserve/kserve/blob/v0.20.0/pkg/constants/constants.go */
export const ANNOTATIONS: readonly string[] = [
  'autoscalerClass',
  'deploymentMode',
  'disable-auto-update',
  'disable-localmodel',
  'enable-metric-aggregation',
  'enable-prometheus-scraping',
  'enable-tag-routing',
  'exp-dra-cel-selector',
  'exp-dra-container-name',
  'exp-dra-device-class',
  'exp-dra-device-count',
  'gke-accelerator',
  'gpu-resource-types',
  'metrics',
  'nodegroup',
  'server-type',
  'stop',
  'storageSecretName',
  'targetUtilizationPercentage',
].map((name) => `serving.kserve.io/${name}`);

/** Prefixes that KServe's annotations had before, or that are mistaken for its own. */
export const OTHER_PREFIXES: readonly string[] = ['serving.kubeflow.org/', 'kserve.io/', 'serving.kserve.org/'];

export const DEPLOYMENT_MODES: readonly string[] = ['Standard', 'Knative', 'ModelMesh', 'RawDeployment', 'Serverless'];
