import { KSERVE_GROUP } from './kinds.ts';

/** A right that a task needs, and why. `scope` is where it is asked: `namespace` means the one in use, or all with `-A`. */
export interface RequiredAccess {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** A particular object. */
  readonly name?: string;
  readonly scope: 'namespace' | 'cluster';
  /** A particular namespace instead of the one in use. */
  readonly namespace?: string;
  /** One clause, such as `to show namespaced runtimes`. */
  readonly reason: string;
}

/** Something that people do with KServe, by the rights it takes. */
export interface Task {
  readonly name: string;
  /** Starts with a capital, no final stop. */
  readonly summary: string;
  readonly needs: readonly RequiredAccess[];
}

/** Where the manifests and charts of KServe put its controller and configuration. */
const KSERVE_NAMESPACE = 'kserve';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete'];

function kserve(verbs: readonly string[], resource: string, reason: string): RequiredAccess {
  return { verbs, group: KSERVE_GROUP, resource, scope: 'namespace', reason };
}

function clusterWide(verbs: readonly string[], group: string, resource: string, reason: string): RequiredAccess {
  return { verbs, group, resource, scope: 'cluster', reason };
}

function inNamespace(verbs: readonly string[], group: string, resource: string, reason: string): RequiredAccess {
  return { verbs, group, resource, scope: 'namespace', reason };
}

function platform(verbs: readonly string[], group: string, resource: string, reason: string, name?: string): RequiredAccess {
  return { ...inNamespace(verbs, group, resource, reason), namespace: KSERVE_NAMESPACE, ...(name !== undefined && { name }) };
}

const runtimes: Task = {
  name: 'runtimes',
  summary: 'See which runtimes can be used',
  needs: [
    kserve(READ, 'servingruntimes', 'to show the runtimes of the namespace'),
    clusterWide(READ, KSERVE_GROUP, 'clusterservingruntimes', 'to show the runtimes that all namespaces share'),
  ],
};

// An author of InferenceServices needs no right on runtimes: the controller reads them.
const deploy: Task = {
  name: 'deploy',
  summary: 'Deploy models as InferenceServices',
  needs: [
    kserve([...READ, ...WRITE], 'inferenceservices', 'to create, follow, change and remove a deployment'),
    inNamespace(['create', 'get'], '', 'secrets', 'to give a model its storage credentials'),
    inNamespace(['create', 'get'], '', 'serviceaccounts', 'to attach those credentials to a deployment'),
    inNamespace(['list'], '', 'events', 'to see why a deployment does not start'),
  ],
};

const debug: Task = {
  name: 'debug',
  summary: 'Find out why an InferenceService is not ready',
  needs: [
    kserve(['get', 'list'], 'inferenceservices', 'to read the conditions of the deployment'),
    inNamespace(['get', 'list'], '', 'pods', 'to see whether the predictor runs'),
    { ...inNamespace(['get'], '', 'pods', 'to read what the model server printed'), subresource: 'log' },
    inNamespace(['get', 'list'], '', 'events', 'to see scheduling and image failures'),
    inNamespace(['get', 'list'], '', 'services', 'to see where the predictor is reached'),
    inNamespace(['get', 'list'], 'apps', 'deployments', 'to see the rollout of the predictor'),
  ],
};

const authorRuntimes: Task = {
  name: 'author-runtimes',
  summary: 'Write runtimes for a namespace',
  needs: [
    kserve([...READ, ...WRITE], 'servingruntimes', 'to create and maintain runtimes'),
    clusterWide(['get', 'list'], KSERVE_GROUP, 'clusterservingruntimes', 'to start from a shared runtime'),
  ],
};

const administer: Task = {
  name: 'administer',
  summary: 'Run KServe for others',
  needs: [
    clusterWide([...READ, ...WRITE], KSERVE_GROUP, 'clusterservingruntimes', 'to maintain the runtimes that all namespaces share'),
    clusterWide([...READ, ...WRITE], KSERVE_GROUP, 'clusterstoragecontainers', 'to maintain how models are fetched'),
    clusterWide([...READ, ...WRITE], KSERVE_GROUP, 'localmodelcaches', 'to keep models on nodes'),
    clusterWide([...READ, ...WRITE], KSERVE_GROUP, 'localmodelnodegroups', 'to choose the nodes that keep models'),
    clusterWide(['get', 'list'], KSERVE_GROUP, 'localmodelnodes', 'to see which node keeps what'),
    platform(['get', 'update'], '', 'configmaps', 'to change the configuration of KServe', 'inferenceservice-config'),
    platform(['get', 'list'], 'apps', 'deployments', 'to see whether the controllers run'),
    clusterWide(['get'], 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'to check the webhooks of KServe'),
    clusterWide(['get'], 'admissionregistration.k8s.io', 'validatingwebhookconfigurations', 'to check the webhooks of KServe'),
    clusterWide(['get'], 'apiextensions.k8s.io', 'customresourcedefinitions', 'to see which kinds are installed'),
    clusterWide(['get', 'list'], '', 'nodes', 'to see what can run a model'),
  ],
};

/** The tasks of `--for`. */
export const TASKS: readonly Task[] = [runtimes, deploy, debug, authorRuntimes, administer];

/** What reading runtimes takes with any client, the commands of this plugin among them: the default of `rbac check`. */
export const RUNTIMES_NEEDS: readonly RequiredAccess[] = runtimes.needs;

export function findTask(name: string): Task | undefined {
  return TASKS.find((task) => task.name === name);
}
