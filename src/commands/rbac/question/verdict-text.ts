import { grantedBy } from '../../../domain/rbac/allow-reason.ts';
import type { AnsweredQuestion } from '../../../domain/rbac/question.ts';

/** Who grants a yes: binding, role and subject, or what is known instead. */
export function grantorText({ verdict }: Pick<AnsweredQuestion, 'verdict'>): string {
  const by = grantedBy(verdict.reason);
  if (by === undefined) return verdict.reason ?? 'the authorizer gave no reason, as for members of system:masters';
  const place = by.binding.namespace === undefined ? '' : ` in the namespace ${JSON.stringify(by.binding.namespace)}`;
  const subject = by.subject.namespace === undefined ? by.subject.name : `${by.subject.namespace}:${by.subject.name}`;
  const role = `${by.role.kind} ${JSON.stringify(by.role.name)}`;
  return `${by.binding.kind} ${JSON.stringify(by.binding.name)}${place}, ${role}, ${by.subject.kind} ${JSON.stringify(subject)}`;
}

/** A warning for each evaluation error beside a yes. */
export function verdictWarnings(questions: readonly AnsweredQuestion[]): readonly string[] {
  const errors = questions.filter(({ verdict }) => verdict.state === 'allowed').map(({ verdict }) => verdict.evaluationError);
  const texts = new Set(errors.filter((error) => error !== undefined));
  return [...texts].map((error) => `allowed, but part of the evaluation failed: ${error}`);
}

/** With a full stop at the end. */
export function stop(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
