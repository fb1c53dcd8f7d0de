import type { Match } from '../../../domain/kserve/selection/match.ts';
import { scopeText } from '../../../domain/kserve/selection/words.ts';
import type { ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { type Column, spareIfSame, type Table } from '../../../output/table.ts';
import { lookUp } from '../../../text/look-up.ts';
import { isRefused, type PredictorMatch } from './decide.ts';
import { notApplicableReason, whyDecided } from './messages.ts';
import { problemsFirst } from './overview.ts';
import { nothingText, reasonsText } from './text.ts';

/** One line per predictor: what is chosen, and why. For where every runtime that could have been meant would be too much. */
export function overviewTable(matches: readonly PredictorMatch[]): Table<PredictorMatch> {
  const rows = problemsFirst(matches);
  return { rows, viewOf, wideShows: rows.some(isOpen) ? 'every runtime with the reasons against it, and fixes' : undefined };
}

function isOpen({ match }: PredictorMatch): boolean {
  return typeof match !== 'string' && match.decision !== 'chosen';
}

function viewOf(rows: readonly PredictorMatch[]) {
  const hasCanary = rows.some(({ predictor }) => predictor !== 'stable');
  return { columns: [spareIfSame(NAMESPACE, rows), NAME, ...(hasCanary ? [PREDICTOR] : []), ...ANSWERS] };
}

/** What the API server would refuse gets no runtime either. */
function resultOf(match: PredictorMatch['match']): string {
  if (isRefused(match)) return 'none';
  return typeof match === 'string' ? 'not needed' : match.decision;
}

const TONES = { chosen: 'good', none: 'bad', undecided: 'doubtful' } as const;

const NAMESPACE: Column<PredictorMatch> = { header: 'NAMESPACE', cell: ({ subject }) => subject.namespace };

const NAME: Column<PredictorMatch> = {
  header: 'NAME',
  cell: ({ subject }) => `${subject.kind === 'InferenceService' ? 'isvc' : 'llmisvc'}/${subject.name ?? '<none>'}`,
};

const PREDICTOR: Column<PredictorMatch> = { header: 'PREDICTOR', cell: ({ predictor }) => predictor };

const ANSWERS: readonly Column<PredictorMatch>[] = [
  {
    header: 'RESULT',
    cell: ({ match }) => resultOf(match),
    tone: ({ match }) => lookUp(TONES, resultOf(match)),
  },
  { header: 'RUNTIME', cell: ({ match }) => chosenIn(match)?.name ?? '<none>' },
  { header: 'SCOPE', cell: ({ match }) => scopeOf(chosenIn(match)), spare: 'last' },
  {
    header: 'WHY',
    cell: ({ match }) => whyText(match),
    wraps: true,
  },
];

/** Where there is none, what is wrong: it tells more than what KServe would report. */
function whyText(match: PredictorMatch['match']): string {
  if (typeof match === 'string') return notApplicableReason(match);
  const wrong = match.decision === 'none' ? (nothingText(match) ?? nearestText(match)) : undefined;
  // The header asks why: the answer does not begin with it once more.
  return wrong ?? whyDecided(match).replace(/^because /, '');
}

function nearestText({ rejected, request }: Match): string | undefined {
  const [nearest, ...others] = rejected;
  if (nearest === undefined) return undefined;
  const more = others.length === 0 ? '' : ` (and ${others.length} more rejected)`;
  return `${nearest.runtime.name}: ${reasonsText(nearest, request).join('; ')}${more}`;
}

/** Undefined too where another may come before it. */
function chosenIn(match: PredictorMatch['match']): ServingRuntime | undefined {
  return typeof match !== 'string' && match.decision === 'chosen' ? match.chosen : undefined;
}

function scopeOf(runtime: ServingRuntime | undefined): string {
  return runtime === undefined ? '<none>' : scopeText(runtime);
}
