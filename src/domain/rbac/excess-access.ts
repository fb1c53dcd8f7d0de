import { KSERVE_GROUP, KSERVE_KINDS } from '../kserve/kinds.ts';
import { resourcesOfGroup } from '../kserve/resource-lookup.ts';
import type { ApiResource, Discovery } from '../kubernetes/resource.ts';
import { STANDARD_VERBS } from '../kubernetes/verb.ts';
import { isResourceRequest, type ResourceAccessRequest } from './access-review.ts';
import { type Question, questionKey } from './question.ts';

/** A right that a task does not need. */
export interface ExcessQuestion extends Question {
  readonly request: ResourceAccessRequest;
  /** Set if a yes can only come from a wildcard in that field of a rule; `apiGroups` includes `resources`. */
  readonly wildcard?: 'verbs' | 'resources' | 'apiGroups';
  /** A right of the task itself, asked about in all namespaces: the task needs it in some only. */
  readonly isWider?: true;
}

// A wildcard is found by a word that no rule spells out. `*` itself is never sent: some authorizers take it as "any of them".
const NO_SUCH_VERB = 'no-such-verb';
const NO_SUCH_RESOURCE = 'nosuchresources';
const NO_SUCH_GROUP = 'no-such-group.invalid';

const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

/** What a right is about, but for its verb and its namespace. */
type Subject = Pick<Question, 'kind' | 'installed'> & Pick<ResourceAccessRequest, 'group' | 'resource' | 'subresource' | 'name'>;

function subjectKey({ group, resource, subresource, name }: Subject): string {
  return JSON.stringify([group, resource, subresource, name]);
}

function fields({ group, resource, subresource, name }: Subject): Omit<ResourceAccessRequest, 'verb' | 'namespace'> {
  return { group, resource, ...(subresource !== undefined && { subresource }), ...(name !== undefined && { name }) };
}

/** The kinds of the task; for a named object its whole kind too. */
function taskSubjects(questions: readonly Question[]): readonly Subject[] {
  return questions.flatMap(({ request, kind, installed }) => {
    if (!isResourceRequest(request)) return [];
    const { name, ...wholeKind } = request;
    return [{ kind, installed, ...wholeKind }, ...(name === undefined ? [] : [{ kind, installed, ...wholeKind, name }])];
  });
}

function kserveSubjects(discovery: Discovery | undefined): readonly Subject[] {
  const served = discovery === undefined ? [] : resourcesOfGroup(KSERVE_GROUP, discovery);
  const kinds: readonly ApiResource[] = served.length === 0 ? KSERVE_KINDS : served;
  return kinds.flatMap((kind) => {
    const { group, plural, namespaced } = kind;
    const subject: Subject = { kind: { group, plural, kind: kind.kind, namespaced }, installed: 'yes', group, resource: plural };
    return [subject, ...kind.subresources.map((subresource) => ({ ...subject, subresource }))];
  });
}

function verbsOf({ group, resource, subresource }: Subject, questions: readonly Question[]): readonly string[] {
  const asked = questions.flatMap(({ request }) => {
    const isSame = isResourceRequest(request) && request.group === group && request.resource === resource;
    return isSame && request.subresource === subresource ? [request.verb] : [];
  });
  return [...new Set([...(subresource === undefined ? STANDARD_VERBS : SUBRESOURCE_VERBS), ...asked])];
}

function aboutSubject(subject: Subject, namespaces: readonly string[], questions: readonly Question[]): readonly ExcessQuestion[] {
  const { kind, installed } = subject;
  const scopes = kind?.namespaced === false ? [''] : namespaces;
  const verbs = verbsOf(subject, questions);
  return scopes.flatMap((namespace) => [
    ...verbs.map((verb) => ({ kind, installed, request: { verb, ...fields(subject), namespace } })),
    { kind, installed, request: { verb: NO_SUCH_VERB, ...fields(subject), namespace }, wildcard: 'verbs' as const },
  ]);
}

function aboutWildcards(namespace: string): readonly ExcessQuestion[] {
  const ask = (verb: string, group: string, wildcard: 'resources' | 'apiGroups'): ExcessQuestion => {
    return { installed: 'yes', request: { verb, group, resource: NO_SUCH_RESOURCE, namespace }, wildcard };
  };
  return [...STANDARD_VERBS, NO_SUCH_VERB].flatMap((verb) => [ask(verb, KSERVE_GROUP, 'resources'), ask(verb, NO_SUCH_GROUP, 'apiGroups')]);
}

/**
 * What to ask to learn which rights go beyond `questions`: all verbs on their kinds and on KServe's others, in the same namespaces and in
 * all at once, and every verb behind wildcards.
 */
export function excessQuestions(questions: readonly Question[], discovery: Discovery | undefined): readonly ExcessQuestion[] {
  const asked = new Map(questions.map((question) => [questionKey(question.request), question]));
  const namespaces = [...new Set([...questions.flatMap(({ request }) => (isResourceRequest(request) ? [request.namespace] : [])), ''])];
  const subjects = new Map([...kserveSubjects(discovery), ...taskSubjects(questions)].map((subject) => [subjectKey(subject), subject]));
  const about = [...subjects.values()].flatMap((subject) => aboutSubject(subject, namespaces, questions));
  const isAskedSomewhere = (question: ExcessQuestion): boolean =>
    question.request.namespace === '' && namespaces.some((namespace) => asked.has(questionKey({ ...question.request, namespace })));
  return [...about, ...namespaces.flatMap(aboutWildcards)]
    .filter(({ request }) => !asked.has(questionKey(request)))
    .map((question) => (isAskedSomewhere(question) ? { ...question, isWider: true as const } : question));
}

/** A right as a rule would name it, wildcards included. */
export function excessRule({ request, wildcard }: ExcessQuestion): ResourceAccessRequest {
  const { verb, group, resource } = request;
  const isAnyResource = wildcard === 'resources' || wildcard === 'apiGroups';
  return {
    ...request,
    verb: verb === NO_SUCH_VERB ? '*' : verb,
    group: wildcard === 'apiGroups' ? '*' : group,
    resource: isAnyResource ? '*' : resource,
  };
}

function includes(wide: string, narrow: string): boolean {
  return wide === '*' || wide === narrow;
}

function includesResource(wide: ResourceAccessRequest, narrow: ResourceAccessRequest): boolean {
  return wide.resource === '*' || (wide.resource === narrow.resource && wide.subresource === narrow.subresource);
}

/** Whether one right holds another. */
function holds(wide: ResourceAccessRequest, narrow: ResourceAccessRequest): boolean {
  return (
    includes(wide.verb, narrow.verb) &&
    includes(wide.group, narrow.group) &&
    includesResource(wide, narrow) &&
    (wide.namespace === '' || wide.namespace === narrow.namespace) &&
    (wide.name === undefined || wide.name === narrow.name)
  );
}

/** Without the rights that others among them hold: what a wildcard or a wider scope allows needs no list of its own. */
export function widestOf<Q extends ExcessQuestion>(questions: readonly Q[]): readonly Q[] {
  const rules = questions.map((question) => ({ question, rule: excessRule(question) }));
  const isHeld = (one: (typeof rules)[number]): boolean => rules.some((other) => other !== one && holds(other.rule, one.rule));
  return rules.filter((one) => !isHeld(one)).map(({ question }) => question);
}
