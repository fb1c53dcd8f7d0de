import { lookUp } from '../../text/look-up.ts';
import type { SchemaNode } from '../kubernetes/schema/schema-node.ts';

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const META = { apiVersion: TEXT, kind: TEXT, metadata: { type: 'object' } };

function object(properties: SchemaNode, required: readonly string[] = []): SchemaNode {
  return { type: 'object', properties, required };
}

const RULE = object({ apiGroups: TEXTS, resources: TEXTS, verbs: TEXTS, resourceNames: TEXTS, nonResourceURLs: TEXTS });
const RULES = { type: 'array', items: RULE };
const SELECTOR = object({
  matchLabels: { type: 'object', additionalProperties: TEXT },
  matchExpressions: { type: 'array', items: object({ key: TEXT, operator: TEXT, values: TEXTS }) },
});
const BINDING = object(
  {
    ...META,
    subjects: { type: 'array', items: object({ kind: TEXT, name: TEXT, namespace: TEXT, apiGroup: TEXT }) },
    roleRef: object({ kind: TEXT, name: TEXT, apiGroup: TEXT }, ['kind', 'name']),
  },
  ['roleRef'],
);

/** Fields and types of https://pkg.go.dev/k8s.io/api/rbac/v1, in the form of a CRD's schema. */
const SCHEMAS: Readonly<Record<string, SchemaNode>> = {
  Role: object({ ...META, rules: RULES }),
  ClusterRole: object({
    ...META,
    rules: RULES,
    aggregationRule: object({ clusterRoleSelectors: { type: 'array', items: SELECTOR } }),
  }),
  RoleBinding: BINDING,
  ClusterRoleBinding: BINDING,
};

export function rbacSchema(kind: string): SchemaNode | undefined {
  return lookUp(SCHEMAS, kind);
}
