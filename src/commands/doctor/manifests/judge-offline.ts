import type { Judgement } from '../../../domain/doctor/manifests/judgement.ts';
import { SCHEMA_RELEASE, shippedSchema } from '../../../domain/kserve/crd-schemas.ts';
import type { KubeObject } from '../../../domain/kubernetes/resource.ts';

/** Without a cluster: by the schemas that come with the program. */
export function judgeOffline({ apiVersion, kind = '' }: KubeObject): Judgement {
  const [, version = ''] = (apiVersion ?? '').split('/');
  const schema = shippedSchema(kind, version);
  return { verdict: { state: 'untried', why: 'offline' }, ...(schema && { schema, schemaFrom: `KServe ${SCHEMA_RELEASE}` }) };
}
