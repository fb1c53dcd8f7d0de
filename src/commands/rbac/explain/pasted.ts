import type { Context } from '../../../command/context.ts';
import { worstOf } from '../../../command/worst-of.ts';
import type { RbacObjects } from '../../../domain/rbac/authorizer.ts';
import { mayGrantAll } from '../../../domain/rbac/holders.ts';
import { type PastedErrors, type PastedEscalation, pastedReader } from '../../../domain/rbac/pasted-errors.ts';
import { rbacGraph } from '../../../domain/rbac/rbac-graph.ts';
import { ExitCode, UsageError } from '../../../errors.ts';
import { reportText, toReportFormat } from '../../../output/report.ts';
import { RBAC_TYPES } from '../../../queries/rbac-objects.ts';
import { escapeLines, escapeText } from '../../../text/escape.ts';
import { exitCodeFor, overallAnswer } from './decision.ts';
import { escalationFinding, escalationLines } from './escalation.ts';
import { findPasted } from './find-pasted.ts';
import type { FoundEscalation, FoundPasted } from './found.ts';
import { otherText } from './pasted-text.ts';
import { pastedReport } from './report.ts';

/** Reads errors from stdin and explains those that are refusals of RBAC. @throws UsageError if there is none of any kind */
export async function explainPasted(context: Context, all: boolean, output: string | undefined): Promise<ExitCode> {
  const reader = pastedReader();
  for await (const line of context.streams.in.lines()) reader.line(line);
  const errors = reader.end();
  const { denials, escalations, others } = errors;
  if (denials.length + escalations.length + others.length === 0)
    throw new UsageError('the pasted text has no error of an API server', {
      hint: 'Paste the whole line with "forbidden", including its quotes.',
    });
  const found = await findAll(context, errors, all);
  const code = exitCodeOf(found);
  await print(context, found, { output, code });
  return code;
}

async function findAll(context: Context, errors: PastedErrors, all: boolean): Promise<FoundPasted> {
  if (errors.denials.length + errors.escalations.length === 0) return { errors, accounts: [], escalations: [] };
  const { accounts, objects } = await findPasted(context, errors.denials, all);
  return { errors, accounts, escalations: explainEscalations(errors.escalations, objects) };
}

function explainEscalations(escalations: readonly PastedEscalation[], objects: RbacObjects): readonly FoundEscalation[] {
  if (escalations.length === 0) return [];
  const couldGrant = mayGrantAll(rbacGraph(objects)).map(({ subject }) => subject);
  return escalations.map((pasted) => {
    const { user, missing, object } = pasted;
    const kind = Object.values(RBAC_TYPES).find(({ plural }) => plural === object?.plural)?.kind;
    const written = kind === undefined || object === undefined ? undefined : { kind, name: object.name };
    return { pasted, cause: escalationFinding({ object: written, who: user, missing, couldGrant }) };
  });
}

function exitCodeOf({ accounts, errors }: FoundPasted): ExitCode {
  const rest = errors.escalations.length + errors.others.length > 0 ? [ExitCode.no] : [];
  return worstOf([...accounts.map((found) => exitCodeFor([overallAnswer(found)])), ...rest]);
}

async function print(
  context: Context,
  found: FoundPasted,
  { output, code }: { readonly output: string | undefined; readonly code: ExitCode },
): Promise<void> {
  const { out, errOut } = context.streams;
  const { errors, accounts, escalations } = found;
  const { explanationText, stderrLines } = await import('./print.ts');
  for (const line of new Set(accounts.flatMap(stderrLines))) errOut.write(line);
  if (errors.isCut) errOut.write('note: there are more different errors than are shown\n');
  const format = toReportFormat(output);
  if (format !== undefined) {
    out.write(await reportText(pastedReport(found, code), format));
    return;
  }
  if (output === 'mermaid') {
    const { explanationDiagram } = await import('./diagram.ts');
    for (const account of accounts) out.write(explanationDiagram(account));
    return;
  }
  const blocks = [
    ...accounts.map((account) => explanationText(account, context.style).trimEnd()),
    ...escalations.map(({ cause, pasted: { count } }) => escaped(['no', ...escalationLines(cause), ...repeated(count)])),
    ...errors.others.map((other) => escaped(otherText(other))),
  ];
  out.write(context.wrap(`${blocks.join('\n\n')}\n`));
}

function repeated(count: number): readonly string[] {
  return count === 1 ? [] : [`It was refused ${count} times.`];
}

/** A line break inside a line is none of ours. */
function escaped(lines: readonly string[]): string {
  return escapeLines(lines.map(escapeText).join('\n'));
}
