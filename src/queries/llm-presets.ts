import { settled } from '../async/settled.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { KSERVE_GROUP } from '../domain/kserve/kinds.ts';
import { resourcesOfGroup } from '../domain/kserve/resource-lookup.ts';
import { CONTROLLER_NAMESPACES } from '../domain/kserve/version.ts';
import type { Discovery } from '../domain/kubernetes/resource.ts';
import { ClusterError } from '../errors.ts';

/** LLMInferenceServiceConfigs that LLMInferenceServices of all namespaces can be based on. */
export interface LlmPresets {
  readonly namespace: string;
  /** How many there are. */
  readonly count: number;
}

/**
 * Where KServe keeps its presets of LLMInferenceService, among the namespaces that it is installed in. Empty where there are none, or where
 * the kind is not served; a ClusterError where none was found and some could not be read.
 */
export async function findLlmPresets(cluster: Cluster, discovery: Discovery): Promise<readonly LlmPresets[] | ClusterError> {
  const type = resourcesOfGroup(KSERVE_GROUP, discovery).find(({ plural }) => plural === 'llminferenceserviceconfigs');
  if (type === undefined) return [];
  const lists = await Promise.all(CONTROLLER_NAMESPACES.map((namespace) => settled(cluster.list(type, { namespace }, () => null))));
  const found = CONTROLLER_NAMESPACES.flatMap((namespace, index) => {
    const list = lists[index];
    return list instanceof ClusterError || list === undefined || list.items.length === 0 ? [] : [{ namespace, count: list.items.length }];
  });
  const failure = lists.map((list) => (list instanceof ClusterError ? list : list.failure)).find((error) => error !== undefined);
  return found.length === 0 && failure !== undefined ? failure : found;
}
