import type { EditedObject } from '../../../domain/rbac/edit.ts';
import { missingText } from '../../../domain/rbac/escalation.ts';
import { administratorLead, layOutCommands } from '../../../domain/rbac/grant.ts';
import type { CauseCode } from '../../../domain/rbac/near-miss/cause.ts';
import { type AnsweredQuestion, questionResource, scopeClause } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import { objectText, radiusText, subjectText } from '../question/names.ts';
import type { FoundFix, TriedAlternative } from './found.ts';

/** What `kubectl apply -f -` takes: the objects of the alternative, or what stands for none. */
export function manifest({ alternatives, chosen, harmless }: FoundFix & { readonly chosen: number }): object {
  const items = harmless === undefined ? objectsOf(alternatives[chosen]) : [harmless];
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}

export function objectsOf(alternative: TriedAlternative | undefined): readonly EditedObject[] {
  return (alternative?.edits ?? []).map(({ object }) => object);
}

const DOES = {
  repair: 'repairs',
  bind: 'binds an existing role',
  'new-role': 'creates a role with exactly these permissions, and its binding',
  'shared-role': 'changes a role that other accounts have too',
  aggregate: 'changes what an aggregated role includes',
} as const;

/** What a repair mends. */
const FAULTS: Readonly<Partial<Record<CauseCode, string>>> = {
  'dangling-role-ref': 'a binding to a role that does not exist',
  'role-ref-kind': 'a binding to the wrong kind of role',
  'rolebinding-for-cluster-scope': 'a RoleBinding where only a ClusterRoleBinding helps',
  'wrong-namespace': 'a binding in another namespace',
  'missing-verb': 'a rule that lacks the verb',
  'wrong-api-group': 'a rule with another API group',
  'singular-resource': 'a rule with a resource in the singular',
  'misspelt-resource': 'a rule with a misspelt resource',
  'missing-subresource': 'a rule that lacks the subresource',
  'missing-resource': 'a rule that lacks the resource',
  'resource-names': 'a rule for other names',
  'subject-name-case': 'the letter case of a subject',
  'subject-name': 'the name of a subject',
  'subject-group-mismatch': 'the name of a group',
  'serviceaccount-namespace': 'the namespace of a ServiceAccount in a binding',
  'subject-kind': 'the kind of a subject',
  'not-bound': 'a role that is not bound to the account',
  'aggregation-label': 'a ClusterRole without the labels by which it is included',
  'aggregated-role-edited': 'a rule that was added to an aggregated role',
  'non-resource-url': 'a rule with other URLs',
};

function doesText({ kind, cause, edits }: TriedAlternative): string {
  const objects = edits.map(
    ({ action, object }) => `${action === 'create' ? 'new' : 'changed'} ${objectText({ kind: object.kind, ...object.metadata })}`,
  );
  const what = kind === 'repair' && cause !== undefined ? `${DOES[kind]} ${FAULTS[cause] ?? cause}` : DOES[kind];
  return `${what}: ${objects.join(', ')}`;
}

const MAY = { yes: 'you may apply it', no: 'you may not apply it', untested: 'whether you may apply it could not be tested' } as const;

function alternativeLines(alternative: TriedAlternative, index: number, chosen: number): readonly string[] {
  const { radius, applicable } = alternative;
  return [`${index === chosen ? '*' : ' '} ${index + 1}. ${doesText(alternative)}; ${radiusText(radius)}; ${MAY[applicable]}`];
}

function whyLines({ applicable, why, missing }: TriedAlternative): readonly string[] {
  if (applicable === 'yes') return [];
  const held =
    missing.length === 0
      ? []
      : ['To grant this, you must hold these permissions yourself. You lack:', ...missing.map((rule) => `  ${missingText(rule)}`)];
  return [...(why === undefined ? [] : [`${applicable === 'no' ? 'Refused to you' : 'Not tried'}: ${why.split('\n')[0]}`]), ...held];
}

function whoLines({ couldApply = [], unread }: FoundFix): readonly string[] {
  const names = couldApply.map(({ subject }) => subjectText(subject));
  if (names.length > 0) return [`Who could apply it: ${names.join(', ')}.`];
  return unread.length > 0 ? ['Who could apply it is not known, because RBAC objects could not be read.'] : [];
}

