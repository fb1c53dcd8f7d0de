import { lookUp } from '../../text/look-up.ts';
import type { SchemaNode } from '../kubernetes/schema/schema-node.ts';
import shipped from './crd-schemas.json' with { type: 'json' };

/** The release of KServe whose full CRDs the schemas are of. */
export const SCHEMA_RELEASE: string = shipped.release;

/** The schema of a kind in KServe's full CRDs; undefined if they do not have the kind in this version. */
export function shippedSchema(kind: string, version: string): SchemaNode | undefined {
  const index = lookUp<number>(shipped.kinds, `${kind}/${version}`);
  nodes ??= unfold(shipped.schemas);
  return index === undefined ? undefined : nodes[index];
}

let nodes: readonly SchemaNode[] | undefined;

/** Puts parts where their indexes stand: what a part is made of comes before it (`scripts/schemas`). */
function unfold(parts: readonly SchemaNode[]): readonly SchemaNode[] {
  const done: SchemaNode[] = [];
  const at = (index: unknown): unknown => (typeof index === 'number' ? done[index] : index);
  for (const { properties, items, additionalProperties, ...rest } of parts) {
    const named = Object.entries(properties ?? {}).map(([name, index]) => [name, at(index)]);
    done.push({
      ...rest,
      ...(properties !== undefined && { properties: Object.fromEntries(named) }),
      ...(items !== undefined && { items: at(items) }),
      ...(additionalProperties !== undefined && { additionalProperties: at(additionalProperties) }),
    });
  }
  return done;
}
