import type { UnreadObjects } from '../../../queries/readable-rbac.ts';

const HIDDEN = {
  ClusterRole: 'what ClusterRoles grant, in any namespace',
  ClusterRoleBinding: 'what is bound cluster-wide',
  Role: 'what Roles of other namespaces grant',
  RoleBinding: 'what is bound in other namespaces',
} as const;

/** What stays hidden without these objects. */
export function unreadText({ kind, except }: UnreadObjects): string {
  if (except === undefined && (kind === 'Role' || kind === 'RoleBinding'))
    return kind === 'Role' ? 'what Roles grant' : 'what is bound inside namespaces';
  return HIDDEN[kind];
}