/** What the caller can send to somebody who may apply it. */
function requestLines(found: FoundFix, { applicable, commands, radius }: TriedAlternative): readonly string[] {
  if (applicable !== 'no') return [];
  const { grantee, questions, contextName } = found;
  const refused = questions.filter(({ verdict }) => verdict.state === 'noOpinion').map(questionText);
  const besides =
    radius.alsoGrants.length === 0 ? 'It grants nothing else to anyone.' : `It also grants ${radius.alsoGrants.length} other rights.`;
  return [
    ...whoLines(found),
    'To ask for it, send this:',
    '',
    `Please allow ${grantee === undefined ? 'me' : subjectText(grantee)} to ${refused.join(', and ')}. ${besides}`,
    administratorLead(contextName),
    ...layOutCommands(commands).flatMap((command) => command.split('\n')),
    '',
  ];
}

/** `list servingruntimes.serving.kserve.io in the namespace "a"`. */
function questionText(question: Pick<AnsweredQuestion, 'request' | 'kind'>): string {
  const name = 'name' in question.request && question.request.name ? ` ${JSON.stringify(question.request.name)}` : '';
  return `${question.request.verb} ${questionResource(question.request)}${name} ${scopeClause(question)}`.trim();
}

function refusedLines({ questions, contradicted }: FoundFix): readonly string[] {
  return questions
    .filter(({ verdict }) => answerOf(verdict) === 'no')
    .map(({ verdict, installed, ...question }) => {
      const what = questionText(question);
      if (installed === 'no') return `${questionResource(question.request)} is not installed, so no permission helps.`;
      if (contradicted)
        return `The RBAC objects allow ${what}, and the server does not: another authorizer decides, and no change of RBAC helps.`;
      return verdict.state === 'noOpinion'
        ? `Refused: ${what}.`
        : `An authorizer forbids ${what}: ${verdict.reason ?? 'it gives no reason'}. RBAC cannot lift that.`;
    });
}

/** What is said of a List that changes nothing. */
export function emptyLine({ harmless }: FoundFix): string {
  if (harmless === undefined) return EMPTY;
  return harmless.kind === 'SelfSubjectRulesReview' ? REVIEW : UNCHANGED;
}

const UNCHANGED = 'The List holds the binding that grants it, unchanged, because kubectl apply fails without any object.';
const REVIEW = 'The List holds a review, of which the server keeps nothing, because kubectl apply fails without any object.';
const EMPTY = 'kubectl apply fails on the empty List ("no objects passed to apply"): in scripts, run the commands of "-o commands".';

/** What is said beside the objects. */
export function fixLines(found: FoundFix & { readonly chosen: number }): readonly string[] {
  const { state, alternatives, chosen, questions, grantee, unread } = found;
  switch (state) {
    case 'nothing':
      return ['Nothing to fix: everything is allowed already.'];
    case 'unknown':
      return questions
        .filter(({ verdict }) => verdict.state === 'unknown')
        .map(
          ({ request, verdict }) =>
            `error: whether ${request.verb} ${questionResource(request)} is allowed could not be determined: ${verdict.error ?? verdict.evaluationError ?? 'no answer'}`,
        )
        .concat(grantee === undefined ? ['error: no grant can be named, because the server does not say who you are'] : []);
    case 'impossible':
      return refusedLines(found);
    case 'fix': {
      const alternative = alternatives[chosen];
      return [
        ...refusedLines(found),
        'Alternatives, smallest grant first:',
        ...alternatives.flatMap((one, index) => alternativeLines(one, index, chosen)),
        ...(alternatives.length > 1 ? ['To print another one, add --alternative=N.'] : []),
        ...(alternative === undefined ? [] : [...givesLines(alternative), ...whyLines(alternative), ...requestLines(found, alternative)]),
        ...(unread.length > 0
          ? [`Unverified: ${unread.map(({ kind }) => `${kind}s`).join(', ')} could not be read, so there may be less to change.`]
          : []),
        'To see when it takes effect, run "rbac check" with the same arguments and --wait=10s.',
      ];
    }
  }
}

/** Rights that are listed; of more only their number is. */
const LISTED = 10;

function givesLines({ radius: { alsoGrants } }: TriedAlternative): readonly string[] {
  if (alsoGrants.length === 0) return ['It grants nothing else to anyone.'];
  const shown = alsoGrants.slice(0, LISTED).map(({ subject, verb, resource = '', group = '', name, path, namespace }) => {
    const what = path ?? [resource, group].filter((part) => part !== '').join('.');
    return `  ${subjectText(subject)}: ${verb} ${what}${name === undefined ? '' : ` ${JSON.stringify(name)}`}${namespace === '' ? '' : ` in ${namespace}`}`;
  });
  const rest = alsoGrants.length - shown.length;
  return ['It also grants:', ...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])];
}
