import type { Identity, RbacSubject } from '../../kubernetes/identity.ts';
import type { Discovery } from '../../kubernetes/resource.ts';
import { type MissingRole, parseReason } from '../allow-reason.ts';
import { authorize, type RbacObjects } from '../authorizer.ts';
import { type BlastRadius, blastRadius } from '../blast-radius.ts';
import { applyEdits } from '../edit.ts';
import { type GrantPath, grantPaths } from '../grant-paths.ts';
import { type AnsweredQuestion, questionResource } from '../question.ts';
import { rbacGraph } from '../rbac-graph.ts';
import { answerOf } from '../verdict.ts';
import type { NearMiss } from './cause.ts';
import { nearMisses } from './near-misses.ts';
import type { ReadKinds } from './search.ts';

/** Why a request is not allowed. All but the first kind are no edit of RBAC objects that is known. */
export type Cause =
  | { readonly kind: 'near-miss'; readonly miss: NearMiss; readonly radius: BlastRadius }
  | { readonly kind: 'not-served'; readonly resource: string }
  /** `text`: the server's own words, if it had any. */
  | { readonly kind: 'not-logged-in'; readonly isAnonymous: boolean; readonly text?: string | undefined }
  | { readonly kind: 'denied'; readonly text: string | undefined }
  | { readonly kind: 'other-authorizer'; readonly text: string }
  | { readonly kind: 'missing-role'; readonly role: MissingRole; readonly text: string }
  | { readonly kind: 'not-propagated' }
  | { readonly kind: 'disagreement'; readonly reason: string }
  | { readonly kind: 'may-not-impersonate'; readonly text: string };

export interface Explanation {
  /** On a yes: every binding that grants it. Empty if none could be read, or another authorizer allows it. */
  readonly grants: readonly GrantPath[];
  /** On a no, best first. */
  readonly causes: readonly Cause[];
  /** Near misses that are left out. */
  readonly more: number;
}

export interface ExplainInput {
  readonly question: AnsweredQuestion;
  /** Undefined if the server does not say who the caller is. */
  readonly asker: { readonly identity: Identity; readonly subject: RbacSubject } | undefined;
  readonly objects: RbacObjects;
  readonly read: ReadKinds;
  readonly discovery: Discovery | undefined;
  /** The request had no credentials, so that no right of its account is what is missing. */
  readonly isAnonymous: boolean;
  /** The answer to the same question a moment later, where ours and the server's differ. */
  readonly isAllowedLater: boolean;
  /** Near misses to give. */
  readonly most: number;
}

const NOTHING: Explanation = { grants: [], causes: [], more: 0 };

/** Why the answer is what it is, as far as RBAC objects and the server's own words tell. */
export function explain(input: ExplainInput): Explanation {
  const { question, asker, objects, isAnonymous } = input;
  const answer = answerOf(question.verdict);
  if (isAnonymous && answer !== 'yes' && question.installed !== 'no')
    return { ...NOTHING, causes: [{ kind: 'not-logged-in', isAnonymous }] };
  switch (answer) {
    case 'yes':
      return asker === undefined ? NOTHING : { ...NOTHING, grants: grantPaths(rbacGraph(objects), question.request, asker.identity) };
    case 'unknown':
      return { ...NOTHING, causes: impersonationCauses(question) };
    case 'no':
      return causesOf(input);
  }
}

/** Whether the objects allow what the server does not. */
export function contradicts({ question, asker, objects }: Pick<ExplainInput, 'question' | 'asker' | 'objects'>): boolean {
  if (question.verdict.state !== 'noOpinion' || asker === undefined) return false;
  return authorize(asker.identity, question.request, objects).allowed;
}

function causesOf(input: ExplainInput): Explanation {
  const { question, asker, objects } = input;
  const { verdict, request, installed } = question;
  const only = (...causes: readonly Cause[]): Explanation => ({ ...NOTHING, causes });
  if (installed === 'no') return only({ kind: 'not-served', resource: questionResource(request) });
  if (verdict.state !== 'noOpinion') return only({ kind: 'denied', text: verdict.reason ?? verdict.condition });
  if (contradicts(input))
    return input.isAllowedLater ? only({ kind: 'not-propagated' }) : only(disagreement(input), ...statedCauses(input, []));
  if (asker === undefined) return only(...statedCauses(input, []));
  const asked = { request, asker, kind: question.kind, discovery: input.discovery, read: input.read };
  const { shown, more } = nearMisses(objects, asked, input.most);
  const found = shown.map((miss): Cause => {
    return { kind: 'near-miss', miss, radius: blastRadius(objects, applyEdits(objects, miss.edits), asker, [request]) };
  });
  return { grants: [], causes: [...statedCauses(input, shown), ...found], more };
}

function disagreement({ question, asker, objects }: ExplainInput): Cause {
  const reason = asker === undefined ? '' : authorize(asker.identity, question.request, objects).reason;
  return { kind: 'disagreement', reason };
}

/** What authorizers themselves say; a role that is missing is said once, by its binding where that could be read. */
function statedCauses({ question: { verdict } }: ExplainInput, misses: readonly NearMiss[]): readonly Cause[] {
  const known = misses
    .filter(({ code }) => code === 'dangling-role-ref' || code === 'role-ref-kind')
    .map(({ binding }) => binding?.roleRef);
  return parseReason(verdict.reason ?? '').flatMap((part): readonly Cause[] => {
    if (part.kind === 'other') return [{ kind: 'other-authorizer', text: part.text }];
    if (part.kind !== 'missingRoles') return [];
    const unseen = part.roles.filter(({ kind, name }) => !known.some((ref) => ref?.kind === kind && ref.name === name));
    return unseen.map((role) => ({ kind: 'missing-role' as const, role, text: verdict.reason ?? '' }));
  });
}

const IMPERSONATION = /cannot impersonate(-on:[a-z:-]+)? /;

function impersonationCauses({ attempts, verdict }: AnsweredQuestion): readonly Cause[] {
  const texts = [...attempts.map(({ message }) => message), verdict.error ?? ''];
  const refused = texts.find((text) => IMPERSONATION.test(text));
  return refused === undefined ? [] : [{ kind: 'may-not-impersonate', text: refused }];
}
