import { KSERVE_GROUP } from '../../../domain/kserve/kinds.ts';
import { excessRule } from '../../../domain/rbac/excess-access.ts';
import { sortVerbs } from '../../../domain/rbac/grant-rule.ts';
import { questionResource, scopeClause } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import { grantorText, stop } from '../question/verdict-text.ts';
import { NOT_LOOKED_AT } from './cause-text.ts';
import type { AnsweredExcess, FoundAccess } from './found.ts';

function objectText(question: AnsweredExcess): string {
  if (question.wildcard === 'apiGroups') return 'any kind of any API group';
  if (question.wildcard === 'resources') return `any kind of ${KSERVE_GROUP}`;
  const { name } = question.request;
  return `${questionResource(question.request)}${name === undefined ? '' : ` ${JSON.stringify(name)}`}`;
}

function placeText(question: AnsweredExcess): string {
  if (question.isWider) return 'also in all other namespaces';
  const isEverywhere = question.kind === undefined && question.request.namespace === '';
  return isEverywhere ? 'in all namespaces and at the cluster scope' : scopeClause(question);
}

function verbText(verbs: readonly string[]): string {
  return verbs.includes('*') ? 'do anything with' : sortVerbs(verbs).join(', ');
}

/** Rights on the same thing in the same place by the same grantor are one sentence. */
function sentences(who: string, allowed: readonly AnsweredExcess[]): readonly string[] {
  const ending = (question: AnsweredExcess): string => {
    const isNamed = question.verdict.reason !== undefined;
    return `${objectText(question)} ${placeText(question)}${isNamed ? ', by' : ':'} ${grantorText(question)}`;
  };
  return [...Map.groupBy(allowed, ending)].map(
    ([end, same]) => `  ${who} can ${verbText(same.map((question) => excessRule(question).verb))} ${stop(end)}`,
  );
}

/** What goes beyond the task, and how far was looked; nothing if it was not wanted. */
export function excessLines({ excess }: FoundAccess, who: string): readonly string[] {
  if (excess === undefined) return [];
  const allowed = excess.filter(({ verdict }) => answerOf(verdict) === 'yes');
  const unknown = excess.length - allowed.length;
  const unknownText = unknown === 0 ? [] : [`${unknown} rights beyond the task could not be determined.`];
  const found = allowed.length === 0 ? [] : ['Allowed beyond the task:', ...sentences(who, allowed)];
  const none = allowed.length + unknown === 0 ? ['Nothing that was looked at is allowed beyond the task.'] : [];
  return [...found, ...unknownText, ...none, NOT_LOOKED_AT];
}
