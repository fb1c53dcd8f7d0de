import { KSERVE_GROUP } from '../../../domain/kserve/kinds.ts';
import { STANDARD_VERBS } from '../../../domain/kubernetes/verb.ts';
import { isUrlRequest, type ResourceAccessRequest } from '../../../domain/rbac/access-review.ts';
import { type Question, questionKey } from '../../../domain/rbac/question.ts';

/** A right that a task does not need. */
export interface ExcessQuestion extends Question {
  /** Set if a yes can only come from a wildcard in that field of a rule. */
  readonly wildcard?: 'verbs' | 'resources' | 'apiGroups';
}

// A wildcard is found by a word that no rule spells out. `*` itself is never sent: some authorizers take it as "any of them".
const NO_SUCH_VERB = 'no-such-verb';
const NO_SUCH_RESOURCE = 'nosuchresources';
const NO_SUCH_GROUP = 'no-such-group.invalid';

interface Place extends Pick<Question, 'kind' | 'installed'> {
  readonly request: ResourceAccessRequest;
}

function places(questions: readonly Question[]): readonly Place[] {
  const all = questions.flatMap(({ request, kind, installed }) => (isUrlRequest(request) ? [] : [{ request, kind, installed }]));
  const key = ({ request }: Place): string => questionKey({ ...request, verb: '' });
  return [...Map.groupBy(all, key).values()].flatMap((same) => same.slice(0, 1));
}

function otherVerbs(place: Place, asked: ReadonlySet<string>): readonly ExcessQuestion[] {
  const requests = STANDARD_VERBS.map((verb) => ({ ...place.request, verb })).filter((request) => !asked.has(questionKey(request)));
  return [
    ...requests.map((request) => ({ ...place, request })),
    { ...place, request: { ...place.request, verb: NO_SUCH_VERB }, wildcard: 'verbs' },
  ];
}

function wildcards(namespace: string): readonly ExcessQuestion[] {
  const shared = { installed: 'yes' as const };
  return [
    { ...shared, request: { verb: 'get', group: KSERVE_GROUP, resource: NO_SUCH_RESOURCE, namespace }, wildcard: 'resources' },
    { ...shared, request: { verb: 'get', group: NO_SUCH_GROUP, resource: NO_SUCH_RESOURCE, namespace }, wildcard: 'apiGroups' },
  ];
}

/** What to ask to learn which rights go beyond `questions`: the other verbs of the same resources, and wildcards. */
export function excessQuestions(questions: readonly Question[]): readonly ExcessQuestion[] {
  const asked = new Set(questions.map(({ request }) => questionKey(request)));
  const all = places(questions);
  const namespaces = new Set(all.map(({ request }) => request.namespace));
  return [...all.flatMap((place) => otherVerbs(place, asked)), ...[...namespaces].flatMap(wildcards)];
}
