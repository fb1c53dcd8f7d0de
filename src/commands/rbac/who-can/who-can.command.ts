import { defineCommand } from '../../../command/command.ts';
import { outputOption } from '../../../command/list-options.ts';
import type { OptionModel } from '../../../command/option.ts';
import { partialOption } from '../../../command/script-options.ts';
import { ExitCode } from '../../../errors.ts';
import { questionOptions } from '../question/options.ts';
import { whoCanNeeds } from '../question/rbac-needs.ts';

export const whoCanOptions = {
  ...questionOptions,
  'all-namespaces': {
    type: 'boolean',
    short: 'A',
    summary: 'Everyone who is allowed in any namespace: in all of them, or in some by a RoleBinding',
  },
  output: outputOption(['wide', 'json', 'yaml', 'name']),
  ...partialOption,
} as const satisfies OptionModel;

export const whoCanCommand = defineCommand({
  path: ['rbac', 'who-can'],
  aliases: [[], ['whocan']],
  summary: 'List who RBAC allows to make a request: users, groups and ServiceAccounts, with the binding that grants it',
  description:
    'Evaluates the roles and bindings that you may list, as the API server does, including names, subresources, wildcards, aggregated roles and verbs such as bind, escalate and impersonate. A group stands for all its members. Members of system:masters may do everything, and authorizers other than RBAC are not considered. If some objects cannot be read, the accounts found are shown and the exit code is 4.',
  examples: [
    { does: 'Who may list ServingRuntimes here', words: 'rbac who-can list servingruntimes -n team-a' },
    { does: 'Who may read one Secret', words: 'rbac who-can get secrets/storage-config -n team-a' },
    { does: 'Who may write the status of InferenceServices anywhere', words: 'rbac who-can update isvc --subresource=status -A -o wide' },
  ],
  exitCodes: [
    [ExitCode.ok, 'someone is allowed, and all relevant objects were read'],
    [ExitCode.no, 'no one is allowed'],
    [ExitCode.undetermined, 'no bindings or no roles could be read'],
    [ExitCode.partial, 'some relevant objects could not be read'],
  ],
  options: whoCanOptions,
  positionals: { usage: 'VERB TYPE[/NAME] | VERB URL', minimum: 2, maximum: 2, completes: ['verb', 'resource'] },
  connects: true,
  needs: whoCanNeeds,
  load: () => import('./who-can.ts'),
});
