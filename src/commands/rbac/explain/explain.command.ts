import { defineCommand } from '../../../command/command.ts';
import { outputOption } from '../../../command/list-options.ts';
import type { OptionModel } from '../../../command/option.ts';
import { partialOption } from '../../../command/script-options.ts';
import { TASKS } from '../../../domain/kserve/required-access.ts';
import { ExitCode } from '../../../errors.ts';
import { questionOptions, subjectOptions } from '../question/options.ts';
import { explainNeeds } from '../question/rbac-needs.ts';

export const explainOptions = {
  for: {
    type: 'string',
    placeholder: 'TASK',
    choices: TASKS.map(({ name }) => name),
    completes: 'task',
    summary: 'Explain everything that a task needs',
  },
  ...subjectOptions,
  ...questionOptions,
  filename: {
    type: 'list',
    short: 'f',
    commas: false,
    placeholder: 'FILE',
    completes: 'file',
    summary:
      'Check whether you may apply the Roles and bindings in this file, folder or stdin (-), by a dry run on the server; may be repeated',
  },
  recursive: { type: 'boolean', short: 'R', summary: 'Also read the folders in a folder of --filename' },
  all: { type: 'boolean', summary: 'Show every near miss instead of the best three; so does -v=1' },
  output: outputOption(['json', 'yaml', 'mermaid']),
  ...partialOption,
} as const satisfies OptionModel;

export const explainCommand = defineCommand({
  path: ['rbac', 'explain'],
  aliases: [[], ['why']],
  summary: 'Why a request is allowed or not: the binding that grants it, or the field that keeps it from doing so',
  description:
    "Gives the authorizer's verdict first, as rbac check does. On a yes, it shows every binding that grants it, with its role, rule and subject. On a no, it searches the RBAC objects for near misses: a role or binding that would grant the request but for one or two fields, such as a RoleBinding in another namespace, a misspelt resource, or a group in the wrong case. Every suggested change is tried in memory first. Objects that you may not read are listed as not examined; if you may read none, it shows what access reviews reveal. With -, it reads errors from stdin, from kubectl or from the log of any program, and explains each RBAC refusal for the account that it names; it says what any other refusal is. Nothing in the cluster is changed.",
  examples: [
    { does: 'Why are no ClusterServingRuntimes listed', words: 'rbac explain list clusterservingruntimes' },
    { does: 'The same for a ServiceAccount', words: 'rbac explain list servingruntimes --sa team-a:catalogue -n team-a' },
    { does: 'About a subresource', words: 'rbac explain get isvc/iris --subresource=status --sa team-a:bot -n team-a' },
    { does: 'An error that you paste, or a log', words: 'rbac explain -' },
    { does: 'Whether you may apply these Roles and bindings', words: 'rbac explain -f role.yaml' },
    { does: 'A picture to paste into an issue', words: 'rbac explain list servingruntimes -n team-a -o mermaid' },
  ],
  exitCodes: [
    [ExitCode.ok, 'the answer is yes'],
    [ExitCode.no, 'the answer is no, the kind is not installed, or the pasted error is not an RBAC refusal'],
    [ExitCode.undetermined, 'the answer could not be determined'],
    [ExitCode.partial, 'with -f: some of the objects could not be tried'],
  ],
  options: explainOptions,
  positionals: {
    usage: '[VERB[,VERB] TYPE[/NAME][,TYPE] | VERB URL | TYPE/NAME | -]',
    minimum: 0,
    maximum: 2,
    completes: ['verb', 'resource'],
  },
  connects: true,
  needs: explainNeeds,
  load: () => import('./explain.ts'),
});
