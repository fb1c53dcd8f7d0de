import { resourceName } from '../kubernetes/resource.ts';
import { READ_VERBS as READ } from '../kubernetes/verb.ts';
import { KSERVE_GROUP, TEMPLATES } from './kinds.ts';

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
  /** The task can be done without it, as most people do. */
  readonly optional?: true;
  /** `plural.group` of a kind: the right is part of the task only where that kind is served. */
  readonly ifServed?: string;
}

/** Something that people do with KServe, by the rights it takes. */
export interface Task {
  readonly name: string;
  /** Starts with a capital, no final stop. */
  readonly summary: string;
  readonly needs: readonly RequiredAccess[];
}

/** Where the manifests and charts of KServe put its controller and configuration: in needs it stands for wherever that is. */
export const KSERVE_NAMESPACE = 'kserve';

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

/** Of a kind that an installation may lack: of KServe all but InferenceService and ServingRuntime, and kinds of other projects. */
function whereServed(need: RequiredAccess): RequiredAccess {
  return { ...need, ifServed: `${need.resource}.${need.group}` };
}

function optional(need: RequiredAccess): RequiredAccess {
  return { ...need, optional: true };
}

/** Storage credentials, which many deployments do without, and others get from somebody else. */
function credentials(): readonly RequiredAccess[] {
  return [
    optional(inNamespace(['create', 'get'], '', 'secrets', 'to give a model its storage credentials')),
    optional(inNamespace(['create', 'get'], '', 'serviceaccounts', 'to attach those credentials to a deployment')),
  ];
}

const runtimes: Task = {
  name: 'runtimes',
  summary: 'See which runtimes can be used',
  needs: [
    kserve(READ, 'servingruntimes', 'to show the runtimes of the namespace'),
    whereServed(clusterWide(READ, KSERVE_GROUP, 'clusterservingruntimes', 'to show the runtimes that all namespaces share')),
  ],
};

// An author of InferenceServices needs no right on runtimes: the controller reads them. But OpenShift AI makes a runtime for each model.
// https://github.com/opendatahub-io/odh-dashboard
const deploy: Task = {
  name: 'deploy',
  summary: 'Deploy models as InferenceServices',
  needs: [
    kserve([...READ, ...WRITE], 'inferenceservices', 'to create, follow, change and remove a deployment'),
    {
      ...kserve([...READ, ...WRITE], 'servingruntimes', 'to make the runtime of a model from a Template'),
      ifServed: resourceName(TEMPLATES),
    },
    ...credentials(),
    inNamespace(['list'], '', 'events', 'to see why a deployment does not start'),
  ],
};

const deployLlm: Task = {
  name: 'deploy-llm',
  summary: 'Deploy models as LLMInferenceServices',
  needs: [
    kserve([...READ, ...WRITE], 'llminferenceservices', 'to create, follow, change and remove a deployment'),
    kserve(READ, 'llminferenceserviceconfigs', 'to see which configurations a deployment can be based on'),
    optional(kserve(WRITE, 'llminferenceserviceconfigs', 'to write such configurations')),
    ...credentials(),
    inNamespace(['list'], '', 'events', 'to see why a deployment does not start'),
  ],
};

// The verbs that proxies in front of a model ask about, each time for the one service that is called.
const call: Task = {
  name: 'call',
  summary: 'Send requests to a model that asks for authorization',
  needs: [
    kserve(['get', 'post'], 'inferenceservices', 'to call the model of an InferenceService'),
    whereServed(kserve(['get', 'post'], 'llminferenceservices', 'to call the model of an LLMInferenceService')),
  ],
};

const KNATIVE = 'serving.knative.dev';

const debug: Task = {
  name: 'debug',
  summary: 'Find out why an InferenceService is not ready',
  needs: [
    kserve(['get', 'list'], 'inferenceservices', 'to read the conditions of the deployment'),
    whereServed(kserve(['get', 'list'], 'llminferenceservices', 'to read the conditions of an LLM deployment')),
    inNamespace(['get', 'list'], '', 'pods', 'to see whether the predictor runs'),
    { ...inNamespace(['get'], '', 'pods', 'to read what the model server printed'), subresource: 'log' },
    inNamespace(['get', 'list'], '', 'events', 'to see scheduling and image failures'),
    inNamespace(['get', 'list'], '', 'services', 'to see where the predictor is reached'),
    inNamespace(['get', 'list'], 'apps', 'deployments', 'to see the rollout of the predictor'),
    ...['services', 'revisions', 'routes', 'configurations'].map((resource) =>
      whereServed(inNamespace(['get', 'list'], KNATIVE, resource, 'to follow a predictor that Knative runs')),
    ),
  ],
};

const authorRuntimes: Task = {
  name: 'author-runtimes',
  summary: 'Write runtimes for a namespace',
  needs: [
    kserve([...READ, ...WRITE], 'servingruntimes', 'to create and maintain runtimes'),
    whereServed(clusterWide(['get', 'list'], KSERVE_GROUP, 'clusterservingruntimes', 'to start from a shared runtime')),
  ],
};

function ofPlatform(verbs: readonly string[], resource: string, reason: string): RequiredAccess {
  return whereServed(clusterWide(verbs, KSERVE_GROUP, resource, reason));
}

const administer: Task = {
  name: 'administer',
  summary: 'Run KServe for others',
  needs: [
    ofPlatform([...READ, ...WRITE], 'clusterservingruntimes', 'to maintain the runtimes that all namespaces share'),
    ofPlatform([...READ, ...WRITE], 'clusterstoragecontainers', 'to maintain how models are fetched'),
    ofPlatform([...READ, ...WRITE], 'localmodelcaches', 'to keep models on nodes'),
    ofPlatform([...READ, ...WRITE], 'localmodelnodegroups', 'to choose the nodes that keep models'),
    ofPlatform(['get', 'list'], 'localmodelnodes', 'to see which node keeps what'),
    platform(['get', 'update'], '', 'configmaps', 'to change the configuration of KServe', 'inferenceservice-config'),
    platform(['get', 'list'], 'apps', 'deployments', 'to see whether the controllers run'),
    clusterWide(['get'], 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'to check the webhooks of KServe'),
    clusterWide(['get'], 'admissionregistration.k8s.io', 'validatingwebhookconfigurations', 'to check the webhooks of KServe'),
    clusterWide(['get'], 'apiextensions.k8s.io', 'customresourcedefinitions', 'to see which kinds are installed'),
    clusterWide(['get', 'list'], '', 'nodes', 'to see what can run a model'),
  ],
};

/** The tasks of `--for`. */
export const TASKS: readonly Task[] = [runtimes, deploy, deployLlm, call, debug, authorRuntimes, administer];

/** What reading runtimes takes with any client, the commands of this plugin among them: the default of `rbac check`. */
export const RUNTIMES_NEEDS: readonly RequiredAccess[] = runtimes.needs;

export function findTask(name: string): Task | undefined {
  return TASKS.find((task) => task.name === name);
}
