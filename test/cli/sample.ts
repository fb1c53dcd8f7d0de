import type { Catalogue } from '../../src/cli/parse/tree.ts';
import { defineCommand } from '../../src/command/command.ts';
import type { Context } from '../../src/command/context.ts';
import { listOptions, outputOption } from '../../src/command/list-options.ts';
import type { OptionModel } from '../../src/command/option.ts';
import { ExitCode } from '../../src/errors.ts';

/** A command that has every type of option, and notes what it was called with. */
export const sampleOptions = {
  ...listOptions,
  output: outputOption(['wide', 'json', 'yaml', 'name']),
  scope: { type: 'string', placeholder: 'SCOPE', choices: ['all', 'namespace', 'cluster'], default: 'all', summary: 'Which scopes' },
  watch: { type: 'boolean', short: 'w', summary: 'Go on' },
} as const satisfies OptionModel;

export interface Call {
  readonly options: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
}

/** `runtimes list [NAME...]` and `rbac check VERB RESOURCE`, which answer nothing and tell `onRun`. */
export function sampleCatalogue(onRun: (call: Call) => ExitCode | Promise<ExitCode> = () => ExitCode.ok): Catalogue {
  const load = async () => ({
    run: async (_: Context, options: object, words: readonly string[]) => onRun({ options: { ...options }, words }),
  });
  const list = defineCommand({
    path: ['runtimes', 'list'],
    aliases: [
      ['runtime', 'rt'],
      ['get', 'ls'],
    ],
    summary: 'List runtimes',
    description: 'Lists runtimes of a namespace and those of the cluster.',
    examples: [
      { does: 'Those of the namespace in use', words: 'runtimes list' },
      { does: 'All', words: 'runtimes list -A' },
    ],
    options: sampleOptions,
    positionals: { usage: '[NAME...]', minimum: 0, maximum: 3, completes: ['verb'] },
    connects: true,
    needs: [],
    load,
  });
  const check = defineCommand({
    path: ['rbac', 'check'],
    aliases: [[], []],
    summary: 'Ask',
    description: 'Asks.',
    examples: [],
    exitCodes: [
      [ExitCode.timedOut, 'never came, though it was waited for, and waited, and waited for, as long as anybody would wait for it'],
      [ExitCode.ok, 'yes'],
    ],
    options: { groups: { type: 'list', commas: true, placeholder: 'G,...', summary: 'Groups', completes: 'task' } },
    positionals: { usage: 'VERB RESOURCE', minimum: 2, maximum: 2 },
    connects: false,
    needs: [],
    load,
  });
  return {
    groups: [
      { word: 'runtimes', aliases: ['runtime', 'rt'], summary: 'Look at runtimes' },
      { word: 'rbac', aliases: [], summary: 'Ask about rights' },
    ],
    commands: [list, check],
    examples: [{ does: 'The first thing', words: 'runtimes list' }],
  };
}
