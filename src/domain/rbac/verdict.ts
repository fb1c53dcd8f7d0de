import { lookUp } from '../../text/look-up.ts';

/**
 * What an access review says. `denied`: an authorizer forbids it, so RBAC cannot help. `noOpinion`: nobody grants it, RBAC's
 * ordinary no. `unknown`: it could not be found out, which is neither yes nor no.
 */
type VerdictState = 'allowed' | 'denied' | 'noOpinion' | 'conditional' | 'unknown';

export interface Verdict {
  readonly state: VerdictState;
  /** The authorizer's own words. */
  readonly reason?: string;
  readonly evaluationError?: string;
  /** `status.conditionalDecision`, as JSON text. */
  readonly condition?: string;
  /** Why there is no answer, if no review could be had. */
  readonly error?: string;
}

export type Answer = 'yes' | 'no' | 'unknown';

const ANSWERS: Readonly<Record<VerdictState, Answer>> = {
  allowed: 'yes',
  denied: 'no',
  noOpinion: 'no',
  conditional: 'no',
  unknown: 'unknown',
};

export function answerOf(verdict: Verdict): Answer {
  return ANSWERS[verdict.state];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textField(status: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = lookUp(status, field);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Anything but an exact `allowed: true` is not a yes; an evaluation that failed is not a no. */
function stateOf(status: Readonly<Record<string, unknown>>): VerdictState {
  if (status.allowed === true) return 'allowed';
  if (textField(status, 'evaluationError') !== undefined) return 'unknown';
  if (status.denied === true) return 'denied';
  return status.conditionalDecision == null ? 'noOpinion' : 'conditional';
}

/** Why the answer says nothing at all; undefined if it can be read. */
function defectOf(status: Readonly<Record<string, unknown>>): string | undefined {
  const { denied, evaluationError } = status;
  const wrong = [
    ...(denied != null && typeof denied !== 'boolean' ? (['denied'] as const) : []),
    ...(evaluationError != null && typeof evaluationError !== 'string' ? (['evaluationError'] as const) : []),
  ];
  const [field] = wrong;
  if (field !== undefined) return `the answer of the server is malformed: status.${field} is ${JSON.stringify(status[field])}`;
  if (status.allowed === true && denied === true) return 'the answer of the server contradicts itself: allowed and denied';
  // A decision that depends on the object is no yes for every object.
  if (status.allowed === true && status.conditionalDecision != null)
    return 'the answer of the server contradicts itself: allowed, and allowed on a condition';
  return undefined;
}

/** Fields of a review that say what is asked, about whom. */
const QUESTION_FIELDS = ['resourceAttributes', 'nonResourceAttributes', 'user', 'groups', 'uid'] as const;

/** True unless the server repeats another question than it was sent; a server that repeats none leaves it open. */
function answersIt(spec: unknown, sent: Readonly<Record<string, unknown>>): boolean {
  if (!isRecord(spec)) return spec == null;
  return QUESTION_FIELDS.every((field) => JSON.stringify(canonical(spec[field])) === JSON.stringify(canonical(sent[field])));
}

/** A server that does not know selectors leaves them out. */
const SELECTORS: ReadonlySet<string> = new Set(['fieldSelector', 'labelSelector']);

/** What is empty may be left out: `''`, `[]`, `{}` and `null` are the same as nothing. */
function canonical(value: unknown): unknown {
  if (!isRecord(value)) return Array.isArray(value) && value.length === 0 ? '' : (value ?? '');
  const fields = Object.entries(value).map(([name, field]) => [name, canonical(field)] as const);
  const said = fields.filter(([name, field]) => field !== '' && !SELECTORS.has(name)).sort(([one], [other]) => (one < other ? -1 : 1));
  return said.length === 0 ? '' : said;
}

/** An access review as the server returned it → its verdict; one that is malformed, or answers another question than `sent`, is `unknown`. */
export function parseVerdict(review: Readonly<Record<string, unknown>>, sent: object = {}): Verdict {
  const { status } = review;
  if (!answersIt(review.spec, { ...sent })) return { state: 'unknown', error: 'the answer of the server is about another question' };
  if (!isRecord(status) || typeof status.allowed !== 'boolean') {
    return { state: 'unknown', error: 'the answer of the server is no access review: it has no status.allowed' };
  }
  const reason = textField(status, 'reason');
  const evaluationError = textField(status, 'evaluationError');
  const error = defectOf(status);
  if (error !== undefined) return { state: 'unknown', error, ...(reason !== undefined && { reason }) };
  const condition = status.conditionalDecision == null ? undefined : JSON.stringify(status.conditionalDecision);
  return {
    state: stateOf(status),
    ...(reason !== undefined && { reason }),
    ...(evaluationError !== undefined && { evaluationError }),
    ...(condition !== undefined && { condition }),
  };
}
