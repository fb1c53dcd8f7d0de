import { isRefused, type PredictorMatch } from './decide.ts';

/** What one InferenceService comes to, the worst first. */
const OUTCOMES = ['none', 'undecided', 'automatic', 'named', 'notNeeded'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** How many services come to what. */
export type Overview = Readonly<Record<Outcome, number>>;

/** The predictors of one service, and what they come to together. */
interface Judged {
  readonly matches: readonly PredictorMatch[];
  readonly outcome: Outcome;
}

/** Counts services, not predictors. */
export function overviewOf(matches: readonly PredictorMatch[]): Overview {
  const judged = byService(matches);
  const count = (outcome: Outcome) => judged.filter((one) => one.outcome === outcome).length;
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count(outcome)])) as Overview;
}

/** What needs a look comes first; otherwise the order stays. */
export function problemsFirst(matches: readonly PredictorMatch[]): readonly PredictorMatch[] {
  const rank = ({ outcome }: Judged) => Math.min(OUTCOMES.indexOf(outcome), OUTCOMES.indexOf('automatic'));
  return byService(matches)
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((one) => one.matches);
}

function byService(matches: readonly PredictorMatch[]): readonly Judged[] {
  return [...Map.groupBy(matches, ({ subject }) => subject).values()].map((own) => {
    const outcomes = own.map(outcomeOf);
    const problem = outcomes.find((outcome) => outcome === 'none') ?? outcomes.find((outcome) => outcome === 'undecided');
    return { matches: own, outcome: problem ?? outcomes[0] ?? 'notNeeded' };
  });
}

function outcomeOf({ match }: PredictorMatch): Outcome {
  if (isRefused(match)) return 'none';
  if (typeof match === 'string') return 'notNeeded';
  if (match.decision !== 'chosen') return match.decision;
  return match.mode === 'auto' ? 'automatic' : 'named';
}

const WORDS: Readonly<Record<Outcome, readonly [one: string, more: string]>> = {
  none: ['gets no runtime', 'get no runtime'],
  undecided: ['is undecided', 'are undecided'],
  automatic: ['gets a runtime automatically', 'get a runtime automatically'],
  named: ['names a runtime', 'name a runtime'],
  notNeeded: ['needs no runtime', 'need no runtime'],
};

/** `3 services: 1 gets no runtime, 2 get a runtime automatically`; nothing to say of one. */
export function overviewText(overview: Overview): string | undefined {
  const all = OUTCOMES.reduce((sum, outcome) => sum + overview[outcome], 0);
  if (all < 2) return undefined;
  const parts = OUTCOMES.filter((outcome) => overview[outcome] > 0).map((outcome) => {
    const [one, more] = WORDS[outcome];
    return `${overview[outcome]} ${overview[outcome] === 1 ? one : more}`;
  });
  return `${all} services: ${parts.join(', ')}`;
}
