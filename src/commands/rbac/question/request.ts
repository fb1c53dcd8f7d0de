import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import { connectionFlags } from '../../../command/connection-flags.ts';
import { parseNamespaces } from '../../../command/namespace.ts';
import type { OptionValues } from '../../../command/option.ts';
import { findTask, type RequiredAccess, RUNTIMES_NEEDS, type Task } from '../../../domain/kserve/required-access.ts';
import { findResource } from '../../../domain/kserve/resource-lookup.ts';
import { UsageError } from '../../../errors.ts';
import { type OtherSubject, parseSubject } from '../../../queries/asked-subject.ts';
import { refuseKubectlWords } from './kubectl-words.ts';
import type { questionOptions, subjectOptions } from './options.ts';
import { parseWords, type QuestionWords, splitList } from './words.ts';

type QuestionOptions = OptionValues<typeof questionOptions> & OptionValues<typeof subjectOptions> & { readonly for?: string | undefined };

/** What is asked: words of the user, or the rights of a task. */
type Asked =
  | { readonly kind: 'words'; readonly words: Pick<QuestionWords, 'verbs' | 'targets'> }
  | { readonly kind: 'needs'; readonly task: string | undefined; readonly needs: readonly RequiredAccess[] };

/** What is asked, about whom, and where: understood and checked before anything is sent. */
export interface QuestionRequest {
  readonly asked: Asked;
  /** Absent: the caller. */
  readonly subject: OtherSubject | undefined;
  readonly subresource: string | undefined;
  /** `['']`: all; undefined: that of the context. */
  readonly namespaces: readonly string[] | undefined;
  readonly acceptsUnknown: boolean;
  /** Ask what goes beyond a task too. */
  readonly reportExcess?: boolean;
}

function parseAsked(command: string, { options, words, connection }: CommandLine): Asked {
  const task = options.for ? findTask(options.for) : undefined;
  if (task === undefined && words.length > 0) {
    const parsed = parseWords(words);
    if (!options.allowUnknown) refuseKubectlWords(parsed, command, placeFlags(options, connection));
    return { kind: 'words', words: parsed };
  }
  if (options.subresource) throw new UsageError('--subresource needs a verb and a resource');
  return { kind: 'needs', task: task?.name, needs: narrowed(task, words) };
}

/** About whom and where, and on which cluster, as it was said. */
function placeFlags(options: QuestionOptions, connection: ConnectionOptions): readonly string[] {
  return [
    ...(options.sa === undefined ? [] : [`--sa=${options.sa}`]),
    ...(options.forUser === undefined ? [] : [`--for-user=${options.forUser}`]),
    ...options.forGroup.map((group) => `--for-group=${group}`),
    ...(options.allNamespaces ? ['-A'] : []),
    ...(connection.namespace === undefined ? [] : ['-n', connection.namespace]),
    ...connectionFlags(connection),
  ];
}

/** The same question as the words of another command that asks one. */
export function questionWords({ options, words, connection }: CommandLine): readonly string[] {
  const flags = [
    ...(options.subresource ? [`--subresource=${options.subresource}`] : []),
    ...(options.allowUnknown ? ['--allow-unknown'] : []),
    ...placeFlags(options, connection),
  ];
  return words.some((word) => word.startsWith('-')) ? [...flags, '--', ...words] : [...words, ...flags];
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

function parseScope(options: QuestionOptions, connection: ConnectionOptions): readonly string[] | undefined {
  const given = connection.namespace ? parseNamespaces(connection.namespace) : undefined;
  return options.allNamespaces ? [''] : given;
}

/** A command line as the parser gives it. */
interface CommandLine {
  readonly options: QuestionOptions;
  readonly words: readonly string[];
  readonly connection: ConnectionOptions;
}

/** Options and words → what to ask. `command` is named in hints, such as `rbac check`. @throws UsageError */
export function parseQuestion(command: string, line: CommandLine): QuestionRequest {
  const { options, connection } = line;
  return {
    subject: parseSubject(options),
    asked: parseAsked(command, line),
    subresource: options.subresource || undefined,
    namespaces: parseScope(options, connection),
    acceptsUnknown: options.allowUnknown,
  };
}
