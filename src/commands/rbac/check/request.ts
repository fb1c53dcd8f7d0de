import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import { connectionFlags } from '../../../command/connection-flags.ts';
import { parseNamespaces } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import { findTask, type RequiredAccess, RUNTIMES_NEEDS, type Task } from '../../../domain/kserve/required-access.ts';
import { findResource } from '../../../domain/kserve/resource-lookup.ts';
import { UsageError } from '../../../errors.ts';
import { type OtherSubject, parseSubject } from '../../../queries/asked-subject.ts';
import { refuseKubectlWords } from '../question/kubectl-words.ts';
import { parseWords, type QuestionWords, splitList } from '../question/words.ts';
import type { checkOptions } from './check.command.ts';
import { parseWait } from './wait.ts';

type CheckOptions = OptionValues<typeof checkOptions>;

/** What is asked: words of the user, or the rights of a task. */
type Asked =
  | { readonly kind: 'words'; readonly words: Pick<QuestionWords, 'verbs' | 'targets'> }
  | { readonly kind: 'needs'; readonly task: string | undefined; readonly needs: readonly RequiredAccess[] };

/** The command line, understood and checked before anything is sent. */
export interface CheckRequest {
  readonly mode: 'ask' | 'list' | 'dry-run';
  readonly asked: Asked;
  readonly subject: OtherSubject | undefined;
  readonly subresource: string | undefined;
  /** `['']`: all; undefined: that of the context. */
  readonly namespaces: readonly string[] | undefined;
  readonly acceptsUnknown: boolean;
  /** What a task can do without counts too. */
  readonly countsOptional: boolean;
  readonly reportExcess: boolean;
  /** Milliseconds; undefined: ask once. */
  readonly wait: number | undefined;
  readonly quiet: boolean;
  readonly format: 'table' | 'wide' | 'json' | 'yaml';
}

function parseAsked(options: CheckOptions, words: readonly string[], connection: ConnectionOptions): Asked {
  const task = options.for ? findTask(options.for) : undefined;
  if (task === undefined && words.length > 0) {
    const parsed = parseWords(words);
    if (!options.allowUnknown) refuseKubectlWords(parsed, 'rbac check', placeFlags(options, connection));
    return { kind: 'words', words: parsed };
  }
  if (options.subresource) throw new UsageError('--subresource needs a verb and a resource');
  return { kind: 'needs', task: task?.name, needs: narrowed(task, words) };
}

/** About whom and where, and on which cluster, as it was said. */
function placeFlags(options: CheckOptions, connection: ConnectionOptions): readonly string[] {
  return [
    ...(options.sa === undefined ? [] : [`--sa=${options.sa}`]),
    ...(options.forUser === undefined ? [] : [`--for-user=${options.forUser}`]),
    ...options.forGroup.map((group) => `--for-group=${group}`),
    ...(options.allNamespaces ? ['-A'] : []),
    ...(connection.namespace === undefined ? [] : ['-n', connection.namespace]),
    ...connectionFlags(connection),
  ];
}

/** The needs of a task, or of one object that the words name. @throws UsageError for a task that is about no object */
function narrowed(task: Task | undefined, words: readonly string[]): readonly RequiredAccess[] {
  const needs = task?.needs ?? RUNTIMES_NEEDS;
  if (words.length === 0) return needs;
  if (task?.name !== 'call') throw new UsageError('--for names what is asked: no verb and resource can be given with it');
  return splitList(words.join(',')).map((word) => {
    const [type = '', name = '', ...rest] = word.split('/');
    const found = findResource(type, undefined);
    const need = found.kind === 'found' ? needs.find(({ resource }) => resource === found.resource.plural) : undefined;
    if (need === undefined || name === '' || rest.length > 0)
      throw new UsageError(`${JSON.stringify(word)} is not a model to call: name it as isvc/NAME or llmisvc/NAME`);
    const { ifServed: _, ...always } = need;
    return { ...always, name };
  });
}

function checkListFlags(options: CheckOptions, words: readonly string[], subject: OtherSubject | undefined): void {
  if (words.length > 0) throw new UsageError('list option must be specified with neither resources nor verbs');
  const clashes: readonly (readonly [string, unknown])[] = [
    ['--for', options.for],
    ['--all-namespaces', options.allNamespaces],
    ['--quiet', options.quiet],
    ['--report-excess', options.reportExcess],
    ['--optional', options.optional],
    ['--dry-run', options.dryRun],
    ['--wait', options.wait],
    ['--subresource', options.subresource],
  ];
  const clash = clashes.find(([, value]) => value !== undefined && value !== false && value !== '');
  if (clash !== undefined) throw new UsageError(`--list and ${clash[0]} can't be specified together`);
  if (subject !== undefined) throw new UsageError('--list shows your own rights only: act as the other account with --as');
}

const TASK_FLAGS = [
  ['reportExcess', '--report-excess compares with a task: use it with --for'],
  ['optional', '--optional is about what a task can do without: use it with --for'],
  ['dryRun', '--dry-run shows a task: use it with --for'],
] as const;

function checkTaskFlags(options: CheckOptions, words: readonly string[]): void {
  const wrong = options.for || words.length === 0 ? undefined : TASK_FLAGS.find(([flag]) => options[flag]);
  if (wrong !== undefined) throw new UsageError(wrong[1]);
}

function modeOf(options: CheckOptions, words: readonly string[], subject: OtherSubject | undefined): CheckRequest['mode'] {
  if (options.list) {
    checkListFlags(options, words, subject);
    return 'list';
  }
  checkTaskFlags(options, words);
  return options.dryRun ? 'dry-run' : 'ask';
}

function parseScope(options: CheckOptions, connection: ConnectionOptions): readonly string[] | undefined {
  const given = connection.namespace ? parseNamespaces(connection.namespace) : undefined;
  return options.allNamespaces ? [''] : given;
}

function parseFormat(text: string | undefined): CheckRequest['format'] {
  return text === 'json' || text === 'yaml' || text === 'wide' ? text : 'table';
}

/** Options and words → what to do. @throws UsageError */
export function parseCheck(options: CheckOptions, words: readonly string[], connection: ConnectionOptions): CheckRequest {
  const subject = parseSubject(options);
  return {
    mode: modeOf(options, words, subject),
    asked: parseAsked(options, words, connection),
    subject,
    subresource: options.subresource || undefined,
    namespaces: parseScope(options, connection),
    acceptsUnknown: options.allowUnknown,
    countsOptional: options.optional,
    reportExcess: options.reportExcess,
    wait: options.wait ? parseWait(options.wait) : undefined,
    quiet: options.quiet,
    format: parseFormat(options.output),
  };
}
