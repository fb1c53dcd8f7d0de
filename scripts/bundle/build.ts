import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { CATALOGUE } from '../../src/cli/commands.ts';
import { MAXIMUM_WIDTH } from '../../src/cli/help.ts';
import { placesOf } from '../../src/cli/tree.ts';
import { writeHelp } from '../../src/cli/write-help.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  // CommonJS, because a single executable application takes nothing else.
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
  // In CommonJS there is no import.meta: yargs wants the URL of its own file, to find its locales, which are never read.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
} as const satisfies BuildOptions;

/** Bundles the program into one file and tells what went in. Same sources, same bytes. */
export async function bundle(outfile: string): Promise<Metafile> {
  const result = await build({
    ...COMMON,
    entryPoints: ['src/main.ts'],
    outfile,
    metafile: true,
    plugins: [renderedHelp, embeddedPackages],
  });
  return result.metafile;
}

/** Help of every place, written by yargs now rather than at each start: loading yargs takes longer than starting Node. */
const renderedHelp: Plugin = {
  name: 'rendered help',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[/\\]rendered-help\.ts$/ }, async () => {
      const places = await Promise.all(
        placesOf(CATALOGUE).map(async (place) => [place.path.join(' '), await writeHelp(place, CATALOGUE, MAXIMUM_WIDTH)]),
      );
      const text = JSON.stringify(Object.fromEntries(places));
      return { contents: `export const RENDERED = JSON.parse(${JSON.stringify(text)});`, loader: 'js' };
    });
  },
};

// Needed by every start, so not worth a detour.
const ALWAYS_USED = 'yargs-parser';

/**
 * Packages go in as text that is compiled when one is first imported: V8 reads a string literal many times faster than code, and
 * most starts use none of them.
 */
const embeddedPackages: Plugin = {
  name: 'embedded packages',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || isBuiltin(path) || path === ALWAYS_USED) return undefined;
      return { path, namespace: 'embedded' };
    });
    onLoad({ filter: /.*/, namespace: 'embedded' }, async ({ path }) => {
      const entryPoint = fileURLToPath(import.meta.resolve(path));
      const { outputFiles } = await build({ ...COMMON, entryPoints: [entryPoint], write: false });
      const names = Object.keys((await import(path)) as object).filter((name) => /^(?!default$)\w+$/.test(name));
      return { contents: evaluated(outputFiles[0]?.text ?? '', names), loader: 'js' };
    });
  },
};

/** A module that compiles `text`, a CommonJS bundle, and exports what it does. */
function evaluated(text: string, names: readonly string[]): string {
  return `const module = { exports: {} };
new Function('module', 'exports', 'require', '__filename', ${JSON.stringify(text)})(module, module.exports, require, __filename);
const exported = module.exports;
export default exported.__esModule ? exported.default : exported;
${names.map((name) => `export const ${name} = exported.${name};`).join('\n')}`;
}
