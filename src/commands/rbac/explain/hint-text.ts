import type { ReviewHint } from '../../../domain/rbac/near-miss/review-hints.ts';
import { type AnsweredQuestion, questionResource } from '../../../domain/rbac/question.ts';

function places(namespaces: readonly string[]): string {
  return `the namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.join(', ')}`;
}

/** What a review tells, as a sentence. */
export function hintText(hint: ReviewHint, { request }: AnsweredQuestion, who: string): string {
  const what = questionResource(request);
  const { verb } = request;
  switch (hint.code) {
    case 'wrong-namespace':
      return `${who} may ${verb} ${what} in ${places(hint.namespaces)}.`;
    case 'rolebinding-for-cluster-scope': {
      const { namespace } = hint as { readonly namespace: string };
      return `A RoleBinding in the namespace ${namespace} names ${what} for ${who}, without effect: only a ClusterRoleBinding grants what is cluster-scoped.`;
    }
    default:
      return 'verbs' in hint
        ? `${who} may ${hint.verbs.join(', ')} ${what} here, and not ${verb} it.`
        : ruleText(hint as RuleHint, { request }, who);
  }
}

type RuleHint = Extract<ReviewHint, { readonly rule: unknown }>;

function ruleText({ code, rule, gap }: RuleHint, { request }: Pick<AnsweredQuestion, 'request'>, who: string): string {
  const { verbs, resources = [], resourceNames = [], apiGroups = [] } = rule;
  const { verb } = request;
  switch (code) {
    case 'missing-verb':
      return `${who} may ${verbs.join(', ')} ${resources.join(', ')} here, and not ${verb}.`;
    case 'resource-names':
      return `${who} may ${verb} only those that are named ${resourceNames.join(', ')}.`;
    case 'missing-resource':
      return `${who} may ${verb} ${resources.join(', ')} here, which are of the same API group.`;
    case 'wrong-api-group':
      return `A rule of ${who} names the API group ${JSON.stringify(apiGroups)} and not ${JSON.stringify(gap.wanted)}.`;
    default:
      return `A rule of ${who} names ${gap.value}, and not ${JSON.stringify(gap.wanted)}.`;
  }
}
