import type { Context } from '../../../command/context.ts';
import type { OptionValues } from '../../../command/option.ts';
import { questionResource, scopeClause } from '../../../domain/rbac/question.ts';
import { ExitCode } from '../../../errors.ts';
import { reportText, toReportFormat } from '../../../output/report.ts';
import { escapeText } from '../../../text/escape.ts';
import { warningLine } from '../../../text/warning.ts';
import { parseQuestion } from '../question/request.ts';
import { findHolders } from './find.ts';
import type { FoundHolders } from './found.ts';
import { holdersReport, isMasters } from './report.ts';
import { holdersTable, nameLine } from './table.ts';
import type { whoCanOptions } from './who-can.command.ts';

const NOBODY = { sa: undefined, forUser: undefined, forGroup: [] } as const;

export async function run(context: Context, options: OptionValues<typeof whoCanOptions>, words: readonly string[]): Promise<ExitCode> {
  const request = parseQuestion('rbac who-can', { options: { ...NOBODY, ...options }, words, connection: context.connectionOptions });
  const found = await findHolders(context, request);
  const code = exitCodeOf(found);
  notes(context, found);
  await print(context, found, options.output, code);
  return code;
}

function exitCodeOf({ holders, reading }: FoundHolders): ExitCode {
  if (reading === 'nothing') return ExitCode.undetermined;
  if (reading === 'partial') return ExitCode.partial;
  return holders.some((holder) => !isMasters(holder)) ? ExitCode.ok : ExitCode.no;
}

function notes({ streams: { errOut } }: Context, found: FoundHolders): void {
  const { unread, warnings, notes: said, reading, holders } = found;
  errOut.write(`${escapeText(`Who may ${askedText(found)}:`)}\n`);
  for (const note of said) errOut.write(`note: ${escapeText(note)}\n`);
  for (const warning of warnings) errOut.write(warningLine(warning));
  for (const { kind, except, message } of unread) {
    errOut.write(escapeText(`not read: ${kind}s${except === undefined ? '' : ` outside ${except.join(', ')}`}: ${message}`).concat('\n'));
  }
  if (reading === 'nothing')
    errOut.write('error: could not determine who is allowed: you are not allowed to list any bindings, or any roles\n');
  else if (!holders.some((holder) => !isMasters(holder)))
    errOut.write('Nobody but system:masters is granted it by the RBAC objects that could be read\n');
  errOut.write('note: members of system:masters may do everything, and other authorizers than RBAC are not seen\n');
}

/** A short name may be that of another kind than the one that was meant: `csr`. */
function askedText({ question }: FoundHolders): string {
  const { request } = question;
  const name = 'name' in request && request.name ? JSON.stringify(request.name) : '';
  return [request.verb, questionResource(request), name, scopeClause(question)].filter((part) => part !== '').join(' ');
}

async function print({ streams: { out }, style }: Context, found: FoundHolders, output: string | undefined, code: ExitCode): Promise<void> {
  const format = toReportFormat(output);
  if (format !== undefined) {
    out.write(await reportText(holdersReport(found, code), format));
    return;
  }
  if (output === 'name') {
    for (const holder of found.holders) out.write(`${escapeText(nameLine(holder))}\n`);
    return;
  }
  for (const text of await holdersTable(found.holders, output === 'wide', { terminalWidth: out.columns, style })) out.write(text);
}
