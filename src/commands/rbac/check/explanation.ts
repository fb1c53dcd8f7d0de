import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { grantedBy, missingRoleText, parseReason } from '../../../domain/rbac/allow-reason.ts';
import { type AnsweredQuestion, questionResource } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import { subjectLabel } from '../../../queries/asked-subject.ts';
import { trapText } from './false-yes.ts';
import { foundRoleText } from './find-grant.ts';
import type { FoundAccess } from './found.ts';
import { namedRuleText } from './named-rules.ts';
import { grantableRequests, grantScope } from './needed-grant.ts';

/** With a full stop at the end. */
export function stop(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function verdictTexts({ verdict }: AnsweredQuestion): readonly string[] {
  switch (verdict.state) {
    case 'denied':
      return [
        `An authorizer forbids it: ${verdict.reason ?? 'it gives no reason'}. RBAC cannot lift that; the policy of that authorizer must change.`,
      ];
    case 'conditional':
      return [`The authorizer would allow it under a condition: ${verdict.condition}`];
    case 'noOpinion':
      return parseReason(verdict.reason ?? '').flatMap((part) => {
        if (part.kind === 'missingRoles') return part.roles.map(missingRoleText);
        return part.kind === 'other'
          ? [`Another authorizer says: ${stop(part.text)} It may need a permission of its own besides RBAC.`]
          : [];
      });
    default:
      return [];
  }
}

/** That a kind is not there, or may not be: then no permission helps. */
export function installationTexts(questions: readonly AnsweredQuestion[]): readonly string[] {
  return questions.flatMap(({ request, installed }) => {
    if (installed === 'yes') return [];
    const resource = questionResource(request);
    return installed === 'no'
      ? [`${resource} is not installed in this cluster.`]
      : [`Whether ${resource} is installed could not be determined; if it is not, the request fails for everybody.`];
  });
}

function groupsText({ subject, questions }: FoundAccess): readonly string[] {
  if (subject === undefined || subject.groupsKnown || !questions.some(({ verdict }) => answerOf(verdict) === 'no')) return [];
  const label = subjectLabel(subject);
  if (!subject.groupsImplied) return [`Other groups of ${label} than those are not known: one could give more.`];
  return [`The groups of ${label} are not known: a group could give more. Name them with --for-group.`];
}

function rbacOnlyText({ questions }: FoundAccess): readonly string[] {
  if (!questions.some(({ method }) => method === 'RBACObjects')) return [];
  return ['Evaluated here from the RBAC objects, because no access review was permitted: other authorizers are not seen (RBAC only).'];
}

function accountText({ isAccountsNamespace, namespaces, questions }: FoundAccess): readonly string[] {
  const [namespace = ''] = namespaces;
  const isAsked = questions.some(({ request }) => !isUrlRequest(request) && request.namespace === namespace);
  if (!isAccountsNamespace || !isAsked) return [];
  return [`Asked in the namespace ${JSON.stringify(namespace)}, the ServiceAccount's own; name another with -n.`];
}

function optionalText({ optional }: FoundAccess): readonly string[] {
  const kinds = unique(optional.filter(({ verdict }) => answerOf(verdict) !== 'yes').map(({ request }) => questionResource(request)));
  if (kinds.length === 0) return [];
  return [`Optional rights do not count, and no grant holds them: ${kinds.join(', ')}. With --optional they do.`];
}

function namelessText({ identity, subject, questions }: FoundAccess): readonly string[] {
  if (subject !== undefined || identity !== undefined || grantableRequests(questions).length === 0) return [];
  return ['No grant can be named, because the server does not say who you are.'];
}

/** Everything that is worth a sentence, most certain first; the same in every format. */
export function explanations(found: FoundAccess): readonly string[] {
  const scope = found.grant === undefined ? undefined : grantScope(found.questions);
  return unique([
    ...installationTexts(found.questions),
    ...found.questions.flatMap(verdictTexts),
    ...(scope === undefined ? [] : [scope]),
    ...found.traps.map(trapText),
    ...found.namedRules.map(namedRuleText),
    ...accountText(found),
    ...optionalText(found),
    ...groupsText(found),
    ...namelessText(found),
    ...rbacOnlyText(found),
    ...found.foundRoles.map(foundRoleText),
  ]);
}

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
  return unique(errors.filter((error) => error !== undefined)).map((error) => `allowed, but part of the evaluation failed: ${error}`);
}
