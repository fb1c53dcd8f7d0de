import type { ChainNode } from '../../domain/doctor/chain.ts';
import { escapeText } from '../../text/escape.ts';
import { cut, type TextOptions } from './finding-text.ts';

interface ChainLine {
  readonly prefix: string;
  readonly node: ChainNode;
}

/** The objects that make up a service, each below the one that made it. */
export function chainText(root: ChainNode, { style }: TextOptions): readonly string[] {
  const lines = chainLines(root, 0);
  const kindWidth = widest(lines, ({ prefix, node }) => prefix.length + node.kind.length);
  const nameWidth = widest(lines, ({ node }) => escapeText(node.name).length);
  return lines.map(({ prefix, node }) => {
    const state = cut(escapeText(node.state));
    return `  ${`${prefix}${node.kind}`.padEnd(kindWidth)}  ${escapeText(node.name).padEnd(nameWidth)}  ${node.healthy ? style.green(state) : state}`;
  });
}

/** Of any number of lines: a call takes only so many arguments. */
function widest(lines: readonly ChainLine[], widthOf: (line: ChainLine) => number): number {
  return lines.reduce((width, line) => Math.max(width, widthOf(line)), 0);
}

function chainLines(node: ChainNode, depth: number): readonly ChainLine[] {
  const prefix = depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `;
  return [{ prefix, node }, ...node.children.flatMap((child) => chainLines(child, depth + 1))];
}
