import type { V1PolicyRule } from '@kubernetes/client-node';
import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { fieldOf } from '../domain/kubernetes/json-value.ts';
import { hashedName } from '../domain/kubernetes/object-name.ts';
import { bindingsOf } from '../domain/rbac/authorizer.ts';
import { readRules } from '../domain/rbac/read-objects.ts';
import { RULES_REVIEW, rulesReview } from '../domain/rbac/review-object.ts';
import type { OtherSubject } from './asked-subject.ts';
import { readRbacObjects } from './rbac-objects.ts';
import { reviewFailure } from './review-failure.ts';

/** A namespace that nobody has: rules there are those that hold everywhere. */
export function absentNamespace(namespaces: readonly string[], now: Date): string {
  return hashedName('kserve-check-absent', `${now.getTime()} ${namespaces.join()}`);
}

async function ownRules(cluster: Cluster, namespace: string, now: Date): Promise<readonly V1PolicyRule[]> {
  const { status } = await cluster.create(RULES_REVIEW, rulesReview(namespace || absentNamespace([], now)), {});
  return readRules(fieldOf(status, 'resourceRules')).rules;
}

async function rulesOfOther(
  cluster: Cluster,
  { reviewed }: OtherSubject,
  namespace: string,
  limit: Limit,
): Promise<readonly V1PolicyRule[]> {
  const objects = await readRbacObjects(cluster, namespace, limit);
  const { user = '', groups } = reviewed;
  return bindingsOf({ user, groups }, namespace, objects).flatMap(({ rules }) => rules ?? []);
}

/**
 * The rules of RBAC that give a subject anything in a namespace (`''`: everywhere), to explain an answer, never to give one: none where they
 * may not be read. `subject` is undefined for the caller.
 */
export async function rulesFor(cluster: Cluster, { subject, namespace, now, limit }: RulesQuestion): Promise<readonly V1PolicyRule[]> {
  try {
    if (subject !== undefined) return await rulesOfOther(cluster, subject, namespace, limit);
    return await limit(() => ownRules(cluster, namespace, now));
  } catch (error) {
    reviewFailure(error);
    return [];
  }
}

interface RulesQuestion {
  readonly subject: OtherSubject | undefined;
  readonly namespace: string;
  readonly now: Date;
  readonly limit: Limit;
}
