import { type EvaluateOptions, evaluate } from './evaluate.ts';
import { type Node, TemplateError } from './node.ts';
import { parseTemplate } from './parse.ts';

export interface Template {
  readonly text: string;
  readonly nodes: readonly Node[];
}

/** What one text or one action of a template gives; several values where it leads to several. */
interface Group {
  readonly values: readonly unknown[];
  /** Written in the template, not found in the data. */
  readonly isLiteral: boolean;
}

/** @throws TemplateError */
export function toTemplate(text: string): Template {
  return { text, nodes: parseTemplate(text) };
}

/** As deep as `range` may stand in `range`. */
const MOST_RANGES = 100;

/** Objects that ranges go through, in all: nothing else stops one in the other over what anybody may have stored. */
const MOST_ROUNDS = 2_000_000;

/** Where the evaluation stands, as client-go counts it: `range` and `end` are met one by one, and a template keeps what is left of it. */
interface Progress {
  /** The node that the next round starts at. It is never set back, so that a path with `range` in it works for the first object only. */
  from: number;
  opened: number;
  inside: number;
  rounds: number;
  ended: number;
  lastEnd: number | undefined;
}

export interface Evaluation {
  /** @throws TemplateError */
  readonly find: (root: unknown) => readonly Group[];
}

/** Evaluates a template over one object after the other. Source: FindResults in client-go's util/jsonpath. */
export function evaluationOf({ nodes }: Template, allowMissingKeys: boolean): Evaluation {
  const progress: Progress = { from: 0, opened: 0, inside: 0, rounds: 0, ended: 0, lastEnd: undefined };
  const run: Run = { nodes, progress, options: { allowMissingKeys, onWord: (word) => meet(word, progress) } };
  return { find: (root) => find(root, run) };
}

interface Run {
  readonly nodes: readonly Node[];
  readonly progress: Progress;
  readonly options: EvaluateOptions;
}

function find(root: unknown, run: Run): readonly Group[] {
  const { nodes, progress, options } = run;
  const groups: Group[] = [];
  for (let index = progress.from; index < nodes.length; index += 1) {
    const node = nodes[index] as Node;
    const { values, error } = evaluate([root], node, options);
    if (error !== undefined) throw new TemplateError(error);
    if (closes(progress, index)) break;
    if (progress.opened === 0) groups.push({ values, isLiteral: isLiteral(node) });
    else index = loop(values, { run, index, groups });
  }
  return groups;
}

/** Goes through a `range`, and returns the index of its `end`. */
function loop(values: readonly unknown[], { run, index, groups }: { run: Run; index: number; groups: Group[] }): number {
  const { progress } = run;
  progress.opened -= 1;
  progress.inside += 1;
  if (progress.inside > MOST_RANGES) throw new TemplateError(`more than ${MOST_RANGES} ranges within each other`);
  const round = (value: unknown): readonly Group[] => {
    progress.rounds += 1;
    if (progress.rounds > MOST_ROUNDS) throw new TemplateError(`the ranges go through more than ${MOST_ROUNDS} values`);
    progress.from = index + 1;
    return find(value ?? undefined, run);
  };
  for (const value of values) for (const group of round(value)) groups.push(group);
  // Without values it is gone through all the same, to find its end.
  if (values.length === 0) round(undefined);
  progress.inside -= 1;
  return Math.max(index, progress.lastEnd ?? index);
}

function meet(word: string, progress: Progress): { values: readonly unknown[]; error?: string } {
  if (word === 'range') {
    progress.opened += 1;
    return { values: [] };
  }
  if (word !== 'end') return { values: [], error: `unrecognized identifier ${word}` };
  if (progress.inside === 0) return { values: [], error: 'not in range, nothing to end' };
  progress.ended += 1;
  return { values: [] };
}

function closes(progress: Progress, index: number): boolean {
  if (progress.ended === 0 || progress.ended > progress.inside) return false;
  progress.ended -= 1;
  progress.lastEnd = index;
  return true;
}

function isLiteral(node: Node): boolean {
  return node.kind === 'text' || (node.kind === 'action' && node.steps.length > 0 && node.steps.every(({ kind }) => kind === 'text'));
}
