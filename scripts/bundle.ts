// Makes dist/bundle/: the program for Node, minified, which the launchers in plugin/ start. The packaged programs hold the same packs.
import { fileURLToPath } from 'node:url';
import { buildProgram } from './bundle/build.ts';
import { writeBundle } from './bundle/write-bundle.ts';

const { packs } = await buildProgram();
await writeBundle(fileURLToPath(new URL('../dist/bundle', import.meta.url)), packs);
