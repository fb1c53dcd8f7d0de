import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { NAMESPACES, SERVICE_ACCOUNTS } from '../domain/kubernetes/core-kinds.ts';
import type { ResourceType } from '../domain/kubernetes/resource.ts';
import type { OtherSubject } from './asked-subject.ts';
import { reviewFailure } from './review-failure.ts';

// Authorizers answer for any name. No warning if the caller may not look.
async function isAbsent(cluster: Cluster, type: ResourceType, name: string, namespace?: string): Promise<boolean> {
  try {
    await cluster.get(type, name, { namespace });
    return false;
  } catch (error) {
    const { reason, fromStatus } = reviewFailure(error);
    return reason === 'NotFound' && fromStatus;
  }
}

/** A warning if the questions are about a ServiceAccount that can be seen not to exist. */
export async function absentAccountWarning(cluster: Cluster, subject: OtherSubject | undefined): Promise<string | undefined> {
  if (subject?.rbac.kind !== 'ServiceAccount') return undefined;
  const { namespace, name } = subject.rbac;
  if (!(await isAbsent(cluster, SERVICE_ACCOUNTS, name, namespace))) return undefined;
  return `there is no ServiceAccount ${JSON.stringify(name)} in the namespace ${JSON.stringify(namespace)}: is the name right?`;
}

/** Objects that are to be created or changed. */
interface WrittenObjects {
  readonly objects: readonly { readonly metadata: { readonly namespace?: string } }[];
}

/** The namespaces of a grant: nothing can be created in one that does not exist. */
export function grantNamespaces(grant: WrittenObjects | undefined): readonly string[] {
  return [...new Set((grant?.objects ?? []).flatMap(({ metadata: { namespace } }) => (namespace === undefined ? [] : [namespace])))];
}

/** A warning for each namespace that can be seen not to exist. */
export async function absentNamespaceWarnings(cluster: Cluster, names: readonly string[], limit: Limit): Promise<readonly string[]> {
  const absent = await Promise.all(names.map(async (name) => ((await limit(() => isAbsent(cluster, NAMESPACES, name))) ? [name] : [])));
  return absent.flat().map((name) => `there is no namespace ${JSON.stringify(name)}: is the name right?`);
}
