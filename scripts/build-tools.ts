// `npm run build:tools`: builds all Go programs that tests and releases need, unless they are in the cache. The ones that take longest
// come last: a run of tests that starts beside it waits for what it needs and for nothing else.
import {
  actionlintBinary,
  controlPlaneBinaries,
  exampleProgram,
  krewBinaries,
  kserveBinaries,
  quillBinary,
} from '../tools/control-plane/binaries.ts';

const STEPS = [
  ['control plane', controlPlaneBinaries],
  ['krew', krewBinaries],
  ['quill', quillBinary],
  ['actionlint', actionlintBinary],
  ['KServe', kserveBinaries],
  ['example of docs/for-programs.md', exampleProgram],
] as const;

for (const [name, build] of STEPS) {
  const start = Date.now();
  const tools = await build();
  if (tools.kind === 'unavailable') {
    process.stderr.write(`error: ${tools.reason}\nhint: install Go 1.26 or newer (https://go.dev/dl/), then run this again\n`);
    process.exitCode = 1;
    break;
  }
  process.stderr.write(`${name}: ready after ${Math.round((Date.now() - start) / 1_000)} s\n`);
}
