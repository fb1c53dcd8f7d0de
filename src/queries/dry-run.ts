import { settled } from '../async/settled.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { verdictOn } from '../domain/doctor/manifests/server-refusal.ts';
import type { ServerVerdict } from '../domain/doctor/manifests/server-verdict.ts';
import type { KubeObject, ResourceType } from '../domain/kubernetes/resource.ts';
import { ClusterError } from '../errors.ts';

/**
 * What the API server says of an object that `kubectl apply` would send it, strictly and without storing it. One that is there already is tried
 * once more as a change of it, for which other rules hold.
 */
export async function tryManifest(cluster: Cluster, type: ResourceType, object: KubeObject, namespace: string): Promise<ServerVerdict> {
  const place = type.namespaced ? { namespace } : {};
  const created = await settled(cluster.create(type, object, { ...place, dryRun: true, strict: true }));
  if (!(created instanceof ClusterError)) return { state: 'accepted', exists: false };
  const { name } = object.metadata;
  if (created.reason !== 'AlreadyExists' || typeof name !== 'string') return verdictOn(created, object);
  const changed = await settled(cluster.apply(type, name, object, { ...place, dryRun: true, strict: true }));
  return changed instanceof ClusterError ? verdictOn(changed, object) : { state: 'accepted', exists: true };
}
