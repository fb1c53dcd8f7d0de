import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { KubeObject } from '../domain/kubernetes/resource.ts';
import { type Grant, type RolePlace, roleNames } from '../domain/rbac/grant.ts';
import type { GrantRole } from '../domain/rbac/grant-object.ts';
import { readRules } from '../domain/rbac/read-objects.ts';
import { isSameRole } from '../domain/rbac/same-rules.ts';
import { RBAC_TYPES } from './rbac-objects.ts';
import { reviewFailure } from './review-failure.ts';

/** A role of a grant whose first name is in use: by that very role, or by another one. */
export interface FoundRole extends RolePlace {
  readonly kind: GrantRole['kind'];
  /** Of a Role. */
  readonly namespace?: string | undefined;
  /** The name that it would have if that were free. */
  readonly usualName: string;
}

interface RoleReader {
  readonly cluster: Cluster;
  readonly limit: Limit;
}

// A role that may not be read is taken to be absent: that is what most callers see, and the server has the last word.
async function readRole({ cluster, limit }: RoleReader, { kind, metadata }: GrantRole, name: string): Promise<KubeObject | undefined> {
  try {
    return await limit(() => cluster.get(RBAC_TYPES[kind], name, { namespace: metadata.namespace }));
  } catch (error) {
    reviewFailure(error);
    return undefined;
  }
}

async function placeOf(reader: RoleReader, role: GrantRole): Promise<RolePlace> {
  const names = roleNames(role);
  for (const name of names) {
    const found = await readRole(reader, role, name);
    if (found === undefined) return { name, exists: false };
    const { rules, isWhole } = readRules(found.rules);
    if (isWhole && isSameRole(role, { rules, isAggregated: found.aggregationRule !== undefined })) return { name, exists: true };
  }
  return { name: names.at(-1) ?? role.metadata.name, exists: false };
}

/** The roles of a grant that cannot be made under their first name, as far as the caller may read roles, and where they are or can be. */
export async function findRoles(reader: RoleReader, { objects }: Grant): Promise<readonly FoundRole[]> {
  const roles = objects.filter((object) => 'rules' in object);
  const places = await Promise.all(
    roles.map(async (role) => {
      const { name: usualName, namespace } = role.metadata;
      return { kind: role.kind, ...(namespace !== undefined && { namespace }), usualName, ...(await placeOf(reader, role)) };
    }),
  );
  return places.filter(({ exists, name, usualName }) => exists || name !== usualName);
}
