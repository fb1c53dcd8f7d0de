import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { grantedBy } from '../../../domain/rbac/allow-reason.ts';
import { sortVerbs } from '../../../domain/rbac/grant-rule.ts';
import { type AnsweredQuestion, questionResource } from '../../../domain/rbac/question.ts';
import { type Answer, answerOf } from '../../../domain/rbac/verdict.ts';
import type { Column, Tone, View } from '../../../output/table.ts';

/** A resource in one place, with the answers about it by verb. */
export interface MatrixRow {
  readonly resource: string;
  readonly scope: string;
  readonly name: string;
  readonly installed: string;
  readonly optional: boolean;
  readonly byVerb: ReadonlyMap<string, AnsweredQuestion>;
}

const CELLS = { yes: 'yes', no: 'no', unknown: '?' } as const;

function scopeCell({ request, kind }: AnsweredQuestion): string {
  if (isUrlRequest(request)) return '<none>';
  if (kind?.namespaced === false) return 'cluster';
  return request.namespace === '' ? '<all>' : request.namespace;
}

function rowOf(questions: readonly AnsweredQuestion[]): MatrixRow {
  const [first] = questions as readonly [AnsweredQuestion];
  const { request } = first;
  return {
    resource: questionResource(request),
    scope: scopeCell(first),
    name: isUrlRequest(request) ? '' : (request.name ?? ''),
    installed: first.installed,
    optional: first.optional ?? false,
    byVerb: new Map(questions.map((question) => [question.request.verb, question])),
  };
}

function rowKey({ request, optional }: AnsweredQuestion): string {
  if (isUrlRequest(request)) return request.path;
  return JSON.stringify([
    request.group,
    request.resource,
    request.subresource ?? '',
    request.namespace,
    request.name ?? '',
    optional === true,
  ]);
}

/** Rows in the order of the questions. */
export function matrixRows(questions: readonly AnsweredQuestion[]): readonly MatrixRow[] {
  return [...Map.groupBy(questions, rowKey).values()].map(rowOf);
}

function verbCell(row: MatrixRow, verb: string): string {
  const question = row.byVerb.get(verb);
  return question === undefined ? '-' : CELLS[answerOf(question.verdict)];
}

function bindingWord(question: AnsweredQuestion): string {
  const by = grantedBy(question.verdict.reason);
  if (by === undefined) return '<unknown>';
  return [by.binding.kind, by.binding.namespace, by.binding.name].filter((part) => part !== undefined).join('/');
}

function joined(words: readonly string[]): string {
  return words.length === 0 ? '<none>' : [...new Set(words)].join(',');
}

type MatrixColumn = Column<MatrixRow>;

const TONES = { yes: 'good', no: 'bad', unknown: 'doubtful' } as const;

function verbTone(row: MatrixRow, verb: string): Tone | undefined {
  const question = row.byVerb.get(verb);
  return question && TONES[answerOf(question.verdict)];
}

function wideColumns(): readonly MatrixColumn[] {
  const answers = (row: MatrixRow): readonly AnsweredQuestion[] => [...row.byVerb.values()];
  return [
    {
      header: 'GRANTED-BY',
      cell: (row) =>
        joined(
          answers(row)
            .filter(({ verdict }) => verdict.state === 'allowed')
            .map(bindingWord),
        ),
      wraps: true,
    },
    { header: 'METHOD', cell: (row) => joined(answers(row).map(({ method }) => method ?? '<none>')), wraps: true },
  ];
}

/** Columns of the matrix: a verb each, a name only where one was asked about, installation only where it is in doubt or asked for. */
export function matrixView(rows: readonly MatrixRow[], wide: boolean): View<MatrixRow> {
  const before = placeColumns(rows, wide);
  const verbs = sortVerbs(rows.flatMap((row) => [...row.byVerb.keys()]));
  const after = wide ? wideColumns() : [];
  const columns = verbs.map((verb) => ({
    header: verb.toUpperCase(),
    cell: (row: MatrixRow) => verbCell(row, verb),
    tone: (row: MatrixRow) => verbTone(row, verb),
  }));
  return {
    columns: [...before, ...columns, ...after],
    narrow: [...before, ...verbLists(rows, { yes: 'YES', no: 'NO', unknown: '?' }), ...after],
  };
}

function placeColumns(rows: readonly MatrixRow[], wide: boolean): readonly MatrixColumn[] {
  return [
    { header: 'RESOURCE', cell: (row) => row.resource },
    ...(rows.some(({ name }) => name !== '') ? [{ header: 'NAME', cell: (row: MatrixRow) => row.name || '<any>' }] : []),
    { header: 'SCOPE', cell: (row) => row.scope },
    ...(rows.some(({ optional }) => optional)
      ? [{ header: 'NEED', cell: (row: MatrixRow) => (row.optional ? 'optional' : 'required') }]
      : []),
    ...(wide || rows.some(({ installed }) => installed !== 'yes')
      ? [{ header: 'INSTALLED', cell: (row: MatrixRow) => row.installed }]
      : []),
  ];
}

/** The verbs of each answer as a list, for where a column each takes too much room: for yes, and other answers that there are. */
export function verbLists(rows: readonly MatrixRow[], headers: Readonly<Partial<Record<Answer, string>>>): readonly MatrixColumn[] {
  const verbsOf = (row: MatrixRow, answer: Answer): readonly string[] =>
    sortVerbs([...row.byVerb].flatMap(([verb, { verdict }]) => (answerOf(verdict) === answer ? [verb] : [])));
  return (['yes', 'no', 'unknown'] as const).flatMap((answer): MatrixColumn[] => {
    const header = headers[answer];
    if (header === undefined || (answer !== 'yes' && !rows.some((row) => verbsOf(row, answer).length > 0))) return [];
    const tone = (row: MatrixRow): Tone | undefined => (verbsOf(row, answer).length > 0 ? TONES[answer] : undefined);
    return [{ header, cell: (row) => verbsOf(row, answer).join(',') || '-', wraps: true, tone }];
  });
}
