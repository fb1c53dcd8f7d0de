import { subjectOf } from '../../../domain/kubernetes/identity.ts';
import type { ReviewHint } from '../../../domain/rbac/near-miss/own-rules.ts';
import { answerTo } from '../../../domain/rbac/question.ts';
import type { ExitCode } from '../../../errors.ts';
import { REPORT_VERSION } from '../../../output/report.ts';
import { subjectLabel } from '../../../queries/asked-subject.ts';
import { questionFields } from '../question/question-fields.ts';
import { exitCodeFor, overallAnswer } from './decision.ts';
import type { ExplainedQuestion, FoundEscalation, FoundExplanations, FoundPasted } from './found.ts';
import { hintText } from './review-hint-text.ts';
import { unreadText } from './unread-text.ts';
import { writeReport } from './write-report.ts';

/** The account, as people know it. */
export function whoText({ identity, subject }: Pick<FoundExplanations, 'identity' | 'subject'>): string {
  if (subject !== undefined) return subjectLabel(subject);
  return identity?.user ?? 'you';
}

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function oneReport({ question, grants, causes, more, hints }: ExplainedQuestion, found: FoundExplanations): object {
  const { verdict, request, installed, method, attempts } = question;
  const { state, ...texts } = verdict;
  const who = whoText(found);
  const answer = answerTo(question, found.acceptsUnknown);
  const objectPlace = ({ namespace, ...rest }: { readonly namespace: string; readonly kind: string; readonly name: string }) => ({
    kind: rest.kind,
    ...(namespace !== '' && { namespace }),
    name: rest.name,
  });
  return {
    ...headFields(found),
    question: { ...questionFields(request), installed },
    verdict: state,
    allowed: state === 'allowed',
    ...withoutUndefined({ ...texts, method, attempts: attempts.length === 0 ? undefined : attempts, count: question.count }),
    grants: grants.map(({ binding, role, ruleIndex, subject }) => ({
      binding: objectPlace(binding),
      role: objectPlace(role),
      ruleIndex,
      subject,
    })),
    causes: causes.map(withoutUndefined),
    moreCauses: more,
    hints: hints.map((hint) => hintReport(hint, hintText(hint, question, who))),
    unread: found.unread.map((unread) => ({ ...unread, hides: unreadText(unread) })),
    warnings: found.warnings,
    summary: { answer, exitCode: exitCodeFor([answer]) },
  };
}

/** The sentence, and the words in it that are lists. */
function hintReport(hint: ReviewHint, message: string): object {
  const { code } = hint;
  if ('gap' in hint) return { code, message };
  const { namespaces, verbs, resources, names } = hint as Partial<
    Record<'namespaces' | 'verbs' | 'resources' | 'names', readonly string[]>
  >;
  const places = 'namespace' in hint ? [hint.namespace] : namespaces;
  return withoutUndefined({ code, message, namespaces: places, verbs, resources, names });
}

function headFields({ identity, subject, contextName }: FoundExplanations): object {
  const asked = subject && {
    ...subject.rbac,
    user: subject.reviewed.user,
    groups: subject.reviewed.groups,
    groupsKnown: subject.groupsKnown,
  };
  return withoutUndefined({
    apiVersion: REPORT_VERSION,
    kind: 'AccessExplanation',
    identity,
    subject: asked && withoutUndefined(asked),
    context: contextName,
  });
}

function itemsOf(found: FoundExplanations): readonly object[] {
  return found.explained.map((explained) => oneReport(explained, found));
}

function listReport(items: readonly object[], summary: object): object {
  return { apiVersion: REPORT_VERSION, kind: 'AccessExplanationList', items, summary };
}

/** docs/schema/access-explanation.schema.json; several questions make a list of explanations. */
export function explanationReport(found: FoundExplanations): object {
  const items = itemsOf(found);
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only;
  const answer = overallAnswer(found);
  return listReport(items, { answer, exitCode: exitCodeFor([answer]) });
}

/** The same of errors that were pasted, with those that are no refusal of a request by RBAC. */
export function pastedReport({ accounts, errors, escalations }: FoundPasted, exitCode: ExitCode): object {
  const items = [...accounts.flatMap(itemsOf), ...escalations.map(escalationReport)];
  const [only] = items;
  if (items.length === 1 && only !== undefined && errors.others.length === 0) return only;
  return {
    ...listReport(items, { answer: exitCode === 0 ? 'yes' : exitCode === 3 ? 'unknown' : 'no', exitCode }),
    otherErrors: errors.others,
  };
}

function escalationReport({ pasted: { user, groups, object, count }, cause }: FoundEscalation): object {
  const target = object && { resource: object.plural, name: object.name };
  return writeReport({
    head: { subject: { ...subjectOf(user), user, groups, groupsKnown: true }, count },
    target,
    answer: 'no',
    causes: [cause],
  });
}
