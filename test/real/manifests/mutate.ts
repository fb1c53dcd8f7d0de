import type { Random } from '../../support/random.ts';

type Json = unknown;
type Node = Record<string, Json> | Json[];

const VALUES: readonly Json[] = ['x', '', '5', 5, 0, -1, 0.5, 3_000_000_000, true, null, {}, [], ['x'], [null], { x: 'y' }];
/** Changes of these are about another object, or none. */
const KEPT: readonly string[] = ['apiVersion', 'kind', 'name', 'namespace', 'generateName'];

/** A copy of an object with one thing changed, somewhere. */
export function mutate(object: object, random: Random): object {
  const copy = structuredClone(object) as Record<string, Json>;
  const nodes = nodesIn(copy).filter((node) => node !== copy);
  const node = random.pick(nodes);
  if (Array.isArray(node)) mutateList(node, random);
  else mutateFields(node, node === copy.metadata, random);
  return copy;
}

function nodesIn(value: Json): readonly Node[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesIn)];
}

function mutateList(list: Json[], random: Random): void {
  const index = random.below(list.length);
  const changes: readonly (() => void)[] = [
    () => list.push(structuredClone(list[index])),
    () => list.push(random.pick(VALUES)),
    () => list.splice(index, 1),
    () => {
      list[index] = random.pick(VALUES);
    },
  ];
  random.pick(changes)();
}

function mutateFields(fields: Record<string, Json>, isMetadata: boolean, random: Random): void {
  const names = Object.keys(fields).filter((name) => !(isMetadata && KEPT.includes(name)));
  const name = names.length === 0 ? 'added' : random.pick(names);
  fields[name] ??= random.pick(VALUES);
  const changes: readonly (() => void)[] = [
    () => delete fields[name],
    () => {
      fields[name] = random.pick(VALUES);
    },
    () => {
      fields[`${name}s`] = structuredClone(fields[name]);
    },
    () => {
      fields[name.toUpperCase()] = fields[name];
      delete fields[name];
    },
  ];
  random.pick(changes)();
}
