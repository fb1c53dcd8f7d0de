import type { CatalogueEntry } from './entry.ts';

/** Objects of files that are not applied yet. */
export const MANIFESTS = {
  'invalid-manifest': {
    title: 'The API server or a webhook of KServe would refuse the object',
    severity: 'error',
    why: "The object breaks a rule of its CRD or of KServe's webhooks, or there is no such kind in its apiVersion. With a cluster the API server is asked in a dry run, which stores nothing, if you may create the object. Otherwise the object is checked by the schema of the cluster, or with --offline that of the newest KServe the program knows, and by the rules of KServe's webhooks; CEL expressions and quotas are then not tested.",
    fix: 'Correct the field that the finding names.',
    references: [],
  },
  'reference-missing': {
    title: 'The object refers to something that does not exist',
    severity: 'error',
    why: 'Neither the files nor the cluster have the object that is named: a namespace or an InferenceService.',
    fix: 'Create it, or correct the name.',
    references: [576],
  },
  'defined-twice': {
    title: 'The files define the same object twice',
    severity: 'warning',
    why: 'kubectl applies manifests one after the other, so the last definition of an object stays. The finding names both places.',
    fix: 'Delete one of them, or rename it.',
    references: [],
  },
  'annotation-unread': {
    title: 'KServe does not read an annotation',
    severity: 'warning',
    why: 'KServe and the API server accept any annotation. One with a typo, of an old group, or with a value that KServe does not know has no effect.',
    fix: 'Write the annotation as KServe does.',
    references: [],
  },
  'rbac-dead-rule': {
    title: 'A rule of a Role names a word that nothing serves',
    severity: 'warning',
    why: "RBAC accepts any word: a resource in the singular, with a typo (KServe's own roles had lllminferenceserviceconfigs) or of the old group serving.kubeflow.org grants nothing.",
    fix: 'Write the plural that the API server serves, in the group serving.kserve.io.',
    references: [738, 428],
  },
  'rbac-dangling-role-ref': {
    title: 'A binding refers to a role that does not exist',
    severity: 'warning',
    why: 'The API server accepts such a binding; it grants nothing.',
    fix: 'Create the role, or correct roleRef.name.',
    references: [738],
  },
  'rbac-wrong-scope': {
    title: 'A cluster-scoped kind is granted in a namespace',
    severity: 'warning',
    why: 'ClusterServingRuntimes and other cluster-scoped kinds can be granted by a ClusterRoleBinding only. A Role or RoleBinding that names them grants nothing, though an access review in the namespace may say yes.',
    fix: 'Bind a ClusterRole by a ClusterRoleBinding.',
    references: [],
  },
  'rbac-wildcard': {
    title: 'A role for KServe has a wildcard',
    severity: 'info',
    why: 'A wildcard also grants what no task needs, such as deleting collections, and every resource that a later KServe brings.',
    fix: 'Name the verbs and resources of the task: kubectl kserve rbac check --for shows them.',
    references: [],
  },
} as const satisfies Record<string, CatalogueEntry>;
