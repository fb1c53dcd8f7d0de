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
  return status.conditionalDecision === undefined ? 'noOpinion' : 'conditional';
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
  return status.allowed === true && denied === true ? 'the answer of the server contradicts itself: allowed and denied' : undefined;
}

/** An access review as the server returned it → its verdict; a malformed one is `unknown`. */
export function parseVerdict(review: Readonly<Record<string, unknown>>): Verdict {
  const { status } = review;
  if (!isRecord(status) || typeof status.allowed !== 'boolean') {
    return { state: 'unknown', error: 'the answer of the server is no access review: it has no status.allowed' };
  }
  const reason = textField(status, 'reason');
  const evaluationError = textField(status, 'evaluationError');
  const error = defectOf(status);
  if (error !== undefined) return { state: 'unknown', error, ...(reason !== undefined && { reason }) };
  const condition = status.conditionalDecision === undefined ? undefined : JSON.stringify(status.conditionalDecision);
  return {
    state: stateOf(status),
    ...(reason !== undefined && { reason }),
    ...(evaluationError !== undefined && { evaluationError }),
    ...(condition !== undefined && { condition }),
  };
}
