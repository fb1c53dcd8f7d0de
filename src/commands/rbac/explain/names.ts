import type { RbacV1Subject } from '@kubernetes/client-node';
import type { FindingObject } from '../../../domain/finding.ts';
import type { RbacSubject } from '../../../domain/kubernetes/identity.ts';
import type { BindingNode, RoleNode } from '../../../domain/rbac/rbac-graph.ts';

/** `RoleBinding "readers" (team-a)`; without a namespace the last part is left out. */
export function objectText({
  kind,
  name,
  namespace,
}: Pick<BindingNode | RoleNode, 'name'> & { readonly kind: string; readonly namespace?: string | undefined }): string {
  return `${kind} ${JSON.stringify(name)}${namespace ? ` (${namespace})` : ''}`;
}

export function findingObject({ kind, name, namespace }: BindingNode | RoleNode): FindingObject {
  return { kind, ...(namespace !== '' && { namespace }), name };
}

/** `ServiceAccount team-a:bot`, `Group "ml"`. */
export function subjectText(subject: RbacSubject | RbacV1Subject): string {
  const { kind, name } = subject;
  return 'namespace' in subject && subject.namespace ? `${kind} ${subject.namespace}:${name}` : `${kind} ${JSON.stringify(name)}`;
}
