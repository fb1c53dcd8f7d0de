import type { Cluster } from '../../cluster/cluster.ts';
import { CONTROLLER, CONTROLLER_NAMESPACES, type KserveVersion, kserveFloor, releaseOfImage } from '../../domain/kserve-version.ts';
import type { KubeObject, ResourceType } from '../../domain/resource.ts';
import { ClusterError } from '../../errors.ts';

const DEPLOYMENTS: ResourceType = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true };

interface Learned {
  readonly version: KserveVersion;
  readonly notes: readonly string[];
}

/** KServe's version: exact if its controller may be read, else a floor and a note why. @throws ClusterError if discovery fails */
export async function learnKserveVersion(cluster: Cluster): Promise<Learned> {
  const [discovery, ...controllers] = await Promise.all([
    cluster.discover({}),
    ...CONTROLLER_NAMESPACES.map((name) => controllerIn(cluster, name)),
  ]);
  const floor = kserveFloor(discovery);
  if (floor.kind === 'absent') return { version: floor, notes: [] };
  const found = controllers.map((controller) => (controller instanceof ClusterError ? undefined : controllerRelease(controller)));
  const exact = found.find((release) => release !== undefined);
  if (exact !== undefined) return { version: { kind: 'exact', version: exact }, notes: [] };
  const refusal = controllers.find((controller) => controller instanceof ClusterError && controller.reason !== 'NotFound');
  return { version: floor, notes: refusal instanceof ClusterError ? [`the exact version of KServe is not known: ${refusal.message}`] : [] };
}

async function controllerIn(cluster: Cluster, namespace: string): Promise<KubeObject | ClusterError> {
  try {
    return await cluster.get(DEPLOYMENTS, CONTROLLER, { namespace });
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
}

function controllerRelease(deployment: KubeObject): string | undefined {
  const containers = at(at(at(at(deployment, 'spec'), 'template'), 'spec'), 'containers');
  if (!Array.isArray(containers)) return undefined;
  const images = containers.map((container) => at(container, 'image')).filter((image) => typeof image === 'string');
  return images.map(releaseOfImage).find((release) => release !== undefined);
}

function at(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}
