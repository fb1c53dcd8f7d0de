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
    'Asks the API server about every verb of every kind: cluster-scoped kinds at the cluster scope, the others in the namespace. If you may not ask about another account, it evaluates the RBAC objects that you may read, and says so. With -o wide it shows the binding that grants each yes.',
  examples: [
    { does: 'What may I do with KServe here', words: 'rbac matrix' },
    { does: 'What may this ServiceAccount do, and by which bindings', words: 'rbac matrix --sa team-a:default-editor -o wide' },
    { does: 'With every kind of the cluster', words: 'rbac matrix --sa team-a:default-editor --all-kinds' },
  ],
  exitCodes: [
    [ExitCode.ok, 'every answer is known'],
    [ExitCode.undetermined, 'no question could be answered'],
    [ExitCode.partial, 'some questions could not be answered'],
  ],
  options: matrixOptions,
  connects: true,
  needs: matrixNeeds,
  load: () => import('./matrix.ts'),
});
