import { grantedBy } from '../../../domain/rbac/allow-reason.ts';
import { sortVerbs } from '../../../domain/rbac/grant-rule.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import type { Column, View } from '../../../output/table.ts';
import { type MatrixRow, verbLists } from '../check/matrix.ts';

const CELLS = { yes: 'yes', no: '-', unknown: '?' } as const;
const TONES = { yes: 'good', no: undefined, unknown: 'doubtful' } as const;

/** `RoleBinding/team-a/readers`; `yes` if no reason names one. */
function bindingWord({ verdict }: AnsweredQuestion): string {
  const by = grantedBy(verdict.reason);
  if (by === undefined) return CELLS.yes;
  return [by.binding.kind, by.binding.namespace, by.binding.name].filter((part) => part !== undefined).join('/');
}

function cellOf(question: AnsweredQuestion | undefined, wide: boolean): string {
  if (question === undefined) return '';
  const answer = answerOf(question.verdict);
  return wide && answer === 'yes' ? bindingWord(question) : CELLS[answer];
}

/** A column for each verb; a blank cell is a verb that the kind has not. Narrow: the verbs that are allowed, or with `wide` by which binding. */
export function accessView(rows: readonly MatrixRow[], wide: boolean): View<MatrixRow> {
  const verbs = sortVerbs(rows.flatMap((row) => [...row.byVerb.keys()]));
  const place: readonly Column<MatrixRow>[] = [
    { header: 'RESOURCE', cell: (row) => row.resource },
    { header: 'SCOPE', cell: (row) => row.scope },
  ];
  const columns = verbs.map((verb) => ({
    header: verb.toUpperCase(),
    cell: (row: MatrixRow) => cellOf(row.byVerb.get(verb), wide),
    tone: (row: MatrixRow) => {
      const question = row.byVerb.get(verb);
      return question && TONES[answerOf(question.verdict)];
    },
  }));
  const lists = wide ? [BINDINGS] : [];
  return { columns: [...place, ...columns], narrow: [...place, ...verbLists(rows, { yes: 'ALLOWED', unknown: '?' }), ...lists] };
}

const BINDINGS: Column<MatrixRow> = {
  header: 'GRANTED-BY',
  cell: ({ byVerb }) => {
    const allowed = [...byVerb.values()].filter(({ verdict }) => answerOf(verdict) === 'yes');
    return [...new Set(allowed.map(bindingWord))].join(',') || '-';
  },
  wraps: true,
};
