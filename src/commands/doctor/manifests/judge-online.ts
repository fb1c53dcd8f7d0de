import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { namespaceOf } from '../../../domain/doctor/facts.ts';
import type { Judgement } from '../../../domain/doctor/manifests/judgement.ts';
import type { Manifest } from '../../../domain/doctor/manifests/manifest.ts';
import type { ServerVerdict } from '../../../domain/doctor/manifests/server-verdict.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../../domain/kserve/kinds.ts';
import type { KubeObject, ResourceType } from '../../../domain/kubernetes/resource.ts';
import type { SchemaNode } from '../../../domain/kubernetes/schema/schema-node.ts';
import { rbacSchema } from '../../../domain/rbac/rbac-schemas.ts';
import { ClusterError } from '../../../errors.ts';
import { tryManifest } from '../../../queries/dry-run.ts';
import { publishedSchemas } from '../../../queries/published-schemas.ts';
import { RBAC_TYPES } from '../../../queries/rbac-objects.ts';

/** By a dry run of the API server; what it does not accept, or may not be tried, also by the schemas that it publishes. */
export async function judgeOnline(cluster: Cluster, manifests: readonly Manifest[], namespace: string): Promise<readonly Judgement[]> {
  const limit = limitInFlight(REVIEWS_IN_FLIGHT);
  const verdicts = await Promise.all(manifests.map(({ object }) => limit(() => tryObject(cluster, object, namespace))));
  const open = manifests.filter((_, index) => verdicts[index]?.state !== 'accepted').flatMap(({ object }) => typeOf(object) ?? []);
  const schemaOf = await publishedSchemas(
    cluster,
    open.filter(({ group }) => group === KSERVE_GROUP),
  );
  return manifests.map(({ object }, index) => judge(object, verdicts[index] ?? UNKNOWN_KIND, schemaOf));
}

function judge(
  object: KubeObject,
  verdict: ServerVerdict,
  schemaOf: (type: ResourceType) => SchemaNode | ClusterError | undefined,
): Judgement {
  const type = typeOf(object);
  if (verdict.state === 'accepted' || type === undefined) return { verdict };
  if (type.group !== KSERVE_GROUP) return { verdict, schema: rbacSchema(type.kind), schemaFrom: 'rbac.authorization.k8s.io/v1' };
  const schema = schemaOf(type);
  if (schema instanceof ClusterError) return { verdict, schemaFailure: schema };
  if (schema !== undefined) return { verdict, schema, schemaFrom: 'cluster' };
  return { verdict: verdict.state === 'untried' && verdict.missing === 'kind' ? notServed(object) : verdict };
}

const UNKNOWN_KIND: ServerVerdict = { state: 'untried', why: 'no version of KServe has this kind' };

/** Neither its path nor its schema is there: https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apimachinery/pkg/api/meta/errors.go (NoKindMatchError) */
function notServed({ kind, apiVersion }: KubeObject): ServerVerdict {
  return { state: 'refused', violations: [{ path: ['apiVersion'], text: `no matches for kind "${kind}" in version "${apiVersion}"` }] };
}

function tryObject(cluster: Cluster, object: KubeObject, namespace: string): Promise<ServerVerdict> {
  const type = typeOf(object);
  if (type === undefined) return Promise.resolve(UNKNOWN_KIND);
  return tryManifest(cluster, type, object, namespaceOf(object) ?? namespace);
}

/** The type that a manifest names. */
function typeOf({ apiVersion = '', kind = '' }: KubeObject): ResourceType | undefined {
  const [group = '', version = ''] = apiVersion.split('/');
  const known = group === KSERVE_GROUP ? KSERVE_KINDS.find((one) => one.kind === kind) : rbacType(kind);
  return known?.group === group ? { ...known, version } : undefined;
}

function rbacType(kind: string): ResourceType | undefined {
  return Object.values(RBAC_TYPES).find((type) => type.kind === kind);
}
