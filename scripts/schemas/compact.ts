import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { kserveObjects } from '../../tools/fixtures.ts';

/** Of the files that `tools/fixtures/kserve` holds. */
const RELEASE = 'v0.20.0';
const FILES = ['crd-full', 'crd-full-optional'];

type Node = Readonly<Record<string, unknown>>;

interface Version {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: Node };
}

interface CrdSpec {
  readonly names: { readonly kind: string };
  readonly versions: readonly Version[];
}

/** For people, or for the server alone. */
const LEFT_OUT: ReadonlySet<string> = new Set(['description', 'x-kubernetes-validations', 'x-kubernetes-map-type']);

/** The schemas as JSON: `schemas` holds each different part once, those that a part is made of before it; where a schema stands, its index does. */
export function compactSchemas(): string {
  const indexes = new Map<string, number>();
  const add = (node: Node): number => {
    const text = JSON.stringify(compact(node, add));
    const index = indexes.get(text) ?? indexes.size;
    indexes.set(text, index);
    return index;
  };
  const kinds = FILES.flatMap((file) => kserveObjects(file)).flatMap((crd) => versionsOf(crd).map(([kind, schema]) => [kind, add(schema)]));
  const head = JSON.stringify({ release: RELEASE, kinds: Object.fromEntries(kinds) });
  return `${head.slice(0, -1)},\n"schemas":[\n${[...indexes.keys()].join(',\n')}\n]}\n`;
}

function versionsOf({ spec }: KubeObject): readonly (readonly [string, Node])[] {
  const { names, versions } = spec as CrdSpec;
  return versions.map(({ name, schema }) => [`${names.kind}/${name}`, schema.openAPIV3Schema]);
}

function compact(node: Node, add: (node: Node) => number): Node {
  const fields = Object.entries(node).filter(([keyword]) => !LEFT_OUT.has(keyword));
  return Object.fromEntries(fields.map(([keyword, value]) => [keyword, compactKeyword(keyword, value, add)]));
}

function compactKeyword(keyword: string, value: unknown, add: (node: Node) => number): unknown {
  switch (keyword) {
    case 'properties':
      return Object.fromEntries(Object.entries(value as Readonly<Record<string, Node>>).map(([name, node]) => [name, add(node)]));
    case 'items':
    case 'additionalProperties':
      return typeof value === 'object' ? add(value as Node) : value;
    default:
      return value;
  }
}
