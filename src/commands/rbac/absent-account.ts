import type { Cluster } from '../../cluster/cluster.ts';
import type { ResourceType } from '../../domain/resource.ts';
import type { OtherSubject } from './asked-subject.ts';
import { reviewFailure } from './failure.ts';

const SERVICE_ACCOUNTS: ResourceType = { group: '', version: 'v1', plural: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true };

async function isAbsent(cluster: Cluster, namespace: string, name: string): Promise<boolean> {
  try {
    await cluster.get(SERVICE_ACCOUNTS, name, { namespace });
    return false;
  } catch (error) {
    const { reason, fromStatus } = reviewFailure(error);
    return reason === 'NotFound' && fromStatus;
  }
}

/** A warning if the questions are about a ServiceAccount that does not exist: authorizers answer for any name. Silent if that may not be seen. */
export async function absentAccountWarning(cluster: Cluster, subject: OtherSubject | undefined): Promise<string | undefined> {
  if (subject?.rbac.kind !== 'ServiceAccount') return undefined;
  const { namespace, name } = subject.rbac;
  if (!(await isAbsent(cluster, namespace, name))) return undefined;
  return `there is no ServiceAccount ${JSON.stringify(name)} in the namespace ${JSON.stringify(namespace)}: is the name right?`;
}
