import { defineCommand } from '../../../command/command.ts';
import { contextsOptions } from '../../../command/contexts-options.ts';
import { outputOption } from '../../../command/list-options.ts';
import type { OptionModel } from '../../../command/option.ts';
import { partialOption, quietOption } from '../../../command/script-options.ts';
import { ExitCode } from '../../../errors.ts';
import { MATCH_FORMATS } from './output-format.ts';

export const runtimesMatchOptions = {
  filename: {
    type: 'list',
    short: 'f',
    commas: true,
    placeholder: 'FILE',
    completes: 'file',
    summary: 'InferenceServices and runtimes to check: files, folders, or - for stdin; runtimes count as if they had been applied',
  },
  recursive: { type: 'boolean', short: 'R', summary: 'With -f, also read the folders in folders' },
  offline: { type: 'boolean', summary: 'Do not contact a cluster: use only the files of -f' },
  'all-namespaces': { type: 'boolean', short: 'A', summary: 'InferenceServices of all namespaces; wins over --namespace' },
  'model-format': {
    type: 'string',
    placeholder: 'NAME[:VERSION]',
    completes: 'model-format',
    summary: 'Check a model of this format instead of an InferenceService; name and version are compared as text',
  },
  protocol: {
    type: 'string',
    placeholder: 'PROTOCOL',
    completes: 'protocol',
    summary: 'With --model-format: the protocolVersion to ask for',
  },
  runtime: {
    type: 'string',
    placeholder: 'NAME',
    completes: 'runtime',
    summary: 'With --model-format: the runtime that the model asks for by name',
  },
  'multi-node': { type: 'boolean', summary: 'With --model-format: the predictor has a workerSpec' },
  all: { type: 'boolean', summary: 'Also show runtimes of unrelated model formats' },
  'no-headers': { type: 'boolean', summary: 'Leave out the header lines' },
  ...quietOption,
  output: outputOption(MATCH_FORMATS),
  ...contextsOptions,
  ...partialOption,
} as const satisfies OptionModel;

export const runtimesMatchCommand = defineCommand({
  path: ['runtimes', 'match'],
  aliases: [
    ['runtime', 'rt'],
    ['pick', 'select'],
  ],
  summary: 'Show which runtime KServe picks for an InferenceService, and why not the others',
  description:
    'Selects a runtime as KServe 0.15 to 0.20 does, for InferenceServices in the cluster or in files, or for a model format. It shows every runtime that serves the model format or one like it, and every reason why KServe does not choose it. A fix is printed only after it has been tried out. Manifests get the defaults that KServe would set; objects with a uid come from a cluster and are used as they are. If something that you may not read could change the answer, the answer is "undecided", never "none".',
  examples: [
    { does: 'Every InferenceService of the current namespace', words: 'runtimes match' },
    { does: 'Two of them', words: 'runtimes match sklearn-iris isvc/bert -n team-a' },
    { does: 'Before you apply it', words: 'runtimes match -f isvc.yaml' },
    { does: 'The output of helm template', words: 'runtimes match -f -' },
    { does: 'In CI, as JUnit; also sarif and github', words: 'runtimes match -f k8s/ -o junit' },
    { does: 'Every InferenceService of several clusters, one line each', words: "runtimes match --contexts 'prod-*,staging'" },
    { does: 'In a script: only the exit code', words: 'runtimes match -f isvc.yaml -q' },
    { does: 'For a model format, without a manifest', words: 'runtimes match --model-format sklearn:1 --protocol v2' },
    { does: 'From files alone, as JSON', words: 'runtimes match -f models/ -f runtimes/ --offline -o json' },
  ],
  exitCodes: [
    [ExitCode.ok, 'every InferenceService gets a runtime, or needs none'],
    [ExitCode.no, 'an InferenceService gets no runtime, has no predictor, or does not exist'],
    [ExitCode.undetermined, 'the answer depends on something that could not be read, or KServe is not installed'],
    [ExitCode.partial, 'with --contexts: the same for some contexts only'],
  ],
  options: runtimesMatchOptions,
  positionals: {
    usage: '[NAME...]',
    minimum: 0,
    maximum: 1000,
    completes: ['inference-service'],
  },
  connects: true,
  notInContexts: ['offline'],
  needs: [
    {
      verbs: ['list'],
      group: 'serving.kserve.io',
      resource: 'servingruntimes',
      scope: 'namespace',
      reason: 'to know the runtimes of the namespace',
    },
    {
      verbs: ['list'],
      group: 'serving.kserve.io',
      resource: 'clusterservingruntimes',
      scope: 'cluster',
      reason: 'to know the runtimes that all namespaces share; not needed where a namespaced one fits',
    },
    {
      verbs: ['get', 'list'],
      group: 'serving.kserve.io',
      resource: 'inferenceservices',
      scope: 'namespace',
      reason: 'to read the InferenceServices: get for those that are named, list for all; not needed with -f or --model-format',
      optional: true,
    },
  ],
  load: () => import('./match.ts'),
});
