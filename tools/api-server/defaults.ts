import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ServedType } from './types.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** The object with the fields that the server fills in before it validates. */
export function withDefaults({ group, plural }: ServedType, object: KubeObject): KubeObject {
  if (group === '' && plural === 'namespaces') return asNamespace(object);
  return group === RBAC && plural.endsWith('bindings') ? asBinding(object) : object;
}

function asNamespace(object: KubeObject): KubeObject {
  const labels = { 'kubernetes.io/metadata.name': object.metadata.name ?? '', ...object.metadata.labels };
  return { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' }, ...object, metadata: { ...object.metadata, labels } };
}

interface Subject {
  readonly kind: string;
}

function asBinding(object: KubeObject): KubeObject {
  const { subjects, roleRef } = object as { subjects?: readonly Subject[]; roleRef?: object };
  const filled = subjects?.map((subject) => (subject.kind === 'ServiceAccount' ? subject : { apiGroup: RBAC, ...subject }));
  return { ...object, ...(filled && { subjects: filled }), roleRef: { apiGroup: RBAC, ...roleRef } };
}
