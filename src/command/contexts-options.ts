import type { OptionModel } from './option.ts';

/** For commands that may ask in several contexts at once. `cli/run.ts` acts on them, so that a command runs once per context. */
export const contextsOptions = {
  contexts: {
    type: 'list',
    commas: true,
    placeholder: 'PATTERN,...',
    completes: 'context',
    summary:
      "Ask in all contexts of the kubeconfig whose names match, at once: * stands for any characters, ? for one, as in 'prod-*,staging'",
  },
  'all-contexts': { type: 'boolean', summary: "Ask in all contexts of the kubeconfig: the same as --contexts='*'" },
} as const satisfies OptionModel;
