import { didYouMean } from '../../../text/did-you-mean.ts';
import type { Fix } from '../../finding.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { fieldSchema, itemsOf, propertyNames, type SchemaNode } from '../../kubernetes/schema/schema-node.ts';
import type { FieldPath, Violation } from '../../kubernetes/schema/violation.ts';
import { at } from '../service.ts';
import type { ManifestFacts } from './manifest.ts';
import { meantText } from './meant-type.ts';

/** A longer word is no slip of a field's name. */
const LONGEST_TYPO = 40;

/** What may mend it, where that can be told from the field and its value. */
export function adviceFor({ manifest, schema }: ManifestFacts, { path, text }: Violation): Fix | undefined {
  if (text.startsWith('unknown field ')) return unknownFieldAdvice(path, schema);
  if (text.includes('exactly one of [Name, ')) return { text: 'keep one of a model, a framework and a container called kserve-container' };
  if (path.length === 1 && (path[0] === 'kind' || path[0] === 'apiVersion')) return meantAdvice(manifest.object);
  const value = at(manifest.object, ...path.map(String));
  const wantsText = /must be of type string: "(?:number|integer|boolean)"$|of type string$/.test(text);
  return wantsText && (typeof value === 'number' || typeof value === 'boolean') ? { text: `put it in quotes: "${value}"` } : undefined;
}

function meantAdvice(object: KubeObject): Fix | undefined {
  const text = meantText(object);
  return text === undefined ? undefined : { text };
}

const METADATA = ['labels', 'annotations', 'name', 'namespace'];

function unknownFieldAdvice(path: FieldPath, schema: SchemaNode | undefined): Fix | undefined {
  const name = String(path.at(-1));
  if (path.length === 1 && METADATA.includes(name)) return { text: `move it under metadata: metadata.${name}` };
  if (path.length === 1 && isOfSpec(name, schema)) return { text: `move it under spec: spec.${name}` };
  const parent = schema && path.slice(0, -1).reduce<SchemaNode | undefined>(below, schema);
  if (parent === undefined || name.length > LONGEST_TYPO) return undefined;
  const near = didYouMean(name, propertyNames(parent));
  return near === undefined ? undefined : { text: `did you mean ${near}?` };
}

function isOfSpec(name: string, schema: SchemaNode | undefined): boolean {
  const spec = schema && fieldSchema(schema, 'spec');
  return spec !== undefined && propertyNames(spec).includes(name);
}

function below(schema: SchemaNode | undefined, step: string | number): SchemaNode | undefined {
  if (schema === undefined) return undefined;
  return typeof step === 'number' ? itemsOf(schema) : fieldSchema(schema, step);
}
