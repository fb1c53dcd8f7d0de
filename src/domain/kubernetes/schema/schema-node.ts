import { fieldOf, listOf } from '../json-value.ts';

/**
 * A node of a CRD's schema, as the CRD or the API server's OpenAPI document has it. It may come from outside and hold anything: it is read through
 * the functions here alone. https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export type SchemaNode = Readonly<Record<string, unknown>>;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nodeOf(value: unknown): SchemaNode | undefined {
  return isJsonObject(value) ? value : undefined;
}

export function propertyOf(schema: SchemaNode, name: string): SchemaNode | undefined {
  return nodeOf(fieldOf(schema.properties, name));
}

export function propertyNames(schema: SchemaNode): readonly string[] {
  return isJsonObject(schema.properties) ? Object.keys(schema.properties) : [];
}

/** Of the values of a map whose keys are free; `any` if nothing is said of them. */
export function valuesOf({ additionalProperties }: SchemaNode): SchemaNode | 'any' | undefined {
  if (additionalProperties === true) return 'any';
  return nodeOf(additionalProperties);
}

export function itemsOf({ items }: SchemaNode): SchemaNode | undefined {
  return nodeOf(items);
}

/** The schema of a field, be it named or of a map. */
export function fieldSchema(schema: SchemaNode, name: string): SchemaNode | undefined {
  const values = valuesOf(schema);
  return propertyOf(schema, name) ?? (values === 'any' ? undefined : values);
}

export function alternatives(schema: SchemaNode, keyword: 'allOf' | 'anyOf' | 'oneOf'): readonly SchemaNode[] {
  return listOf(schema[keyword]).filter(isJsonObject);
}

export function textsIn(value: unknown): readonly string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function isNullable(schema: SchemaNode): boolean {
  return schema.nullable === true;
}

/** Types that a value may have; empty: any. */
export function typesOf(schema: SchemaNode): readonly string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string'];
  return typeof schema.type === 'string' ? [schema.type] : [];
}
