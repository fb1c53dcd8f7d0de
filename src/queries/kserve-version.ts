import { settled } from '../async/settled.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { KSERVE_GROUP } from '../domain/kserve/kinds.ts';
import { schemaFloor } from '../domain/kserve/openapi-signals.ts';
import {
  absentKinds,
  CONTROLLER,
  CONTROLLER_CONTAINER,
  CONTROLLER_NAMESPACES,
  type KserveVersion,
  kserveFloor,
  raisedFloor,
  releaseOfImage,
} from '../domain/kserve/version.ts';
import { fieldOf, listOf, textOf } from '../domain/kubernetes/json-value.ts';
import type { Discovery, KubeObject, ResourceType } from '../domain/kubernetes/resource.ts';
import { ClusterError } from '../errors.ts';
import { findLlmPresets, type LlmPresets } from './llm-presets.ts';

/** KServe has three. */
const MOST_VERSIONS = 5;

const DEPLOYMENTS: ResourceType = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true };

/** KServe's version, and why it is no more than a floor if it is one. */
export interface FoundVersion {
  readonly version: KserveVersion;
  readonly whyNotExact?: string;
  /** Optional kinds that are not served; undefined if that is not known. */
  readonly absentKinds: readonly string[] | undefined;
  readonly llmPresets: readonly LlmPresets[] | ClusterError;
}

/** KServe's version: exact if its controller may be read, else a floor. @throws ClusterError if neither tells anything */
export async function findKserveVersion(cluster: Cluster): Promise<FoundVersion> {
  const [discovery, controllers] = await Promise.all([settled(cluster.discover({})), readControllers(cluster)]);
  const images = controllers.flatMap((controller) => (controller instanceof ClusterError ? [] : imageOf(controller)));
  const exact = images.map(releaseOfImage).find((release) => release !== undefined);
  if (discovery instanceof ClusterError) {
    if (exact === undefined) throw discovery;
    return { version: { kind: 'exact', version: exact }, absentKinds: undefined, llmPresets: discovery };
  }
  // What the controller says needs no schemas, which are large.
  const [version, llmPresets] = await Promise.all([
    exact === undefined ? learnFloor(cluster, discovery) : ({ kind: 'exact', version: exact } as const),
    findLlmPresets(cluster, discovery),
  ]);
  const learned = { version, absentKinds: absentKinds(discovery), llmPresets };
  return version.kind === 'atLeast' ? { ...learned, whyNotExact: reasonAgainst(controllers, images) } : learned;
}

async function learnFloor(cluster: Cluster, discovery: Discovery): Promise<KserveVersion> {
  const floor = kserveFloor(discovery);
  if (floor === undefined) throw new ClusterError('UnexpectedResponse', `the server names ${KSERVE_GROUP}, but no kinds of it`);
  const versions = discovery.groups.find(({ name }) => name === KSERVE_GROUP)?.versions.slice(0, MOST_VERSIONS) ?? [];
  const documents = await Promise.all(versions.map(({ version }) => settled(cluster.openApi(KSERVE_GROUP, version))));
  // A signal that cannot be read is none: what is left is still a floor.
  return raisedFloor(floor, schemaFloor(documents.filter((document) => !(document instanceof ClusterError))));
}

function readControllers(cluster: Cluster): Promise<readonly (KubeObject | ClusterError)[]> {
  return Promise.all(CONTROLLER_NAMESPACES.map((namespace) => settled(cluster.get(DEPLOYMENTS, CONTROLLER, { namespace }))));
}

/** The namespace that KServe's controller runs in; undefined if it may not be read in any of those that it is installed in. */
export async function kserveNamespace(cluster: Cluster): Promise<string | undefined> {
  const controllers = await readControllers(cluster);
  return CONTROLLER_NAMESPACES.find((_, index) => !(controllers[index] instanceof ClusterError));
}

function reasonAgainst(controllers: readonly (KubeObject | ClusterError)[], images: readonly string[]): string {
  if (images.length > 0) return `the image of ${CONTROLLER} has no release for a tag: ${images.join(', ')}`;
  const places = `the namespaces ${CONTROLLER_NAMESPACES.join(', ')}`;
  const failures = controllers.filter((controller) => controller instanceof ClusterError && controller.reason !== 'NotFound');
  const [failure] = failures;
  if (controllers.some((controller) => !(controller instanceof ClusterError)))
    return `the Deployment ${CONTROLLER} has no container ${CONTROLLER_CONTAINER} with an image`;
  if (!(failure instanceof ClusterError)) return `there is no Deployment ${CONTROLLER} in ${places}`;
  return `no Deployment ${CONTROLLER} could be read in ${places}: ${failure.message}`;
}

/** Of KServe's own container: others beside it have versions of their own. */
function imageOf(deployment: KubeObject): readonly string[] {
  const containers = listOf(fieldOf(fieldOf(fieldOf(fieldOf(deployment, 'spec'), 'template'), 'spec'), 'containers'));
  const image = textOf(
    fieldOf(
      containers.find((container) => fieldOf(container, 'name') === CONTROLLER_CONTAINER),
      'image',
    ),
  );
  return image === undefined ? [] : [image];
}
