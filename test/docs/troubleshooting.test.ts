import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CATALOGUE } from '../../src/cli/commands.ts';
import { parseCommandLine } from '../../src/cli/parse/parse.ts';

const PAGE = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');
const COMMANDS = [...PAGE.matchAll(/kubectl kserve ([^`]*)`/g)].map(([, words = '']) => words);

describe('docs/troubleshooting.md', () => {
  it('names a command for each message of the cluster', () => {
    const rows = PAGE.split('## The plugin itself')[0]?.match(/^\| (?!message|---).*\|$/gm) ?? [];
    assert.ok(rows.length > 10);
    for (const row of rows) assert.match(row, /`kubectl [^`]*kserve|`kubectl kserve/);
  });

  for (const words of new Set(COMMANDS)) {
    it(`has a command line that is understood: ${words}`, () => {
      const invocation = parseCommandLine(words.split(' '), CATALOGUE);
      assert.equal(invocation.kind, 'run', JSON.stringify(invocation));
    });
  }
});
