import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { namespaceOf } from '../../../domain/doctor/facts.ts';
import type { Judgement } from '../../../domain/doctor/manifests/judgement.ts';
import type { Manifest } from '../../../domain/doctor/manifests/manifest.ts';
import { groupVersion, meantType, noMatch } from '../../../domain/doctor/manifests/meant-type.ts';
import type { ServerVerdict } from '../../../domain/doctor/manifests/server-verdict.ts';
import { KSERVE_GROUP, KSERVE_KINDS, LEGACY_GROUP } from '../../../domain/kserve/kinds.ts';
import type { Discovery, KubeObject, ResourceType } from '../../../domain/kubernetes/resource.ts';
import type { SchemaNode } from '../../../domain/kubernetes/schema/schema-node.ts';
import { rbacSchema } from '../../../domain/rbac/rbac-schemas.ts';
import { ClusterError } from '../../../errors.ts';
import { type AskedDiscovery, askDiscovery } from '../../../queries/discovery.ts';
import { tryManifest } from '../../../queries/dry-run.ts';
import { publishedSchemas } from '../../../queries/published-schemas.ts';
import { RBAC_TYPES } from '../../../queries/rbac-objects.ts';

/** By a dry run of the API server; what it does not accept, or may not be tried, also by the schemas that it publishes. */
export async function judgeOnline(cluster: Cluster, manifests: readonly Manifest[], namespace: string): Promise<readonly Judgement[]> {
  const limit = limitInFlight(REVIEWS_IN_FLIGHT);
  // Only a type that the program does not know is worth the question.
  const asked = manifests.some(({ object }) => isStrange(object)) ? askDiscovery(cluster, false) : undefined;
  const verdicts = await Promise.all(
    manifests.map(({ object }) =>
      limit(async () => {
        const type = typeOf(object);
        if (type !== undefined) return tryManifest(cluster, type, object, namespaceOf(object) ?? namespace);
        return asked === undefined || !isStrange(object) ? UNKNOWN_KIND : tryStrange(cluster, object, await asked, namespace);
      }),
    ),
  );
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

/** Neither its path nor its schema is there. */
function notServed(object: KubeObject, field: 'apiVersion' | 'kind' = 'apiVersion'): ServerVerdict {
  return { state: 'refused', violations: [noMatch(object, field)] };
}

/** Neither KServe's nor RBAC's as the program knows them: KServe may be newer, or it is a slip. What KFServing had is no slip. */
function isStrange(object: KubeObject): boolean {
  return typeOf(object) === undefined && groupVersion(object).group !== LEGACY_GROUP;
}

/** By what the cluster says that it serves. */
async function tryStrange(
  cluster: Cluster,
  object: KubeObject,
  { discovery, warning = '' }: AskedDiscovery,
  namespace: string,
): Promise<ServerVerdict> {
  if (discovery === undefined) return { state: 'untried', why: warning };
  const { group, version } = groupVersion(object);
  const served = discovery.groups.find(({ name }) => name === group)?.versions.find((one) => one.version === version);
  const type = served?.resources.find(({ kind }) => kind === object.kind);
  if (type === undefined)
    return served?.stale === true ? { state: 'untried', why: warning } : notServed(object, strangeField(object, discovery));
  const verdict = await tryManifest(cluster, type, object, namespaceOf(object) ?? namespace);
  return verdict.state === 'untried' ? { ...verdict, isServed: true } : verdict;
}

/** In a group that is right, the kind is wrong. */
function strangeField(object: KubeObject, { groups }: Discovery): 'apiVersion' | 'kind' {
  const { group } = groupVersion(object);
  return meantType(object)?.field ?? (groups.some(({ name }) => name === group) ? 'kind' : 'apiVersion');
}

/** The type that a manifest names. */
function typeOf(object: KubeObject): ResourceType | undefined {
  const { kind = '' } = object;
  const { group, version } = groupVersion(object);
  const known = group === KSERVE_GROUP ? KSERVE_KINDS.find((one) => one.kind === kind) : rbacType(kind);
  return known?.group === group ? { ...known, version } : undefined;
}

function rbacType(kind: string): ResourceType | undefined {
  return Object.values(RBAC_TYPES).find((type) => type.kind === kind);
}
