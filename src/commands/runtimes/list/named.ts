import { settled } from '../../../async/settled.ts';
import type { Cluster, ListResult } from '../../../cluster/cluster.ts';
import type { KubeObject, ResourceType } from '../../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../../errors.ts';
import { isAbsent, type RuntimePlace } from '../../../queries/runtimes.ts';
import type { NamedRuntime } from '../reading/named-runtime.ts';
import type { RuntimeReading } from '../reading/reading.ts';
import type { ListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

/** The names that are looked for in a scope, in the order they were given. */
export function namesIn(scope: RuntimePlace['scope'], names: readonly NamedRuntime[]): readonly string[] {
  return names.filter(({ scopes }) => scopes.includes(scope)).map(({ name }) => name);
}

/** Gets objects of one place by name, and leaves out what does not exist. Rejects with a ClusterError if nothing is found and something not known. */
export async function getNamed<T>(
  cluster: Cluster,
  type: ResourceType,
  { names, namespace }: { readonly names: readonly string[]; readonly namespace: string | undefined },
  select: (object: KubeObject) => T,
): Promise<ListResult<T>> {
  const answers = await Promise.all(names.map((name) => settled(cluster.get(type, name, { namespace }))));
  const items = answers.flatMap((answer) => (answer instanceof ClusterError ? [] : [select(answer)]));
  const failure = answers.find(
    (answer, index): answer is ClusterError => answer instanceof ClusterError && !isNoSuch(answer, names[index]),
  );
  if (failure !== undefined && items.length === 0) throw failure;
  return { items, ...(failure !== undefined && { failure }) };
}

/** The object is not there; a kind that is not served is told in other words. */
function isNoSuch({ reason, fromStatus, details }: ClusterError, name: string | undefined): boolean {
  return reason === 'NotFound' && fromStatus && details?.name === name;
}

/** Names of which every place where they could be said that they are not there. */
export function missingNames(
  { names, ignoreNotFound }: Pick<ListRequest, 'names' | 'ignoreNotFound'>,
  { answers }: Pick<RuntimeReading<RuntimeRow>, 'answers'>,
): readonly NamedRuntime[] {
  if (ignoreNotFound) return [];
  return names.filter(({ scopes, name }) => {
    const asked = answers.filter(({ scope }) => scopes.includes(scope));
    return (
      asked.some(({ result }) => !(result instanceof ClusterError)) && asked.every((answer) => isAbsent(answer) || lacks(answer, name))
    );
  });
}

function lacks({ result }: RuntimeReading<RuntimeRow>['answers'][number], name: string): boolean {
  if (result instanceof ClusterError || result.failure !== undefined) return false;
  return !result.items.some(({ runtime }) => runtime.name === name);
}

/** Rows as they were asked for: kind by kind, or one by one if each name came with its kind. */
export function inOrderOfNames(rows: readonly RuntimeRow[], names: readonly NamedRuntime[]): readonly RuntimeRow[] {
  if (names.some(({ scopes }) => scopes.length > 1)) return rows;
  const place = ({ runtime }: RuntimeRow) => names.findIndex(({ scopes, name }) => scopes.includes(runtime.scope) && name === runtime.name);
  return rows.toSorted((a, b) => place(a) - place(b));
}
