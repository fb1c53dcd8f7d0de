import type { Context } from '../../../command/context.ts';
import type { OptionValues } from '../../../command/option.ts';
import type { ExitCode } from '../../../errors.ts';
import { reportText } from '../../../output/report.ts';
import { escapeText } from '../../../text/escape.ts';
import { formatGoDuration } from '../../../text/go-duration.ts';
import { shellCommand } from '../../../text/shell.ts';
import { warningLine } from '../../../text/warning.ts';
import { createProgress } from '../../progress.ts';
import { ASK_AGAIN_AFTER, firstInTime, pause, timedOutLine, within } from '../../wait.ts';
import { askAhead } from '../question/ahead.ts';
import { grantableRequests } from '../question/grantable.ts';
import { type Inquiry, prepare } from '../question/inquiry.ts';
import { accessReport } from './access-report.ts';
import type { checkOptions } from './check.command.ts';
import { exitCodeOf, summarize } from './decision.ts';
import { find, namedNamespaceWarnings } from './find.ts';
import type { FoundAccess } from './found.ts';
import { answerDetails, answerLine, answerTable, reasonText, textReport } from './print-report.ts';
import { type CheckRequest, parseCheck } from './request.ts';

export async function run(context: Context, options: OptionValues<typeof checkOptions>, words: readonly string[]): Promise<ExitCode> {
  const request = parseCheck(options, words, context.connectionOptions);
  switch (request.mode) {
    case 'dry-run': {
      const { printNeeds } = await import('./print-needs.ts');
      return printNeeds(context, request);
    }
    case 'matrix': {
      const { printMatrix } = await import('../matrix/matrix.ts');
      return printMatrix(context, request, { allKinds: false, output: options.output });
    }
    case 'list': {
      const { listRules } = await import('./list-rules.ts');
      return listRules(context, request);
    }
    case 'ask':
      return check(context, request);
  }
}

async function check(context: Context, request: CheckRequest): Promise<ExitCode> {
  // Not the wall clock: it may be set while we wait.
  const started = performance.now();
  const { inquiry, first } = await firstInTime(askFirst(context, request), request.wait);
  const found = await untilAllowed(inquiry, first, started + (request.wait ?? 0));
  await print(context, request, found, inquiry.notes);
  const { hint } = inquiry.identity;
  if (hint !== undefined) context.streams.errOut.write(`hint: ${escapeText(hint)}\n`);
  return exitCodeOf(found);
}

async function askFirst(
  context: Context,
  request: CheckRequest,
): Promise<{ readonly inquiry: Inquiry<CheckRequest>; readonly first: FoundAccess }> {
  const aboutNamespaces = namedNamespaceWarnings(context, request);
  const [inquiry] = await Promise.all([prepare(context, request, askAhead), aboutNamespaces]);
  return { inquiry, first: await find(inquiry, aboutNamespaces) };
}

/** Asks again until nothing is denied any more, if that is wanted. */
async function untilAllowed(inquiry: Inquiry<CheckRequest>, first: FoundAccess, deadline: number): Promise<FoundAccess> {
  const { context, request } = inquiry;
  const progress = createProgress(context, 'nothing');
  let found = first;
  let rest = deadline - performance.now();
  while (mayImprove(found, request) && rest > 0 && !context.signal.aborted) {
    progress.show(waitingText(found, rest));
    await pause(Math.min(ASK_AGAIN_AFTER, rest), context.signal);
    const left = deadline - performance.now();
    if (left > 0) found = (await within(left, find(inquiry, namedNamespaceWarnings(context, request)))) ?? found;
    rest = deadline - performance.now();
  }
  progress.clear();
  return mayImprove(found, request) && !context.signal.aborted ? { ...found, isLate: true } : found;
}

/** Unlike a no, an unknown is not waited for. */
function mayImprove(found: FoundAccess, { wait }: CheckRequest): boolean {
  const { answer, denied } = summarize(found);
  return wait !== undefined && answer === 'no' && denied > 0;
}

function waitingText(found: FoundAccess, rest: number): string {
  const { denied, total } = summarize(found);
  return `waiting: ${denied} of ${total} denied, ${formatGoDuration(Math.ceil(rest / 1000) * 1000)} left`;
}

async function print(context: Context, request: CheckRequest, found: FoundAccess, notes: readonly string[]): Promise<void> {
  const { out, errOut } = context.streams;
  for (const note of notes) errOut.write(`note: ${escapeText(note)}\n`);
  for (const warning of found.warnings) errOut.write(warningLine(warning));
  if (found.isLate) errOut.write(timedOutLine('the answer to become yes'));
  const isSingle = request.asked.kind === 'words' && found.questions.length === 1;
  if (request.quiet) {
    errOut.write(reasonText(found));
    return;
  }
  if (request.format === 'table' && context.table !== undefined) {
    context.table(answerTable(found));
    errOut.write(reasonText(found));
    return;
  }
  out.write(await render(context, request, found, isSingle));
  if (!isSingle || request.format !== 'table') return;
  errOut.write(answerDetails(found));
  // An edit of what is there may be smaller than the grant.
  if (grantableRequests(found.questions).length > 0) {
    const command = `${context.programName} ${shellCommand(request.explainWords)}`;
    errOut.write(`hint: To see whether an existing role or binding nearly grants it: ${command}\n`);
  }
}

async function render(context: Context, request: CheckRequest, found: FoundAccess, isSingle: boolean): Promise<string> {
  const look = { terminalWidth: context.streams.out.columns, style: context.style };
  switch (request.format) {
    case 'json':
    case 'yaml':
      return reportText(accessReport(found), request.format);
    case 'wide':
      return context.wrap(await textReport(found, true, look));
    case 'table': {
      const [question] = found.questions;
      if (isSingle && question !== undefined) return context.wrap(`${answerLine(question, request.acceptsUnknown)}\n`);
      return context.wrap(await textReport(found, false, look));
    }
  }
}
