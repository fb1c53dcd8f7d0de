import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

/** A step, or a container, of any of the systems. */
interface Step {
  readonly run?: string;
  readonly script?: string;
  readonly image?: string;
  readonly args?: readonly string[];
}

export const CI_PAGE = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8');

/** The YAML snippets of docs/ci.md, as text. */
export const CI_SNIPPETS = [...CI_PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

/** The first snippet with a text in it. */
export function snippetWith(text: string): string {
  const found = CI_SNIPPETS.find((snippet) => snippet.includes(text));
  if (found === undefined) throw new Error(`no snippet with ${text}`);
  return found;
}

/** What a snippet runs, in order: shell scripts, and what our image is started with, as words. */
export function scriptsOf(snippet: string): readonly (string | readonly string[])[] {
  return stepsIn(load(snippet)).map(({ run, script, args = [] }) => run ?? script ?? ['kubectl', 'kserve', ...args]);
}

function stepsIn(value: unknown): readonly Step[] {
  if (typeof value !== 'object' || value === null) return [];
  const { run, script, image } = value as Record<string, unknown>;
  const isOurs = typeof image === 'string' && image.includes('/kubectl-kserve:');
  if (typeof run === 'string' || typeof script === 'string' || isOurs) return [value];
  if (Array.isArray(script)) return script.map((line: string) => ({ script: line }));
  return Object.values(value).flatMap(stepsIn);
}
