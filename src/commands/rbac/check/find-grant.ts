import type { Limit } from '../../../async/in-flight.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { connectionFlags } from '../../../command/connection-flags.ts';
import type { KubeObject } from '../../../domain/kubernetes/resource.ts';
import { type Grant, otherRoleName, type RolePlace } from '../../../domain/rbac/grant.ts';
import type { GrantRole } from '../../../domain/rbac/grant-object.ts';
import type { Ask } from '../../../domain/rbac/question.ts';
import { readRules } from '../../../domain/rbac/read-objects.ts';
import { sameRules } from '../../../domain/rbac/same-rules.ts';
import { canApply } from '../../../queries/can-apply.ts';
import { RBAC_TYPES } from '../../../queries/rbac-objects.ts';
import { reviewFailure } from '../../../queries/review-failure.ts';
import type { Findings } from './findings.ts';
import { grantFor } from './needed-grant.ts';

/** A role of a grant whose first name is in use: by that very role, or by another one. */
export interface FoundRole extends RolePlace {
  readonly kind: GrantRole['kind'];
  /** The name that it would have if that were free. */
  readonly usualName: string;
}

interface Asker {
  readonly cluster: Cluster;
  readonly askSelf: Ask;
  readonly limit: Limit;
}

// A role that may not be read is taken to be absent: that is what most callers see, and the server has the last word.
async function readRole({ cluster, limit }: Asker, { kind, metadata }: GrantRole, name: string): Promise<KubeObject | undefined> {
  try {
    return await limit(() => cluster.get(RBAC_TYPES[kind], name, { namespace: metadata.namespace }));
  } catch (error) {
    reviewFailure(error);
    return undefined;
  }
}

// Rules of an aggregated role are not its own: a controller rewrites them.
function isSameRole(role: GrantRole, found: KubeObject): boolean {
  const { rules, isWhole } = readRules(found.rules);
  return found.aggregationRule === undefined && isWhole && sameRules(role.rules, rules);
}

/** No cluster has this many foreign roles under names with hashes; a server that says so is not to keep us busy. */
const MOST_ATTEMPTS = 3;

async function placeOf(asker: Asker, role: GrantRole, attempt = 0): Promise<RolePlace> {
  const name = attempt === 0 ? role.metadata.name : otherRoleName(role, attempt);
  const found = await readRole(asker, role, name);
  if (found === undefined || attempt === MOST_ATTEMPTS) return { name, exists: false };
  return isSameRole(role, found) ? { name, exists: true } : placeOf(asker, role, attempt + 1);
}

async function findRoles(asker: Asker, { objects }: Grant): Promise<readonly FoundRole[]> {
  const roles = objects.filter((object) => 'rules' in object);
  const places = await Promise.all(
    roles.map(async (role) => ({ kind: role.kind, usualName: role.metadata.name, ...(await placeOf(asker, role)) })),
  );
  return places.filter(({ exists, name, usualName }) => exists || name !== usualName);
}

/**
 * The least grant that lifts the refusals, as it can be created beside the roles that are there: a binding to a role of the same name
 * and other rules would grant those.
 */
export async function findGrant(
  asked: Pick<Findings, 'identity' | 'subject' | 'questions' | 'task' | 'connectionOptions'>,
  asker: Asker,
): Promise<Pick<Findings, 'grant' | 'foundRoles' | 'canApply'>> {
  const usual = grantFor(asked);
  if (usual === undefined) return { grant: undefined, foundRoles: [], canApply: undefined };
  const foundRoles = await findRoles(asker, usual);
  const rolePlaces = new Map(foundRoles.map((role) => [role.usualName, role]));
  const grant = grantFor(asked, { rolePlaces });
  if (grant === undefined || !(await canApply(grant, asker))) return { grant, foundRoles, canApply: grant && false };
  // The caller is not to paste this into another cluster, nor as somebody else.
  const flags = connectionFlags(asked.connectionOptions);
  return { grant: grantFor(asked, { rolePlaces, flags }), foundRoles, canApply: true };
}

/** What is already there of a grant, as a sentence. */
export function foundRoleText({ kind, name, usualName, exists }: FoundRole): string {
  const taken = `${kind} ${JSON.stringify(usualName)} exists`;
  if (exists && name === usualName) return `${taken} already with exactly these rules: only a binding to it is missing.`;
  const other = `${taken} with other rules, so this grant does not use it`;
  return exists ? `${other}: it binds to ${JSON.stringify(name)}, which exists already.` : `${other}.`;
}
