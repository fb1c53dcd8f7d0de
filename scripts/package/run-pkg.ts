// `pkg --sea` for one file and its assets, with options that pkg's command line does not pass on. A process of its own, because pkg
// reads HOME and TMPDIR and changes the working directory.
import sea from '@yao-pkg/pkg/lib-es5/sea.js';
import { NODE_OPTIONS } from './node-options.ts';
import type { PkgPlan } from './pkg.ts';

const { entry, main, assets, targets } = JSON.parse(process.argv[2] ?? '') as PkgPlan;

await sea.default(entry, {
  targets,
  signature: false,
  seaConfig: {
    main,
    assets,
    execArgv: NODE_OPTIONS,
    // Otherwise NODE_OPTIONS of whoever runs kubectl would act on the plugin, down to loading foreign code.
    execArgvExtension: 'none',
  },
} as unknown as Parameters<typeof sea.default>[1]);
