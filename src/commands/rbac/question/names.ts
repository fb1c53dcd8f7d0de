import type { RbacV1Subject } from '@kubernetes/client-node';
import type { FindingObject } from '../../../domain/finding.ts';
import type { RbacSubject } from '../../../domain/kubernetes/identity.ts';
import type { BlastRadius } from '../../../domain/rbac/blast-radius.ts';
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `grants 3 rights to 1 subject, 2 not asked about`. */
export function radiusText({ rights, alsoGrants, subjects }: BlastRadius): string {
  const isWild = alsoGrants.some(({ verb, resource, path }) => [verb, resource, path].some((word) => word === '*'));
  const beyond = alsoGrants.length === 0 ? 'nothing else' : `${alsoGrants.length} not asked about`;
  return `grants ${counted(rights, 'right')} to ${counted(subjects.length, 'subject')}, ${beyond}${isWild ? ', wildcards among them' : ''}`;
}

/** A subject as reports show it. */
export function placeOf(subject: RbacSubject): FindingObject {
  return { kind: subject.kind, ...(subject.kind === 'ServiceAccount' && { namespace: subject.namespace }), name: subject.name };
}
