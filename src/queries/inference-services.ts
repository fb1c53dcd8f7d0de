import { settled } from '../async/settled.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { type RuntimeApi, serviceApi } from '../domain/kserve/api.ts';
import type { KubeObject, ResourceType } from '../domain/kubernetes/resource.ts';
import { ClusterError } from '../errors.ts';

/** What the server said about InferenceServices. */
export interface AskedServices {
  readonly api: RuntimeApi;
  readonly items: readonly KubeObject[];
  /** Why some or all of them are missing. */
  readonly failure: ClusterError | undefined;
}

/** Reads one InferenceService. */
export function getService(cluster: Cluster, name: string, namespace: string): Promise<AskedServices> {
  return inServedVersion(cluster, async (type) => ({ items: [await cluster.get(type, name, { namespace })], failure: undefined }));
}

/** Lists the InferenceServices of a namespace, or of all. */
export function listServices(cluster: Cluster, namespace: string | undefined): Promise<AskedServices> {
  return inServedVersion(cluster, async (type) => ({
    failure: undefined,
    ...(await cluster.list(type, { namespace }, (object) => object)),
  }));
}

/** Asks in the version there has always been; only where that is not there, discovery tells another one. */
async function inServedVersion(cluster: Cluster, ask: (type: ResourceType) => Promise<Omit<AskedServices, 'api'>>): Promise<AskedServices> {
  const usual = serviceApi(undefined);
  const first = await settled(ask(usual.type));
  if (!(first instanceof ClusterError)) return { api: usual, ...first };
  if (first.reason !== 'NotFound' || first.fromStatus) return { api: usual, items: [], failure: first };
  const discovery = await settled(cluster.discover({}));
  if (discovery instanceof ClusterError) return { api: usual, items: [], failure: first };
  const api = serviceApi(discovery);
  if (api.type.version === usual.type.version) return { api, items: [], failure: first };
  const second = await settled(ask(api.type));
  return second instanceof ClusterError ? { api, items: [], failure: second } : { api, ...second };
}
