import type { Cluster } from '../../src/cluster/cluster.ts';
import type { Discovery, KubeObject, ResourceType } from '../../src/domain/kubernetes/resource.ts';
import { ClusterError, type FailureReason } from '../../src/errors.ts';
import type { ApiClient } from '../../tools/control-plane/client.ts';

/** Whom to act as. */
interface Actor {
  readonly user: string;
  readonly groups: readonly string[];
}

export function impersonationHeaders({ user, groups }: Actor): Record<string, string | string[]> {
  return { 'impersonate-user': user, 'impersonate-group': [...groups] };
}

type ApiResponse = Awaited<ReturnType<ApiClient['request']>>;

function path({ group, version, plural }: ResourceType, namespace: string | undefined): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}

function succeeded({ status, body }: ApiResponse): KubeObject {
  if (status < 300) return body as unknown as KubeObject;
  if (typeof body === 'string') throw new ClusterError('Unknown', body, { code: status });
  throw new ClusterError(body.reason as FailureReason, String(body.message), { code: status, fromStatus: true });
}

interface AggregatedResource {
  readonly resource: string;
  readonly responseKind: { readonly kind: string };
  readonly scope: string;
  readonly singularResource: string;
  readonly shortNames?: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

interface AggregatedGroup {
  readonly metadata: { readonly name?: string };
  readonly versions: readonly { readonly version: string; readonly resources: readonly AggregatedResource[] }[];
}

async function discover(client: ApiClient): Promise<Discovery> {
  const headers = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
  const answers = await Promise.all(['/api', '/apis'].map((root) => client.request('GET', root, { headers })));
  const groups = answers.flatMap(({ body }) => body.items as readonly AggregatedGroup[]);
  return { groups: groups.map(toGroup) };
}

function toGroup({ metadata: { name = '' }, versions }: AggregatedGroup): Discovery['groups'][number] {
  const toVersion = ({ version, resources }: AggregatedGroup['versions'][number]) => ({
    version,
    stale: false,
    resources: resources.map((resource) => ({
      group: name,
      version,
      plural: resource.resource,
      kind: resource.responseKind.kind,
      namespaced: resource.scope === 'Namespaced',
      singular: resource.singularResource,
      shortNames: resource.shortNames ?? [],
      verbs: resource.verbs,
      subresources: (resource.subresources ?? []).map(({ subresource }) => subresource),
    })),
  });
  return { name, versions: versions.map(toVersion) };
}

/**
 * A `Cluster` on the connections of a test's client, as that client's user or, by impersonation, as somebody else: thousands of
 * invocations need not connect anew. What `connect.ts` does is tested elsewhere.
 */
export function clusterOf(client: ApiClient, as?: Actor): Cluster {
  const headers = as === undefined ? {} : impersonationHeaders(as);
  return {
    create: async (type, object, { namespace, dryRun = false, impersonateUser }) => {
      const acting = impersonateUser === undefined ? headers : { 'impersonate-user': impersonateUser };
      return succeeded(
        await client.request('POST', `${path(type, namespace)}${dryRun ? '?dryRun=All' : ''}`, { body: object, headers: acting }),
      );
    },
    list: async (type, { namespace }, select) => {
      const { items } = succeeded(await client.request('GET', path(type, namespace), { headers })) as unknown as { items: KubeObject[] };
      return { items: items.map(select) };
    },
    get: async (type, name, { namespace }) => succeeded(await client.request('GET', `${path(type, namespace)}/${name}`, { headers })),
    podLog: () => Promise.reject(new Error('not asked for by these tests')),
    watch: () => Promise.reject(new Error('not asked for by these tests')),
    apply: async (type, name, object, { namespace }) => {
      const applying = { ...headers, 'content-type': 'application/apply-patch+yaml' };
      const target = `${path(type, namespace)}/${name}?dryRun=All&fieldManager=tests&force=true`;
      return succeeded(await client.request('PATCH', target, { body: object, headers: applying }));
    },
    discover: () => discover(client),
    serverVersion: () => Promise.reject(new Error('not asked for by these tests')),
    openApi: () => Promise.reject(new Error('not asked for by these tests')),
  };
}
