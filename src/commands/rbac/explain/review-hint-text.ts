import { isUnnamedVerb } from '../../../domain/kubernetes/verb.ts';
import type { AccessRequest } from '../../../domain/rbac/access-review.ts';
import type { HintScope, ReviewHint } from '../../../domain/rbac/near-miss/own-rules.ts';
import { type AnsweredQuestion, questionResource } from '../../../domain/rbac/question.ts';
import { nameSelector, shellCommand } from '../../../text/shell.ts';

function places(namespaces: readonly string[]): string {
  return `the namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.join(', ')}`;
}

function nameList(names: readonly string[]): string {
  return names.map((name) => (/^[a-z0-9][a-z0-9.:-]*$/i.test(name) ? name : JSON.stringify(name))).join(', ');
}

function named(name: string | undefined): string {
  return name === undefined ? '' : ` ${nameList([name])}`;
}

const SCOPES: Readonly<Record<HintScope, string>> = { here: 'here', everywhere: 'in every namespace' };

/** What a review tells, as a sentence. */
export function hintText(hint: ReviewHint, { request, kind }: Pick<AnsweredQuestion, 'request' | 'kind'>, who: string): string {
  const what = questionResource(request);
  const { verb } = request;
  const isClusterWide = 'path' in request || kind?.namespaced === false;
  const where = (scope: HintScope): string => (isClusterWide ? '' : ` ${SCOPES[scope]}`);
  if ('gap' in hint) {
    const field = hint.code === 'wrong-api-group' ? 'the API group ' : '';
    return `A rule of ${who} names ${field}${hint.gap.value}, not ${JSON.stringify(hint.gap.wanted)}.`;
  }
  switch (hint.code) {
    case 'denied-by-authorizer':
      return `A rule of ${who} allows it, but the server refuses it: another authorizer decides before RBAC, or the rule is newer than the answer.`;
    case 'wrong-namespace':
      return `${who} may ${verb} ${what} in ${places(hint.namespaces)}.`;
    case 'rolebinding-for-cluster-scope':
      return `A RoleBinding in the namespace ${hint.namespace} names ${what} for ${who}, but that has no effect: only a ClusterRoleBinding grants ${'path' in request ? 'URLs' : 'what is cluster-scoped'}.`;
    case 'missing-verb':
      return `${who} may ${hint.verbs.join(', ')} ${what}${named(hint.name)}${where(hint.scope)}, but not ${verb} ${pronoun(hint, request)}.`;
    case 'resource-names':
      return namesText(hint, { request }, who);
    case 'missing-resource':
      return `${who} may ${verb} ${hint.resources.join(', ')}${where(hint.scope)}, which ${hint.resources.length > 1 ? 'are' : 'is'} of the same API group.`;
    case 'missing-subresource':
      return `${who} may ${verb} ${hint.resources.join(', ')}${named(hint.name)}${where(hint.scope)}, but not ${what}: a kind and its subresources do not cover each other.`;
  }
}

function pronoun({ name }: { readonly name?: string | undefined }, request: AccessRequest): string {
  return 'path' in request || name !== undefined ? 'it' : 'them';
}

type NamesHint = Extract<ReviewHint, { readonly code: 'resource-names' }>;

function namesText({ names, isWhole }: NamesHint, { request }: Pick<AnsweredQuestion, 'request'>, who: string): string {
  const { verb } = request;
  const subresource = 'subresource' in request ? request.subresource : undefined;
  if (isUnnamedVerb(verb, subresource))
    return `A rule of ${who} allows ${verb} for the names ${nameList(names)} only, which never counts: such a request has no name.`;
  const isList = verb === 'list' || verb === 'watch';
  const how = isList && names[0] !== undefined ? `, with ${shellCommand([nameSelector(names[0])])}` : '';
  return `${who} may ${verb}${isWhole ? ' only' : ''} those named ${nameList(names)}${how}.`;
}
