import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin, type TransformOptions, transform } from 'esbuild';
import { CATALOGUE } from '../../src/cli/commands.ts';
import { MAXIMUM_WIDTH } from '../../src/cli/help/help.ts';
import { writeHelp } from '../../src/cli/help/write-help.ts';
import { nodesOf } from '../../src/cli/parse/tree.ts';
import { type Chunk, type Pack, toPacks } from './packs.ts';

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

const COMMON_JS = {
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
} as const satisfies TransformOptions;

/** The program in pieces, each loaded when it is first asked for. */
export interface Program {
  /** The first module of the first one starts the program. */
  readonly packs: readonly Pack[];
  /** Of esbuild: what went in. */
  readonly metafile: Metafile;
}

/** Bundles and minifies the sources. Same sources, same bytes. */
export async function buildProgram(): Promise<Program> {
  const { outputFiles, metafile } = await build({ ...OPTIONS, plugins: [renderedHelp] });
  const chunks = await Promise.all(
    outputFiles.map(async ({ path, text }): Promise<Chunk> => {
      const { entryPoint, imports = [] } = metafile.outputs[`dist/${basename(path)}`] ?? {};
      const needs = imports.filter(({ kind }) => kind === 'import-statement').map((one) => `./${basename(one.path)}`);
      return { name: `./${basename(path)}`, entryPoint, needs, code: await toCommonJs(text) };
    }),
  );
  return { packs: toPacks(chunks), metafile };
}

/** `import()` becomes a `require` that runs later. */
async function toCommonJs(text: string): Promise<string> {
  const { code } = await transform(text, { ...COMMON_JS, supported: { 'dynamic-import': false } });
  const marked = code.replace(COPIED_EXPORTS, 'module.exports=Object.defineProperty($<exports>,"__esModule",{value:!0});');
  // What copied them is left over.
  return (await transform(marked, { ...COMMON_JS, treeShaking: true })).code;
}

/**
 * esbuild copies the object with the exports of a module for a mark that it comes from ECMAScript. To mark the object itself is the same to whoever
 * loads it, and spares a start some hundred properties that lead to properties.
 */
const COPIED_EXPORTS = /(?<=;)module\.exports=[\w$]+\((?<exports>[\w$]+)\);/;

/** Help of every place, written by yargs now rather than at each start: loading yargs takes longer than starting Node. */
const renderedHelp: Plugin = {
  name: 'rendered help',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[/\\]rendered-help\.ts$/ }, async () => {
      const pages = await Promise.all(
        nodesOf(CATALOGUE).map(async (place) => [place.path.join(' '), await writeHelp(place, CATALOGUE, MAXIMUM_WIDTH)]),
      );
      return { contents: `export const RENDERED = ${JSON.stringify(Object.fromEntries(pages))};`, loader: 'js' };
    });
  },
};
