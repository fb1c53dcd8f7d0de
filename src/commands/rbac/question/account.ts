import type { Connection } from '../../../cluster/cluster.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import { subjectOf } from '../../../domain/kubernetes/identity.ts';
import type { Asker } from '../../../domain/rbac/near-miss/subject-gap.ts';
import type { Inquiry } from './inquiry.ts';
import type { QuestionRequest } from './request.ts';

/** Namespaces whose objects count even where those of all may not be read. */
export function homesOf({ namespaces = [], subject }: QuestionRequest, connection: Connection): readonly string[] {
  const own = subject?.rbac.kind === 'ServiceAccount' ? [subject.rbac.namespace] : [];
  return [...new Set([...namespaces, ...own, namespaceOf(connection)])].filter((namespace) => namespace !== '');
}

/** Whom the questions are about; undefined if the server does not say who the caller is. */
export function accountOf({ request: { subject }, identity: { identity } }: Inquiry): Asker | undefined {
  if (subject !== undefined) {
    const { user = '', groups } = subject.reviewed;
    return { identity: { user, groups }, subject: subject.rbac };
  }
  return identity && { identity, subject: subjectOf(identity.user) };
}
