import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Context } from '../../../command/context.ts';
import { KSERVE_KINDS } from '../../../domain/kserve/kinds.ts';
import { isServed } from '../../../domain/kserve/resource-lookup.ts';
import { isNamespaceName } from '../../../domain/kubernetes/identity.ts';
import type { Discovery } from '../../../domain/kubernetes/resource.ts';
import { type AccessRequest, isUrlRequest } from '../../../domain/rbac/access-review.ts';
import type { RbacObjects } from '../../../domain/rbac/authorizer.ts';
import type { PastedDenial } from '../../../domain/rbac/pasted-errors.ts';
import type { Question } from '../../../domain/rbac/question.ts';
import { parseSubject } from '../../../queries/asked-subject.ts';
import { askDiscovery } from '../../../queries/discovery.ts';
import { askIdentity } from '../../../queries/identity.ts';
import { readReadableRbac } from '../../../queries/readable-rbac.ts';
import type { Inquiry } from '../question/inquiry.ts';
import { explainInquiry } from './find.ts';
import type { FoundExplanations } from './found.ts';

/** Namespaces that are read one by one where those of all may not be. */
const MOST_NAMESPACES = 20;

/** Explains refusals, those of each account together. */
export async function findPasted(
  context: Context,
  denials: readonly PastedDenial[],
  all: boolean,
): Promise<{ readonly accounts: readonly FoundExplanations[]; readonly objects: RbacObjects }> {
  const connection = await context.connection();
  const { cluster } = connection;
  const homes = [...new Set(denials.map(({ request }) => placeOf(request)))].filter(isNamespaceName).slice(0, MOST_NAMESPACES);
  const [identity, discovery, rbac] = await Promise.all([
    askIdentity(cluster),
    askDiscovery(cluster, true),
    readReadableRbac(cluster, homes, limitInFlight(REVIEWS_IN_FLIGHT)),
  ]);
  const byUser = [...Map.groupBy(denials, ({ user }) => user)];
  const accounts = byUser.map(([user, same]) => {
    const isSelf = identity.identity?.user === user;
    const inquiry: Inquiry = {
      context,
      connection,
      request: {
        asked: { kind: 'needs', task: undefined, needs: [] },
        subject: isSelf ? undefined : parseSubject({ sa: undefined, forUser: user, forGroup: [] }),
        subresource: undefined,
        namespaces: homes,
        acceptsUnknown: false,
      },
      namespaces: homes,
      isAccountsNamespace: false,
      questions: same.map(({ request, count }) => ({ ...toQuestion(request, discovery.discovery), count })),
      excess: undefined,
      leftOut: [],
      notes: same
        .filter(({ count }) => count > 1)
        .map(({ count, request }) => `${request.verb} ${'path' in request ? request.path : request.resource} was refused ${count} times`),
      identity,
      discovery,
      accountWarning: undefined,
      ahead: new Map(),
      limit: limitInFlight(REVIEWS_IN_FLIGHT),
    };
    return explainInquiry(inquiry, rbac, { all, isNamed: false });
  });
  return { accounts: await Promise.all(accounts), objects: rbac.objects };
}

function placeOf(request: AccessRequest): string {
  return isUrlRequest(request) ? '' : request.namespace;
}

function toQuestion(request: AccessRequest, discovery: Discovery | undefined): Question {
  if (isUrlRequest(request)) return { request, installed: 'yes' };
  const { group, resource } = request;
  const served = (discovery?.groups ?? []).flatMap(({ versions }) => versions.flatMap(({ resources }) => resources));
  const kind = [...served, ...KSERVE_KINDS].find((one) => one.group === group && one.plural === resource);
  return { request, installed: isServed({ group, plural: resource }, discovery), ...(kind !== undefined && { kind }) };
}
