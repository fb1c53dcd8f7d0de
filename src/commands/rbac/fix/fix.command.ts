import { defineCommand } from '../../../command/command.ts';
import { outputOption } from '../../../command/list-options.ts';
import type { OptionModel } from '../../../command/option.ts';
import { TASKS } from '../../../domain/kserve/required-access.ts';
import { ExitCode } from '../../../errors.ts';
import { questionOptions, subjectOptions } from '../question/options.ts';
import { fixNeeds } from '../question/rbac-needs.ts';

export const fixOptions = {
  for: {
    type: 'string',
    placeholder: 'TASK',
    choices: TASKS.map(({ name }) => name),
    completes: 'task',
    summary: 'Grant all that a task needs',
  },
  ...subjectOptions,
  ...questionOptions,
  alternative: { type: 'integer', placeholder: 'N', minimum: 1, summary: 'Print this alternative, and not the one that gives least' },
  'subject-group': { type: 'string', placeholder: 'GROUP', summary: 'Grant it to this group of the account, and not to the account' },
  output: outputOption(['yaml', 'json', 'commands']),
} as const satisfies OptionModel;

export const fixCommand = defineCommand({
  path: ['rbac', 'fix'],
  aliases: [[], []],
  summary: 'The smallest change of roles and bindings that allows what was refused',
  description:
    'Prints the objects that allow it as YAML for kubectl apply -f -, and on stderr how much each alternative gives and to whom. Alternatives are: to repair the field that is wrong, to add the account to a binding, a new role with its binding, and a change of a role or aggregated role that others have too. The one that gives least beyond the question is printed, of those that you may apply yourself if there are any: that is tried by a dry run on the server. Nothing is changed. If all is allowed already an empty List is printed.',
  examples: [
    { does: 'Let an application list ServingRuntimes', words: 'rbac fix list servingruntimes --sa team-a:catalogue -n team-a' },
    { does: 'As commands to paste', words: 'rbac fix list clusterservingruntimes --sa team-a:catalogue -o commands' },
    { does: 'All that a task needs, to a group', words: 'rbac fix --for deploy -n team-a --for-user ana --subject-group ml' },
  ],
  exitCodes: [
    [ExitCode.ok, 'what is printed allows it, or all is allowed already'],
    [ExitCode.no, 'no change of RBAC helps'],
    [ExitCode.undetermined, 'whether it is allowed could not be determined'],
  ],
  options: fixOptions,
  positionals: {
    usage: '[VERB[,VERB] TYPE[/NAME][,TYPE] | VERB URL | TYPE/NAME]',
    minimum: 0,
    maximum: 2,
    completes: ['verb', 'resource'],
  },
  connects: true,
  needs: fixNeeds,
  load: () => import('./fix.ts'),
});
