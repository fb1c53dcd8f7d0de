import type { CatalogueEntry } from './entry.ts';

/** KServe itself: what every service depends on. */
export const INSTALLATION = {
  'crd-missing': {
    title: 'Kinds that KServe cannot do without are not installed',
    severity: 'error',
    why: 'The API server does not serve inferenceservices or servingruntimes of serving.kserve.io. The kinds of LLMs, local models, storage containers and (since 0.19) cluster runtimes are optional.',
    fix: 'Apply the CRDs of your KServe release (server-side: some are too large for a client-side apply), or install the chart kserve-crd.',
    references: [4977],
  },
  'controller-unavailable': {
    title: "KServe's controller is not available",
    severity: 'error',
    why: 'The Deployment kserve-controller-manager (llmisvc-controller-manager for LLMInferenceServices) is not there, or has no available replica. New services get no status, existing ones are not changed, and its webhooks do not answer.',
    fix: 'Look at the Pods of the Deployment and their log.',
    references: [2280, 2771],
  },
  'runtimes-missing': {
    title: 'There are no runtimes that KServe may choose',
    severity: 'warning',
    why: 'The runtimes are installed apart from the controller: kserve.yaml does not hold them, and the chart kserve-runtime-configs leaves them out by default. With OpenShift AI that is normal: it makes a runtime for each model.',
    fix: 'Apply kserve-cluster-resources.yaml of your KServe release (up to 0.11: kserve-runtimes.yaml), or install the chart kserve-runtime-configs with kserve.servingruntime.enabled=true.',
    references: [2372, 5272],
  },
  'webhook-not-ready': {
    title: "One of KServe's webhooks cannot work",
    severity: 'error',
    why: 'Its configuration is missing, has no CA bundle, or its CA certificate has expired: the API server then refuses services, runtimes and Pods, or lets them pass unchanged.',
    fix: 'A missing configuration: apply kserve.yaml of your release again, or run helm upgrade. A CA bundle that is missing or has expired: cert-manager writes and renews it, so see whether cert-manager runs and its Certificate (serving-cert) is ready.',
    references: [985, 3102],
  },
  'version-skew': {
    title: 'The CRDs and the controller are of different KServe releases',
    severity: 'warning',
    why: 'An upgrade changed only one of them. Fields that the CRDs do not know are dropped silently.',
    fix: "Apply the CRDs of the controller's release.",
    references: [3748],
  },
  'config-invalid': {
    title: 'The ConfigMap inferenceservice-config is not valid',
    severity: 'error',
    why: 'Each section of the ConfigMap is JSON in a string. KServe reads it at each reconcile and at start.',
    fix: 'Correct the section that the finding names.',
    references: [3976],
  },
  'deployment-mode-renamed': {
    title: 'A deployment mode has its old name',
    severity: 'warning',
    why: 'Since 0.16 the modes are called Standard (was RawDeployment) and Knative (was Serverless). The old names are still understood.',
    fix: 'Write Standard or Knative.',
    since: '0.16',
    references: [4798],
  },
  'storage-container-invalid': {
    title: 'A ClusterStorageContainer is not configured correctly',
    severity: 'error',
    why: 'It has no image, or an entry of supportedUriFormats has neither prefix nor regex, or another one has the same prefix, so that chance decides which of them fetches a model.',
    fix: 'Correct the field that the finding names.',
    since: '0.12',
    references: [],
  },
  'rbac-runtimes-hidden': {
    title: 'No role for users grants the list of ClusterServingRuntimes',
    severity: 'info',
    why: 'None of the roles that KServe, Kubeflow and OpenShift AI ship to users grants it. Users can deploy models, but not see which runtimes there are.',
    fix: 'Create a ClusterRole that grants get, list and watch, and bind it by a ClusterRoleBinding: the kind is cluster-scoped.',
    references: [738],
  },
} as const satisfies Record<string, CatalogueEntry>;
