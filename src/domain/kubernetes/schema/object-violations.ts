import { textOf } from '../json-value.ts';
import { withDefaults } from './defaults.ts';
import { repeatedItems } from './list-types.ts';
import { pathSegmentFaults, subdomainFaults } from './names.ts';
import { metadataViolations } from './object-meta.ts';
import { isJsonObject, type JsonObject, type SchemaNode } from './schema-node.ts';
import { unknownFields } from './unknown-fields.ts';
import { schemaViolations } from './validate-value.ts';
import type { Violation } from './violation.ts';

/** Objects of RBAC may be called anything that can be a part of a URL. */
function nameFaultsOf({ apiVersion }: JsonObject): (name: string) => readonly string[] {
  return textOf(apiVersion)?.startsWith('rbac.authorization.k8s.io/') ? pathSegmentFaults : subdomainFaults;
}

/**
 * All that the API server refuses in an object of a CRD that `kubectl apply` would create, as far as the schema says it: expressions
 * (`x-kubernetes-validations`) are left to the server. `mutate`: what webhooks make of the object before it is looked at.
 */
export function objectViolations(
  object: JsonObject,
  schema: SchemaNode,
  mutate: (value: unknown) => unknown = (value) => value,
): readonly Violation[] {
  const { metadata, status: _, ...rest } = object;
  const complete = mutate(withDefaults(rest, schema));
  return [
    ...unknownFields(object, schema),
    ...metadataViolations(isJsonObject(metadata) ? metadata : {}, nameFaultsOf(object)),
    // The status of a new object is dropped before it is looked at.
    ...schemaViolations(complete, schema),
    ...repeatedItems(complete, schema),
  ];
}
