import { defineCommand } from '../../../command/command.ts';
import { outputOption } from '../../../command/list-options.ts';
import type { OptionModel } from '../../../command/option.ts';
import { partialOption } from '../../../command/script-options.ts';
import { ExitCode } from '../../../errors.ts';

export const runtimesDescribeOptions = {
  filename: {
    type: 'list',
    short: 'f',
    commas: true,
    placeholder: 'FILE',
    completes: 'file',
    summary: 'Describe the runtimes in these files, folders, or - for stdin; no cluster is asked',
  },
  recursive: { type: 'boolean', short: 'R', summary: 'With -f, also read the folders in folders' },
  output: outputOption(['json', 'yaml']),
  ...partialOption,
} as const satisfies OptionModel;

export const runtimesDescribeCommand = defineCommand({
  path: ['runtimes', 'describe'],
  aliases: [
    ['runtime', 'rt'],
    ['desc', 'show'],
  ],
  summary: 'Show a serving runtime in full, who uses it, and what is wrong with it',
  description:
    'Describes ServingRuntimes of the namespace and ClusterServingRuntimes: the priority that counts for each model format, protocols, containers, settings of the Pods, the InferenceServices whose status names it (KServe 0.16 or newer), events and findings. A bare name is looked for in both scopes.',
  examples: [
    { does: 'A runtime of either scope', words: 'runtimes describe kserve-mlserver' },
    { does: 'The one of a namespace', words: 'runtimes describe servingruntime/my-sklearn -n team-a' },
    { does: 'Before you apply it', words: 'runtimes describe -f runtime.yaml' },
    { does: 'For a program', words: 'runtimes describe kserve-mlserver -o json' },
  ],
  exitCodes: [
    [ExitCode.ok, 'all is shown'],
    [ExitCode.no, 'there is no such runtime'],
    [ExitCode.undetermined, 'it could not be read, or KServe is not installed'],
    [ExitCode.partial, 'it is shown, but who uses it, its events or other runtimes could not be read'],
  ],
  options: runtimesDescribeOptions,
  positionals: { usage: '[NAME...]', minimum: 0, maximum: 100, completes: ['runtime'] },
  connects: true,
  needs: [
    {
      verbs: ['get', 'list'],
      group: 'serving.kserve.io',
      resource: 'servingruntimes',
      scope: 'namespace',
      reason: 'to read the runtime; list to compare it with others',
    },
    {
      verbs: ['get', 'list'],
      group: 'serving.kserve.io',
      resource: 'clusterservingruntimes',
      scope: 'cluster',
      reason: 'to read the runtime; list to compare it with others',
    },
    {
      verbs: ['list'],
      group: 'serving.kserve.io',
      resource: 'inferenceservices',
      scope: 'namespace',
      reason: 'to show who uses it; in all namespaces for a cluster-scoped one',
      optional: true,
    },
    { verbs: ['list'], group: '', resource: 'events', scope: 'namespace', reason: 'to show its events', optional: true },
  ],
  load: () => import('./describe.ts'),
});
