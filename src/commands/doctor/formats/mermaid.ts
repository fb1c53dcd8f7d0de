import type { ChainNode } from '../../../domain/doctor/chain.ts';
import type { ServiceReport } from '../../../domain/doctor/report.ts';
import { escapeText } from '../../../text/escape.ts';

interface Drawn {
  readonly id: string;
  readonly node: ChainNode;
  readonly parent: string | undefined;
}

/** The chains of services as a Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html */
export function mermaidReport(services: readonly ServiceReport[]): string {
  const drawn = services.flatMap(({ chain }, index) => draw(chain, `s${index}`, undefined));
  const nodes = drawn.map(({ id, node }) => `  ${id}["${label(node)}"]${node.healthy ? '' : ':::unhealthy'}\n`);
  const edges = drawn.flatMap(({ id, parent }) => (parent === undefined ? [] : [`  ${parent} --> ${id}\n`]));
  return `flowchart TD\n${nodes.join('')}${edges.join('')}  classDef unhealthy stroke:#d00,stroke-width:2px\n`;
}

function draw(node: ChainNode, id: string, parent: string | undefined): readonly Drawn[] {
  return [{ id, node, parent }, ...node.children.flatMap((child, index) => draw(child, `${id}_${index}`, id))];
}

function label({ kind, name, state }: ChainNode): string {
  return [kind, name, state].map(quoted).join('<br/>');
}

const MOST = 120;

/** Entities, as Mermaid writes them: nothing of a text can end the label or be taken for markup. */
function quoted(text: string): string {
  const short = text.length > MOST ? `${text.slice(0, MOST)}…` : text;
  return escapeText(short).replaceAll(/[^\p{L}\p{N} ._:/=()\u2026-]/gu, (character) => `#${character.codePointAt(0)};`);
}
