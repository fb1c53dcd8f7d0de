// What RBAC objects must be, so that the authorizer can rely on it.
// https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/rbac/validation/validation.go
import { isDeepStrictEqual } from 'node:util';
import type { RbacV1Subject, V1PolicyRule, V1RoleRef } from '@kubernetes/client-node';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { StatusCause } from './answer.ts';
import type { ServedType } from './types.ts';

/** All that is wrong with a new or changed object; nothing for kinds outside RBAC. */
export function rbacCauses({ group, plural }: ServedType, object: KubeObject, old?: KubeObject): readonly StatusCause[] {
  if (group !== 'rbac.authorization.k8s.io') return [];
  if (plural.endsWith('roles')) return roleCauses(object as { rules?: Partial<V1PolicyRule>[] }, plural === 'roles');
  return bindingCauses(object as unknown as Binding, old as Binding | undefined, plural === 'clusterrolebindings');
}

interface Binding {
  readonly roleRef: V1RoleRef;
  readonly subjects?: readonly RbacV1Subject[];
}

function roleCauses({ rules }: { rules?: readonly Partial<V1PolicyRule>[] }, isNamespaced: boolean): readonly StatusCause[] {
  const of = (rule: Partial<V1PolicyRule>, at: number) => ruleCauses(rule, `rules[${at}]`, isNamespaced);
  const verbs = (rule: Partial<V1PolicyRule>, at: number) => (isEmpty(rule.verbs) ? [required(`rules[${at}].verbs`)] : []);
  return [...(rules ?? []).flatMap(of), ...(rules ?? []).flatMap(verbs)];
}

function ruleCauses(rule: Partial<V1PolicyRule>, field: string, isNamespaced: boolean): readonly StatusCause[] {
  const { apiGroups, resources, nonResourceURLs } = rule;
  if (!isEmpty(nonResourceURLs)) {
    if (!isNamespaced) return [];
    const why = 'namespaced rules cannot apply to non-resource URLs';
    return [invalid(`${field}.nonResourceURLs`, JSON.stringify(nonResourceURLs), why)];
  }
  return [
    ...(isEmpty(apiGroups) ? [required(`${field}.apiGroups`, 'resource rules must supply at least one api group')] : []),
    ...(isEmpty(resources) ? [required(`${field}.resources`, 'resource rules must supply at least one resource')] : []),
  ];
}

function bindingCauses({ roleRef, subjects = [] }: Binding, old: Binding | undefined, isClusterWide: boolean): readonly StatusCause[] {
  const { apiGroup, kind, name } = roleRef;
  const go = JSON.stringify({ APIGroup: apiGroup, Kind: kind, Name: name });
  const changed = old !== undefined && !isDeepStrictEqual(old.roleRef, roleRef);
  return [
    ...(isClusterWide && kind !== 'ClusterRole' ? [unsupported('roleRef.kind', kind, ['ClusterRole'])] : []),
    ...subjects.flatMap((subject, at) => subjectCauses(subject, `subjects[${at}]`, isClusterWide)),
    ...(changed ? [invalid('roleRef', go, 'field is immutable')] : []),
  ];
}

function subjectCauses({ kind, namespace = '' }: RbacV1Subject, field: string, isClusterWide: boolean): readonly StatusCause[] {
  const kinds = ['ServiceAccount', 'User', 'Group'];
  if (!kinds.includes(kind)) return [unsupported(`${field}.kind`, kind, kinds)];
  return kind === 'ServiceAccount' && isClusterWide && namespace === '' ? [required(`${field}.namespace`)] : [];
}

function isEmpty(list: readonly string[] | undefined): boolean {
  return list === undefined || list.length === 0;
}

function required(field: string, why?: string): StatusCause {
  return { reason: 'FieldValueRequired', message: why === undefined ? 'Required value' : `Required value: ${why}`, field };
}

function invalid(field: string, value: string, why: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${why}`, field };
}

function unsupported(field: string, value: string, supported: readonly string[]): StatusCause {
  const quoted = supported.map((one) => JSON.stringify(one)).join(', ');
  return { reason: 'FieldValueNotSupported', message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${quoted}`, field };
}
