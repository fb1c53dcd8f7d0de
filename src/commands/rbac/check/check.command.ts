import { defineCommand } from '../../../command/command.ts';
import { contextsOptions } from '../../../command/contexts-options.ts';
import { outputOption } from '../../../command/list-options.ts';
import type { OptionModel } from '../../../command/option.ts';
import { partialOption, quietOption } from '../../../command/script-options.ts';
import { type RequiredAccess, TASKS } from '../../../domain/kserve/required-access.ts';
import { ExitCode } from '../../../errors.ts';
import { questionOptions, subjectOptions } from '../question/options.ts';

export const checkOptions = {
  for: {
    type: 'string',
    placeholder: 'TASK',
    choices: TASKS.map(({ name }) => name),
    completes: 'task',
    summary: `Check everything that a task needs: ${TASKS.map(({ name }) => name).join(', ')}`,
  },
  ...subjectOptions,
  ...questionOptions,
  list: { type: 'boolean', summary: 'List everything you may do in serving.kserve.io; for another account, what rbac matrix shows' },
  'report-excess': { type: 'boolean', summary: 'Also check for permissions beyond what the task needs' },
  optional: { type: 'boolean', summary: 'Also check, and grant, the permissions that are optional for the task' },
  'dry-run': { type: 'boolean', summary: 'Show what would be checked, and why, without asking the server' },
  wait: {
    type: 'string',
    placeholder: 'DURATION',
    summary: 'Keep asking until the answer is yes, for at most this long, such as 10s (the first request may take up to 5s regardless)',
  },
  ...quietOption,
  output: outputOption(['json', 'yaml', 'wide']),
  ...contextsOptions,
  ...partialOption,
} as const satisfies OptionModel;

const REVIEWS = 'authorization.k8s.io';
const RBAC = 'rbac.authorization.k8s.io';

function access(verb: string, group: string, resource: string, scope: RequiredAccess['scope'], reason: string): RequiredAccess {
  return { verbs: [verb], group, resource, scope, reason };
}

const needs: readonly RequiredAccess[] = [
  access('create', REVIEWS, 'selfsubjectaccessreviews', 'cluster', 'to ask what you may do; every user who is logged in may'),
  access('create', REVIEWS, 'selfsubjectrulesreviews', 'cluster', 'for --list and --report-excess; every user who is logged in may'),
  access('create', 'authentication.k8s.io', 'selfsubjectreviews', 'cluster', 'to tell who you are; every user who is logged in may'),
  access('create', REVIEWS, 'subjectaccessreviews', 'cluster', 'to ask about somebody else; without it weaker ways are tried'),
  access('create', REVIEWS, 'localsubjectaccessreviews', 'namespace', 'the second way to ask about somebody else'),
  access('impersonate', '', 'serviceaccounts', 'namespace', 'the third way, for --sa; for --for-user it is users at the cluster scope'),
  access(
    'list',
    RBAC,
    'clusterrolebindings',
    'cluster',
    'the last way: to evaluate the objects of RBAC here; also to say which names a role allows already',
  ),
  access('list', RBAC, 'rolebindings', 'namespace', 'the same'),
  access('list', RBAC, 'clusterroles', 'cluster', 'the same'),
  access('list', RBAC, 'roles', 'namespace', 'the same'),
  access('get', RBAC, 'clusterroles', 'cluster', 'to tell whether a role of the grant exists already; without it that stays open'),
  access('get', RBAC, 'roles', 'namespace', 'the same'),
  access('create', RBAC, 'clusterroles', 'cluster', 'to tell whether you may create the grant: a dry run of all of it'),
  access('create', RBAC, 'clusterrolebindings', 'cluster', 'the same'),
  access('create', RBAC, 'roles', 'namespace', 'the same'),
  access('create', RBAC, 'rolebindings', 'namespace', 'the same'),
  access('get', '', 'namespaces', 'namespace', 'to tell whether the namespaces of -n and of the grant exist; without it that stays open'),
  access(
    'get',
    '',
    'serviceaccounts',
    'namespace',
    'to tell whether the account of --sa exists, in its own namespace; without it that stays open',
  ),
  access(
    'get',
    'apps',
    'deployments',
    'namespace',
    "for --for administer: to find KServe's own namespace by its controller; without it it is taken to be kserve",
  ),
];

export const checkCommand = defineCommand({
  path: ['rbac', 'check'],
  aliases: [[], ['can-i']],
  summary: 'May I, may this ServiceAccount, and if not, what is missing',
  description:
    "Asks the cluster's own authorizer whether you, or another account, have the permissions that a task needs. Cluster-scoped kinds are always checked at the cluster scope, whatever -n says. Without a task or arguments it checks get, list and watch on both kinds of runtimes: most clients need all three, although runtimes list itself needs only list. If something is denied, the report ends with the smallest grant that allows it, for an administrator to paste. -n takes several namespaces, separated by commas; without it a ServiceAccount is checked in its own. With --for call you can name one model, as isvc/NAME or llmisvc/NAME. For a single question, stdout is yes, no or unknown, and a no is followed by the authorizer's reason. With --contexts the answers are one table, and stderr says what is denied; -o wide shows the whole report of each context, with its grant.",
  examples: [
    { does: 'What it takes to read runtimes here', words: 'rbac check' },
    { does: 'Permissions that it takes to deploy a model', words: 'rbac check --for deploy -n team-a' },
    { does: 'The same with optional permissions, such as for secrets', words: 'rbac check --for deploy --optional -n team-a' },
    { does: 'Permissions that it takes to call a model', words: 'rbac check --for call isvc/iris --sa team-a:client' },
    { does: 'One question', words: 'rbac check list clusterservingruntimes' },
    { does: 'Several questions', words: 'rbac check get,list,watch servingruntimes,clusterservingruntimes/kserve-mlserver -n team-a' },
    { does: 'One question, answered by the exit code, with the reason on stderr', words: 'rbac check list clusterservingruntimes -q' },
    { does: 'For a ServiceAccount', words: 'rbac check list servingruntimes --sa team-a:default-editor' },
    { does: 'In several clusters at once, as one table', words: "rbac check --contexts 'prod-*,staging'" },
    { does: 'Everything you may do with KServe here', words: 'rbac check --list' },
    { does: 'Whether an account has more than a task needs', words: 'rbac check --for deploy --sa team-a:bot --report-excess' },
  ],
  exitCodes: [
    [ExitCode.ok, 'every answer is yes'],
    [ExitCode.no, 'an answer is no, a kind is not installed, or --report-excess found something'],
    [ExitCode.undetermined, 'an answer could not be determined'],
    [ExitCode.partial, 'with --contexts: every answer is yes, but some contexts could not be asked'],
    [ExitCode.timedOut, '--wait ran out before every answer was yes'],
  ],
  options: checkOptions,
  positionals: {
    usage: '[VERB[,VERB] TYPE[/NAME][,TYPE] | VERB URL | TYPE/NAME]',
    minimum: 0,
    maximum: 2,
    completes: ['verb', 'resource'],
  },
  connects: true,
  notInContexts: ['wait', 'dry-run'],
  needs,
  load: () => import('./check.ts'),
});
