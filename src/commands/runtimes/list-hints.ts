import { isUrlRequest } from '../../domain/access-review.ts';
import { type Denial, parseForbidden } from '../../domain/forbidden-message.ts';
import { grantHint } from '../../domain/grant.ts';
import { subjectOf } from '../../domain/identity.ts';
import type { ClusterError } from '../../errors.ts';
import type { KindAnswer, Known } from './list-outcome.ts';

/** Verbs of a reader: who may list may also look at one and follow changes. */
const READ = ['get', 'list', 'watch'];

/** The next step after a refusal: the least that grants it. Undefined if the failure is no refusal, or says nothing to build on. */
export function accessHint(answer: KindAnswer, error: ClusterError, { programName }: Pick<Known, 'programName'>): string | undefined {
  if (error.reason !== 'Forbidden' || !error.fromStatus) return undefined;
  const denial = parseForbidden(error.message);
  if (denial === undefined) return undefined;
  if (denial.user === 'system:anonymous') return 'No credentials were sent. Log in, or choose a --context or --user that has some.';
  return isOfList(denial, answer) ? grant(answer, denial.user, programName) : undefined;
}

/** A refused impersonation names other verbs and resources: no right on runtimes would help. */
function isOfList({ request }: Denial, { api }: KindAnswer): boolean {
  return !isUrlRequest(request) && request.verb === 'list' && request.resource === api.type.plural && request.group === api.type.group;
}

function grant({ api, namespace = '' }: KindAnswer, user: string, programName: string): string {
  const { group, plural, namespaced } = api.type;
  const requests = READ.map((verb) => ({ verb, group, resource: plural, namespace }));
  const hint = grantHint(requests, subjectOf(user), { kinds: [api.type] });
  if (!namespaced || namespace !== '') return hint;
  return `${hint}\nhint: One namespace may be permitted already: ${programName} runtimes list -n NAMESPACE`;
}
