import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import type { OptionValues } from '../../../command/option.ts';
import { UsageError } from '../../../errors.ts';
import { type OtherSubject, parseSubject } from '../../../queries/asked-subject.ts';
import { parseWait } from '../../wait.ts';
import { parseQuestion, type QuestionRequest, questionWords } from '../question/request.ts';
import type { checkOptions } from './check.command.ts';

type CheckOptions = OptionValues<typeof checkOptions>;

/** The command line, understood and checked before anything is sent. */
export interface CheckRequest extends QuestionRequest {
  readonly mode: 'ask' | 'list' | 'matrix' | 'dry-run';
  /** What a task can do without counts too. */
  readonly countsOptional: boolean;
  readonly reportExcess: boolean;
  /** Milliseconds; undefined: ask once. */
  readonly wait: number | undefined;
  readonly quiet: boolean;
  /** `rbac explain` with the same question. */
  readonly explainWords: readonly string[];
  readonly format: 'table' | 'wide' | 'json' | 'yaml';
}

function checkListFlags(options: CheckOptions, words: readonly string[]): void {
  if (words.length > 0) throw new UsageError('list option must be specified with neither resources nor verbs');
  const clashes: readonly (readonly [string, unknown])[] = [
    ['--for', options.for],
    ['--all-namespaces', options.allNamespaces],
    ['--quiet', options.quiet > 0],
    ['--report-excess', options.reportExcess],
    ['--optional', options.optional],
    ['--dry-run', options.dryRun],
    ['--wait', options.wait],
    ['--subresource', options.subresource],
  ];
  const clash = clashes.find(([, value]) => value !== undefined && value !== false && value !== '');
  if (clash !== undefined) throw new UsageError(`--list and ${clash[0]} can't be specified together`);
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
    checkListFlags(options, words);
    // Nobody can have the rules of another account listed.
    return subject === undefined ? 'list' : 'matrix';
  }
  checkTaskFlags(options, words);
  return options.dryRun ? 'dry-run' : 'ask';
}

function parseFormat(text: string | undefined): CheckRequest['format'] {
  return text === 'json' || text === 'yaml' || text === 'wide' ? text : 'table';
}

/** Options and words → what to do. @throws UsageError */
export function parseCheck(options: CheckOptions, words: readonly string[], connection: ConnectionOptions): CheckRequest {
  const line = { options, words, connection };
  const mode = modeOf(options, words, parseSubject(options));
  return {
    ...parseQuestion('rbac check', line),
    mode,
    countsOptional: options.optional,
    reportExcess: options.reportExcess,
    wait: options.wait ? parseWait(options.wait) : undefined,
    quiet: options.quiet > 0,
    explainWords: ['rbac', 'explain', ...questionWords(line)],
    format: parseFormat(options.output),
  };
}
