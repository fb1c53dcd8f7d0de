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
    summary: 'Grant everything that a task needs',
  },
  ...subjectOptions,
  ...questionOptions,
  alternative: { type: 'integer', placeholder: 'N', minimum: 1, summary: 'Print this alternative instead of the smallest grant' },
  'subject-group': { type: 'string', placeholder: 'GROUP', summary: 'Grant it to this group of the account instead of the account itself' },
  output: outputOption(['yaml', 'json', 'commands']),
} as const satisfies OptionModel;

export const fixCommand = defineCommand({
  path: ['rbac', 'fix'],
  aliases: [[], []],
  summary: 'The smallest change of roles and bindings that allows what was refused',
  description:
    'Prints, as YAML for kubectl apply -f -, the objects that allow a request, and on stderr what each alternative grants and to whom. An alternative repairs a wrong field, adds the account to a binding, creates a role and its binding, or changes a role that other accounts have too. The smallest grant is printed, preferring one that you may apply yourself, which is tested by a dry run on the server. Nothing in the cluster is changed. If everything is allowed already, the List holds one object that changes nothing, because kubectl apply fails on an empty List: the binding that grants it, if kubectl applied it unchanged, or a SelfSubjectRulesReview, which the server does not store. If you may apply neither, the List is empty. With -o commands nothing is printed.',
  examples: [
    { does: 'Let an application list ServingRuntimes', words: 'rbac fix list servingruntimes --sa team-a:catalogue -n team-a' },
    { does: 'As commands to paste', words: 'rbac fix list clusterservingruntimes --sa team-a:catalogue -o commands' },
    { does: 'In a script that can be run again', words: 'rbac fix list servingruntimes --sa team-a:catalogue -o commands | bash -e' },
    {
      does: 'Everything that a task needs, granted to a group',
      words: 'rbac fix --for deploy -n team-a --for-user ana --subject-group ml',
    },
  ],
  exitCodes: [
    [ExitCode.ok, 'the printed objects allow it, or everything is allowed already'],
    [ExitCode.no, 'no RBAC change helps'],
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
