import type { ChainNode } from '../../domain/doctor/chain.ts';
import type { ServiceReport } from '../../domain/doctor/report.ts';
import { labelText } from '../../output/mermaid.ts';

interface Drawn {
  readonly id: string;
  readonly node: ChainNode;
  readonly parent: string | undefined;
}

/** The chains of services as a Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html */
export function mermaidReport(services: readonly ServiceReport[]): string {
  const drawn = services.flatMap(({ chain }, index) => draw(chain, `s${index}`, undefined));
  const nodes = drawn.map(
    ({ id, node }) => `  ${id}["${labelText([node.kind, node.name, node.state])}"]${node.healthy ? '' : ':::unhealthy'}\n`,
  );
  const edges = drawn.flatMap(({ id, parent }) => (parent === undefined ? [] : [`  ${parent} --> ${id}\n`]));
  return `flowchart TD\n${nodes.join('')}${edges.join('')}  classDef unhealthy stroke:#d00,stroke-width:2px\n`;
}

function draw(node: ChainNode, id: string, parent: string | undefined): readonly Drawn[] {
  return [{ id, node, parent }, ...node.children.flatMap((child, index) => draw(child, `${id}_${index}`, id))];
}
