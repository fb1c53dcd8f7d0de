import type { Judgement } from '../../../domain/doctor/manifests/judgement.ts';
import { groupVersion } from '../../../domain/doctor/manifests/meant-type.ts';
import { SCHEMA_RELEASE, shippedSchema } from '../../../domain/kserve/crd-schemas.ts';
import type { KubeObject } from '../../../domain/kubernetes/resource.ts';
import { rbacSchema } from '../../../domain/rbac/rbac-schemas.ts';

/** Without a cluster: by the schemas that come with the program. */
export function judgeOffline(object: KubeObject): Judgement {
  const { apiVersion, kind = '' } = object;
  const { version } = groupVersion(object);
  const verdict = { state: 'untried', why: 'offline' } as const;
  const rbac = apiVersion === 'rbac.authorization.k8s.io/v1' ? rbacSchema(kind) : undefined;
  if (rbac !== undefined) return { verdict, schema: rbac, schemaFrom: 'rbac.authorization.k8s.io/v1' };
  const schema = shippedSchema(kind, version);
  return { verdict, ...(schema && { schema, schemaFrom: `KServe ${SCHEMA_RELEASE}` }) };
}
