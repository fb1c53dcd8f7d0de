import { settled } from '../async/settled.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { fieldOf, listOf } from '../domain/kubernetes/json-value.ts';
import { isJsonObject, type SchemaNode } from '../domain/kubernetes/schema/schema-node.ts';
import { ClusterError } from '../errors.ts';

/** A kind in a version of its group. */
export interface KindVersion {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * The schemas that the API server publishes to everyone who is logged in: of each group and version one document. A ClusterError where it could
 * not be read, undefined where it does not have the kind.
 */
export async function publishedSchemas(
  cluster: Cluster,
  kinds: readonly KindVersion[],
): Promise<(kind: KindVersion) => SchemaNode | ClusterError | undefined> {
  const key = ({ group, version }: KindVersion): string => `${group}/${version}`;
  const wanted = [...new Map(kinds.map((kind) => [key(kind), kind])).values()];
  const documents = await Promise.all(
    wanted.map(async (kind) => [key(kind), await settled(cluster.openApi(kind.group, kind.version))] as const),
  );
  const byVersion = new Map(documents);
  return (kind) => {
    const document = byVersion.get(key(kind));
    if (document instanceof ClusterError) return document.reason === 'NotFound' ? undefined : document;
    return document && schemaIn(document, kind);
  };
}

function schemaIn(document: Readonly<Record<string, unknown>>, { group, version, kind }: KindVersion): SchemaNode | undefined {
  const schemas = fieldOf(document.components, 'schemas');
  if (!isJsonObject(schemas)) return undefined;
  return Object.values(schemas)
    .filter(isJsonObject)
    .find((schema) =>
      listOf(schema['x-kubernetes-group-version-kind']).some(
        (named) => fieldOf(named, 'group') === group && fieldOf(named, 'version') === version && fieldOf(named, 'kind') === kind,
      ),
    );
}
