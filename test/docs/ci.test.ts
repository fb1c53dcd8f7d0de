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

  it('has a command of a container that is understood', () => {
    const [, list = ''] = /command: (\[.*\])/.exec(PAGE) ?? [];
    const words = JSON.parse(list) as readonly string[];
    assert.equal(parseCommandLine(words.slice(2), CATALOGUE).kind, 'run');
  });
});
