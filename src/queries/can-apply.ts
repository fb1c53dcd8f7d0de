import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ResourceType } from '../domain/kubernetes/resource.ts';
import type { Grant } from '../domain/rbac/grant.ts';
import { type GrantObject, RBAC_GROUP } from '../domain/rbac/grant-object.ts';
import type { AskAccess } from '../domain/rbac/question.ts';
import { answerOf } from '../domain/rbac/verdict.ts';
import { RBAC_TYPES } from './rbac-objects.ts';
import { reviewFailure } from './review-failure.ts';

function typeOf(object: GrantObject): ResourceType {
  return RBAC_TYPES[object.kind];
}

async function mayCreate(object: GrantObject, askSelf: AskAccess): Promise<boolean> {
  const namespace = object.metadata.namespace ?? '';
  const { verdict } = await askSelf({ verb: 'create', group: RBAC_GROUP, resource: typeOf(object).plural, namespace });
  return answerOf(verdict) === 'yes';
}

// A dry run meets the server's protection against escalation, which an access review does not know of.
async function dryRun(cluster: Cluster, object: GrantObject): Promise<'works' | 'no role yet' | 'fails'> {
  try {
    await cluster.create(typeOf(object), object, { namespace: object.metadata.namespace, dryRun: true });
    return 'works';
  } catch (error) {
    const { code } = reviewFailure(error);
    return code === 404 && 'roleRef' in object ? 'no role yet' : 'fails';
  }
}

async function mayEscalate(object: GrantObject, askSelf: AskAccess): Promise<boolean> {
  const { name, namespace = '' } = object.metadata;
  const { verdict } = await askSelf({ verb: 'escalate', group: RBAC_GROUP, resource: typeOf(object).plural, namespace, name });
  return answerOf(verdict) === 'yes';
}

/**
 * Whether the caller may create all objects of a grant. A binding to a role that is not there yet is refused (404) to those without
 * `bind`; once the role exists they may create it if they hold what is in it, which a role that passed without `escalate` proves.
 */
export async function canApply(
  grant: Grant,
  { cluster, askSelf, limit }: { readonly cluster: Cluster; readonly askSelf: AskAccess; readonly limit: Limit },
): Promise<boolean> {
  const allowed = await Promise.all(grant.objects.map((object) => mayCreate(object, askSelf)));
  if (allowed.includes(false)) return false;
  const results = await Promise.all(grant.objects.map((object) => limit(() => dryRun(cluster, object))));
  if (results.includes('fails')) return false;
  if (!results.includes('no role yet')) return true;
  const roles = grant.objects.filter((object) => 'rules' in object);
  const escalating = await Promise.all(roles.map((role) => mayEscalate(role, askSelf)));
  return !escalating.includes(true);
}
