import { defineCommand } from '../../../command/command.ts';
import { outputOption } from '../../../command/list-options.ts';
import type { OptionModel } from '../../../command/option.ts';
import { partialOption } from '../../../command/script-options.ts';
import { ExitCode } from '../../../errors.ts';
import { questionOptions, subjectOptions } from '../question/options.ts';
import { matrixNeeds } from '../question/rbac-needs.ts';

export const matrixOptions = {
  ...subjectOptions,
  'all-namespaces': questionOptions['all-namespaces'],
  'all-kinds': { type: 'boolean', summary: "Every kind that the server serves, not only KServe's" },
  output: outputOption(['wide', 'json', 'yaml']),
  ...partialOption,
} as const satisfies OptionModel;

export const matrixCommand = defineCommand({
  path: ['rbac', 'matrix'],
  aliases: [[], []],
  summary: 'All that an account may do: kinds and verbs of a namespace and of the cluster',
  description:
    'Asks an access review for each kind and each verb that it has: kinds that are cluster-scoped at the cluster scope, the others in the namespace. Where reviews about another account are not permitted, the RBAC objects are evaluated here, and that is said. With -o wide each yes is the binding that grants it.',
  examples: [
    { does: 'What may I do with KServe here', words: 'rbac matrix' },
    { does: 'What may this ServiceAccount do, and by which bindings', words: 'rbac matrix --sa team-a:default-editor -o wide' },
    { does: 'With every kind of the cluster', words: 'rbac matrix --sa team-a:default-editor --all-kinds' },
  ],
  exitCodes: [
    [ExitCode.ok, 'every answer is known'],
    [ExitCode.undetermined, 'no answer could be had'],
    [ExitCode.partial, 'some answers could not be had'],
  ],
  options: matrixOptions,
  connects: true,
  needs: matrixNeeds,
  load: () => import('./matrix.ts'),
});
