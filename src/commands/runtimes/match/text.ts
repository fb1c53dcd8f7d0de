import type { ModelRequest } from '../../../domain/kserve/model.ts';
import { effectivePriority } from '../../../domain/kserve/runtime-selection.ts';
import type { JudgedRuntime, Match } from '../../../domain/kserve/selection/match.ts';
import { fixText, reasonText, scopeText, some } from '../../../domain/kserve/selection/words.ts';
import { modelFormatText, type ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import type { Style } from '../../../output/style.ts';
import { type Column, renderTable } from '../../../output/table.ts';
import { escapeText } from '../../../text/escape.ts';
import type { PredictorMatch } from './decide.ts';
import { fixTexts } from './fix-text.ts';
import { decisionText, differenceText, notApplicableText, recordedText, requestText, titleText } from './messages.ts';

export interface TextOptions {
  readonly wide: boolean;
  readonly headers: boolean;
  readonly terminalWidth: number | undefined;
  readonly style: Style | undefined;
}

/** The block of one predictor, ending in a line break. */
export async function matchText(answer: PredictorMatch, options: TextOptions): Promise<string> {
  const { match } = answer;
  if (typeof match === 'string') return lines([...header(answer), notApplicableText(match)]);
  const rows = rowsOf(match);
  const table = [...(await renderTable({ columns: options.wide ? WIDE : COLUMNS }, rows, options))].join('');
  return [
    lines([...header(answer), ...recordedLines(answer), decisionText(match)]),
    table,
    lines(nothingLines(match)),
    lines(fixLines(match)),
    lines(otherLines(match)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${escapeText(text)}\n`).join('');
}

function header(answer: PredictorMatch): readonly string[] {
  const { subject, match } = answer;
  if (subject.name === undefined) return [];
  const asked = typeof match === 'string' ? '' : `: ${requestText(match.request)}`;
  return [`${titleText(answer)}${asked}`];
}

function recordedLines({ recorded, subject }: PredictorMatch): readonly string[] {
  if (recorded === undefined) return [];
  const { answer, difference } = recorded;
  return [recordedText(answer, subject.namespace), ...(difference === undefined ? [] : [differenceText(difference)])];
}

interface Row extends JudgedRuntime {
  readonly result: 'chosen' | 'outranked' | 'rejected' | 'fits';
  readonly match: Match;
}

function rowsOf(match: Match): readonly Row[] {
  const { candidates, rejected, chosen, decision } = match;
  const best = decision === 'chosen' ? 'chosen' : 'fits';
  const named = match.mode === 'explicit' && chosen !== undefined ? [{ runtime: chosen, reasons: [] }] : [];
  return [
    ...[...named, ...candidates].map((judged) => ({ ...judged, match, result: judged.reasons.length === 0 ? best : 'outranked' }) as const),
    ...rejected.map((judged) => ({ ...judged, match, result: 'rejected' as const })),
  ];
}

const TONES = { chosen: 'good', fits: 'good', outranked: undefined, rejected: 'bad' } as const;

const COLUMNS: readonly Column<Row>[] = [
  { header: 'RUNTIME', cell: ({ runtime }) => runtime.name },
  { header: 'SCOPE', cell: ({ runtime }) => scopeText(runtime) },
  { header: 'RESULT', cell: ({ result }) => result, tone: ({ result }) => TONES[result] },
  { header: 'PRIORITY', cell: ({ runtime, match }) => String(effectivePriority(match.request.format, runtime) ?? '<none>') },
  { header: 'WHY', cell: whyText, wraps: true },
];

const WIDE: readonly Column<Row>[] = [
  ...COLUMNS.slice(0, -1),
  { header: 'MODEL-FORMATS', cell: ({ runtime }) => runtime.supportedModelFormats.map(modelFormatText).join() || '<none>', wraps: true },
  { header: 'PROTOCOLS', cell: ({ runtime }) => runtime.protocolVersions.join() || 'any', wraps: true },
  {
    header: 'FIX',
    cell: ({ runtime, reasons }) => reasons.flatMap(({ fix }) => (fix === undefined ? [] : fixText(fix, runtime))).join('; ') || '<none>',
    wraps: true,
  },
  ...COLUMNS.slice(-1),
];

function whyText({ match, result, ...judged }: Row): string {
  return [...(result === 'rejected' ? [] : ['fits']), ...reasonsText(judged, match.request)].join('; ');
}

/** What speaks against a runtime. */
export function reasonsText({ runtime, reasons }: JudgedRuntime, request: ModelRequest): readonly string[] {
  return reasons.map(({ reason }) => reasonText(reason, runtime, request));
}

function fixLines(match: Match): readonly string[] {
  return fixTexts(match).map((text) => `fix: ${text}`);
}

function nothingLines(match: Match): readonly string[] {
  return match.decision === 'undecided' ? [] : [nothingText(match) ?? []].flat();
}

function otherLines({ mode, decision, others, rejected, candidates }: Match): readonly string[] {
  if (mode === 'explicit' || decision === 'undecided' || others === 0 || rejected.length + candidates.length === 0) return [];
  return [
    others === 1 ? '1 runtime of another model format (--all shows it)' : `${others} runtimes of other model formats (--all shows them)`,
  ];
}

/** Where no runtime could have been meant: what there is. */
export function nothingText(match: Match): string | undefined {
  const { mode, chosen, rejected, candidates } = match;
  if (chosen !== undefined || rejected.length + candidates.length > 0) return undefined;
  return mode === 'explicit' ? noSuchName(match) : noSuchFormat(match);
}

function noSuchName({ request, otherNames, nearName }: Match): string | undefined {
  if (otherNames.length === 0) return undefined;
  const instead = nearName === undefined ? `Runtimes here: ${some(otherNames, 'none', MOST_LISTED)}` : `Did you mean ${nearName}?`;
  return `No runtime here is called ${request.runtime || '""'}. ${instead}`;
}

function noSuchFormat({ others, otherFormats, request }: Match): string {
  if (others === 0) return 'There are no runtimes at all.';
  const none = others === 1 ? 'The only runtime does not list' : `None of ${others} runtimes lists`;
  return `${none} ${request.format} or a model format like it. Model formats here: ${some(otherFormats, 'none', MOST_LISTED)}`;
}

const MOST_LISTED = 20;

/** `clusterservingruntime.serving.kserve.io/NAME` of each runtime that is chosen, one a line. */
export function nameLines(matches: readonly PredictorMatch[]): string {
  const chosen = matches.flatMap(({ match }): readonly ServingRuntime[] =>
    typeof match !== 'string' && match.decision === 'chosen' && match.chosen !== undefined ? [match.chosen] : [],
  );
  const kinds = { namespace: 'servingruntime', cluster: 'clusterservingruntime' };
  return lines(chosen.map(({ scope, name }) => `${kinds[scope]}.serving.kserve.io/${name}`));
}
