// Makes dist/kubectl-kserve.cjs: the whole program in one file, for the packaged binaries and the launchers in plugin/.
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;

await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/kubectl-kserve.cjs',
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
});
