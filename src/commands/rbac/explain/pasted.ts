import type { Context } from '../../../command/context.ts';
import { worstOf } from '../../../command/worst-of.ts';
import { RBAC_GROUP } from '../../../domain/rbac/grant-object.ts';
import { holdersOf } from '../../../domain/rbac/holders.ts';
import { type PastedErrors, pastedReader } from '../../../domain/rbac/pasted-errors.ts';
import { rbacGraph } from '../../../domain/rbac/rbac-graph.ts';
import { ExitCode, UsageError } from '../../../errors.ts';
import { reportText, toReportFormat } from '../../../output/report.ts';
import { escapeLines, escapeText } from '../../../text/escape.ts';
import { exitCodeFor, overallAnswer } from './decision.ts';
import { findPasted } from './find-pasted.ts';
import type { FoundPasted } from './found.ts';
import { escalationText, otherText } from './pasted-text.ts';
import { pastedReport } from './report.ts';

/** Reads errors from stdin and explains those that are refusals of RBAC. @throws UsageError if there is none of any kind */
export async function explainPasted(context: Context, all: boolean, output: string | undefined): Promise<ExitCode> {
  const reader = pastedReader();
  for await (const line of context.streams.in.lines()) reader.line(line);
  const errors = reader.end();
  const { denials, escalations, others } = errors;
  if (denials.length + escalations.length + others.length === 0)
    throw new UsageError('there is no error of an API server in what was pasted', {
      hint: 'Paste all of the line that holds "forbidden", with its quotes.',
    });
  const found = await findAll(context, errors, all);
  const code = exitCodeOf(found);
  await print(context, found, { output, code });
  return code;
}

async function findAll(context: Context, errors: PastedErrors, all: boolean): Promise<FoundPasted> {
  if (errors.denials.length + errors.escalations.length === 0) return { errors, accounts: [], escalators: [] };
  const { accounts, objects } = await findPasted(context, errors.denials, all);
  const request = { verb: 'escalate', group: RBAC_GROUP, resource: 'clusterroles', namespace: '' };
  return { errors, accounts, escalators: errors.escalations.length === 0 ? [] : holdersOf(rbacGraph(objects), request) };
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
  const { errors, accounts, escalators } = found;
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
    ...errors.escalations.map((escalation) => escaped(escalationText(escalation, escalators))),
    ...errors.others.map((other) => escaped(otherText(other))),
  ];
  out.write(`${blocks.join('\n\n')}\n`);
}

/** A line break inside a line is none of ours. */
function escaped(lines: readonly string[]): string {
  return escapeLines(lines.map(escapeText).join('\n'));
}
