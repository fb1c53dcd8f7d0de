import { settled } from '../async/settled.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ResourceType } from '../domain/kubernetes/resource.ts';
import { ClusterError } from '../errors.ts';

/** Objects of one kind in one place. */
export interface NamedKind {
  readonly type: ResourceType;
  readonly namespace?: string | undefined;
}

/** The names of what may be listed, each once, sorted: for a suggestion, so that a failure only makes it shorter. */
export async function listedNames(cluster: Cluster, kinds: readonly NamedKind[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    kinds.map(({ type, namespace }) =>
      settled(
        cluster.list(
          type,
          { namespace: type.namespaced ? namespace : undefined, metadataOnly: true },
          ({ metadata }) => metadata.name ?? '',
        ),
      ),
    ),
  );
  return [...new Set(lists.flatMap((list) => (list instanceof ClusterError ? [] : list.items)))].sort();
}
