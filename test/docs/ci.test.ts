import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { CATALOGUE } from '../../src/cli/commands.ts';
import { parseCommandLine } from '../../src/cli/parse/parse.ts';

const PAGE = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8');
const SNIPPETS = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

describe('docs/ci.md', () => {
  it('has snippets that are YAML', () => {
    assert.ok(SNIPPETS.length >= 5);
    for (const snippet of SNIPPETS) assert.ok(load(snippet) !== undefined);
  });

  const lines = [...PAGE.matchAll(/kubectl kserve (doctor[^\n|>`]*)/g)].map(([, words = '']) =>
    words
      .replaceAll('"', '')
      .replaceAll(/\$\(params\.(\w+)\)/g, '$1')
      .trim(),
  );
  for (const words of lines) {
    it(`has a command line that is understood: ${words}`, () => {
      const invocation = parseCommandLine(words.split(/\s+/), CATALOGUE);
      assert.equal(invocation.kind, 'run', JSON.stringify(invocation));
    });
  }

  const containers = SNIPPETS.flatMap((snippet) => containersOf(load(snippet)));

  it('runs the image in Tekton, in a CronJob and before a Pod starts', () => {
    assert.ok(containers.length >= 3);
  });

  for (const { args } of containers) {
    it(`has arguments of a container that are understood: ${args.join(' ')}`, () => {
      const words = args.map((word) => word.replaceAll(/\$\(params\.(\w+)\)/g, '$1'));
      assert.equal(parseCommandLine(words, CATALOGUE).kind, 'run');
    });
  }
});

interface Container {
  readonly args: readonly string[];
}

/** The containers of our image, however deep in a manifest. */
function containersOf(value: unknown): Container[] {
  if (typeof value !== 'object' || value === null) return [];
  const { image } = value as { image?: unknown };
  const own = typeof image === 'string' && image.includes('/kubectl-kserve:') ? [value as Container] : [];
  return [...own, ...Object.values(value).flatMap(containersOf)];
}
