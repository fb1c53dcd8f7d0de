import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const MAP = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
const INDEX = readFileSync(join(ROOT, 'docs/adr/README.md'), 'utf8');
const ADRS = readdirSync(join(ROOT, 'docs/adr')).filter((name) => name !== 'README.md');

/** What is written as a path, but for patterns such as `NOUN/VERB`, each with the line that it stands in. */
function pathsOf(text: string): readonly (readonly [path: string, line: string])[] {
  return text
    .split('\n')
    .flatMap((line) => [...line.matchAll(/`([a-z@.][\w./-]*)`/g)].map(([, path = '']) => [path, line] as const))
    .filter(([path]) => (path.includes('/') || path.endsWith('.ts')) && !path.startsWith('@') && !/[A-Z]{2}/.test(path));
}

/** From the root, from `src`, or beside or in what was named before it on the same line. */
function isThere(path: string, line: string): boolean {
  const before = pathsOf(line.slice(0, line.indexOf(`\`${path}\``))).map(([one]) => one);
  const places = before.flatMap((one) => [join('src', one), join('src', dirname(one))]);
  return ['', 'src', ...places].some((place) => existsSync(join(ROOT, place, path)));
}

describe('docs/architecture.md', () => {
  const paths = pathsOf(MAP);

  it('names many places', () => assert.ok(paths.length > 40, `${paths.length}`));

  for (const [path, line] of paths) it(`names ${path}, which is there`, () => assert.ok(isThere(path, line)));

  it('draws folders that are there', () => {
    const [, tree = ''] = MAP.split('```');
    const folders = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(ROOT, 'src', name)).isDirectory())
      .map((name) => name.replace(/.*[\\/]/, ''));
    for (const [, name = ''] of tree.matchAll(/([a-z]+)\//g)) assert.ok(folders.includes(name), name);
  });
});

describe('docs/adr', () => {
  it('has numbers without gaps', () =>
    assert.deepEqual(
      ADRS.map((name) => Number(name.slice(0, 4))),
      ADRS.map((_, index) => index + 1),
    ));

  it('has each record in its index, by its title', () => {
    const titles = ADRS.map((name) => {
      const [, title = ''] = /^# \d+\. (.+)$/m.exec(readFileSync(join(ROOT, 'docs/adr', name), 'utf8')) ?? [];
      return `${Number(name.slice(0, 4))}. [${title}](${name})`;
    });
    assert.deepEqual(INDEX.match(/^\d+\. .*$/gm), titles);
  });
});
