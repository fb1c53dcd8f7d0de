import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import type { CauseCode, NearMiss } from '../../../domain/rbac/near-miss/cause.ts';
import { type AnsweredQuestion, questionResource } from '../../../domain/rbac/question.ts';
import { objectText } from '../question/names.ts';

interface Told {
  readonly miss: NearMiss;
  readonly question: AnsweredQuestion;
  /** The account, as people know it. */
  readonly who: string;
  readonly value: string;
  readonly wanted: string;
}

function bindingText({ binding }: NearMiss): string {
  return binding === undefined ? 'no binding' : objectText(binding);
}

function roleText({ role, binding }: NearMiss): string {
  if (role !== undefined) return objectText(role);
  return binding === undefined ? 'no role' : `${binding.roleRef.kind} ${JSON.stringify(binding.roleRef.name)}`;
}

/** `ClusterRole "readers", whose rule 0 covers it`. */
function coveringRole(miss: NearMiss): string {
  return `${roleText(miss)}, whose rule ${miss.ruleIndex} covers it,`;
}

/** `rule 0 of Role "readers" (team-a), which RoleBinding "readers" (team-a) binds,`. */
function boundRule(miss: NearMiss): string {
  return `rule ${miss.ruleIndex} of ${roleText(miss)}, which ${bindingText(miss)} binds,`;
}

function kindText({ question }: Told): string {
  return isUrlRequest(question.request) ? 'a URL' : (question.kind?.kind ?? question.request.resource);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function resourceNamesText({ miss, question, value }: Told): string {
  const { request } = question;
  const isNamed = !isUrlRequest(request) && request.name !== undefined;
  if (value.includes('"*"'))
    return `${boundRule(miss)} is limited to an object called "*": in resourceNames that is a name, not a wildcard`;
  if (isNamed && request.verb !== 'create') return `${boundRule(miss)} is limited to other objects, ${value}`;
  return `${boundRule(miss)} is limited to the objects ${value}, and a request without a name is not covered by it`;
}

const SUBJECT_WORDS = {
  'subject-name-case': 'names are case-sensitive',
  'subject-name': 'the names differ',
  'subject-group-mismatch': 'the account is not in that group',
} as const;

function renamedText({ miss, who, value, wanted }: Told): string {
  const why = SUBJECT_WORDS[miss.code as keyof typeof SUBJECT_WORDS] ?? SUBJECT_WORDS['subject-name'];
  const own = wanted === who ? who : `${quoted(wanted)} (${who})`;
  return `${bindingText(miss)} binds ${coveringRole(miss)} to ${quoted(value)} and not to ${own}: ${why}`;
}

function accountNamespaceText({ miss, value, who }: Told): string {
  const { binding } = miss;
  const home =
    value === ''
      ? `no namespace, which means that of the binding, ${quoted(binding?.namespace ?? '')}`
      : `the namespace or name ${quoted(value)}`;
  return `${bindingText(miss)} binds ${coveringRole(miss)} to a ServiceAccount with ${home}, which is not ${who}`;
}

function roleRefText({ miss, wanted }: Told): string {
  const { binding } = miss;
  const missing = `${bindingText(miss)} binds ${binding?.roleRef.kind} ${quoted(binding?.roleRef.name ?? '')}, which does not exist`;
  return miss.role === undefined
    ? missing
    : `${missing}; there is a ${objectText(miss.role)}${wanted === miss.role.name ? '' : ' of that name'}, which covers it`;
}

const TEXTS: Readonly<Partial<Record<CauseCode, (told: Told) => string>>> = {
  'dangling-role-ref': roleRefText,
  'role-ref-kind': roleRefText,
  'rolebinding-for-cluster-scope': (told) =>
    `${bindingText(told.miss)} binds ${coveringRole(told.miss)} but a RoleBinding grants only what is inside its namespace, and ${kindText(told)} is cluster-scoped ("kubectl auth can-i" still says yes in that namespace)`,
  'wrong-namespace': ({ miss, wanted }) =>
    `${bindingText(miss)} binds ${coveringRole(miss)} in ${wanted === '' ? 'its own namespace only, and all were asked for' : 'another namespace'}`,
  'missing-verb': ({ miss, value, wanted }) => `${boundRule(miss)} allows ${value} and not ${quoted(wanted)}`,
  'missing-resource': ({ miss, value, wanted }) => `${boundRule(miss)} covers ${value} of the same API group, but not ${quoted(wanted)}`,
  'wrong-api-group': ({ miss, value, wanted }) => `${boundRule(miss)} is about the API group ${value} and not ${quoted(wanted)}`,
  'singular-resource': ({ miss, value, wanted }) => `${boundRule(miss)} names ${value}; rules take the plural, ${quoted(wanted)}`,
  'misspelt-resource': ({ miss, value, wanted }) => `${boundRule(miss)} names ${value}, where ${quoted(wanted)} may have been meant`,
  'missing-subresource': ({ miss, value, wanted }) =>
    `${boundRule(miss)} names ${value} and not ${quoted(wanted)}: a kind and its subresources do not cover each other`,
  'resource-names': resourceNamesText,
  'subject-name-case': renamedText,
  'subject-name': renamedText,
  'subject-group-mismatch': renamedText,
  'serviceaccount-namespace': accountNamespaceText,
  'subject-kind': ({ miss, value, wanted, who }) =>
    `${bindingText(miss)} binds ${coveringRole(miss)} to a ${value}, where ${who} would be a ${wanted}`,
  'not-bound': ({ miss, who }) => `${roleText(miss)} covers it by rule ${miss.ruleIndex}, and nothing binds it to ${who} here`,
  'aggregation-label': ({ miss, wanted }) =>
    `${roleText(miss)} covers it, but lacks the labels ${wanted} by which ${miss.binding?.roleRef.kind} ${quoted(miss.binding?.roleRef.name ?? '')}, which ${bindingText(miss)} binds, would include it`,
  'aggregated-role-edited': ({ miss }) =>
    `a rule that covers it was applied to ${roleText(miss)}, which ${bindingText(miss)} binds; its rules are made from other ClusterRoles, so a controller has removed it`,
  'non-resource-url': ({ miss, value, wanted }) => `${boundRule(miss)} names the URLs ${value}, which do not cover ${quoted(wanted)}`,
};

/** What is wrong, as a sentence without a final stop. A second fault of the same grant is named by its field. */
export function missText(miss: NearMiss, question: AnsweredQuestion, who: string): string {
  const [first, ...others] = miss.gaps;
  const tell = TEXTS[miss.code];
  if (first === undefined || tell === undefined) return `${questionResource(question.request)} is not granted`;
  const more = others.map(({ field, value, wanted }) => `; besides, its ${field} is ${value} and not ${quoted(wanted)}`);
  return [tell({ miss, question, who, value: first.value, wanted: first.wanted }), ...more].join('');
}
