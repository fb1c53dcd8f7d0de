import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';
import { CATALOGUE } from '../../src/cli/commands.ts';
import { MAXIMUM_WIDTH } from '../../src/cli/help.ts';
import { placesOf } from '../../src/cli/tree.ts';
import { writeHelp } from '../../src/cli/write-help.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const OPTIONS = {
  absWorkingDir: ROOT,
  // Names of parts hold a hash of paths: a linked node_modules must count as the one in the project.
  preserveSymlinks: true,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
  metafile: true,
  // yargs looks for its locales beside its own file; they are never read, but the URL must be one on every platform.
  define: { 'import.meta.url': '"file:///C:/kubectl-kserve.cjs"' },
} as const satisfies BuildOptions;

/**
 * Bundles the program into one CommonJS file, as a single executable application takes nothing else, and tells what went in.
 * What `import()` loads goes in as text that is compiled when it is first asked for: V8 reads a string literal many times faster
 * than code, and no start uses more than a part. Same sources, same bytes.
 */
export async function bundle(outfile: string): Promise<Metafile> {
  const { outputFiles, metafile } = await build({ ...OPTIONS, plugins: [renderedHelp] });
  const chunks = await Promise.all(outputFiles.map(async ({ path, text }) => [`./${basename(path)}`, await toCommonJs(text)] as const));
  const lazy = chunks.filter(([name]) => name !== './main.js').toSorted(([a], [b]) => (a < b ? -1 : 1));
  const main = chunks.find(([name]) => name === './main.js')?.[1] ?? '';
  await mkdir(dirname(resolve(ROOT, outfile)), { recursive: true });
  await writeFile(resolve(ROOT, outfile), `${loader(Object.fromEntries(lazy))}${main}`);
  return metafile;
}

/** `import()` becomes a `require` that runs later. */
async function toCommonJs(text: string): Promise<string> {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    supported: { 'dynamic-import': false },
  });
  return code;
}

function loader(chunks: Readonly<Record<string, string>>): string {
  return `'use strict';
{
  const chunks = ${JSON.stringify(chunks)};
  const loaded = Object.create(null);
  const outer = require;
  require = (name) => {
    if (!Object.hasOwn(chunks, name)) return outer(name);
    if (loaded[name]) return loaded[name].exports;
    const module = (loaded[name] = { exports: {} });
    new Function('module', 'exports', 'require', chunks[name])(module, module.exports, require);
    return module.exports;
  };
}
`;
}

/** Help of every place, written by yargs now rather than at each start: loading yargs takes longer than starting Node. */
const renderedHelp: Plugin = {
  name: 'rendered help',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[/\\]rendered-help\.ts$/ }, async () => {
      const pages = await Promise.all(
        placesOf(CATALOGUE).map(async (place) => [place.path.join(' '), await writeHelp(place, CATALOGUE, MAXIMUM_WIDTH)]),
      );
      return { contents: `export const RENDERED = ${JSON.stringify(Object.fromEntries(pages))};`, loader: 'js' };
    });
  },
};
