import type { OptionModel } from './option.ts';

/** For commands that answer by their exit code. `cli/run.ts` acts on it; a command that has its reason on stdout moves it to stderr. */
export const quietOption = {
  quiet: {
    type: 'count',
    short: 'q',
    summary: 'Print nothing on stdout: the exit code is the answer, and stderr says why; -qq is silent',
  },
} as const satisfies OptionModel;

/** For commands that may end in 4. `cli/run.ts` acts on it. */
export const partialOption = {
  'partial-ok': {
    type: 'boolean',
    summary: 'Exit 0 instead of 4: what could be read is enough; stderr says what could not',
  },
} as const satisfies OptionModel;
