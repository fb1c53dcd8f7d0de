import type { Limit } from '../../../async/in-flight.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { connectionFlags } from '../../../command/connection-flags.ts';
import type { Grant } from '../../../domain/rbac/grant.ts';
import type { AskAccess } from '../../../domain/rbac/question.ts';
import { findRoles } from '../../../queries/role-places.ts';
import { tryTogether } from '../../../queries/try-edits.ts';
import type { FoundAccess } from './found.ts';
import { grantFor } from './needed-grant.ts';

interface Asker {
  readonly cluster: Cluster;
  readonly askSelf: AskAccess;
  readonly limit: Limit;
}

/**
 * The least grant that lifts the refusals, as it can be created beside the roles that are there: a binding to a role of the same name
 * and other rules would grant those. `usual` is it where there are none.
 */
export async function findGrant(
  asked: Pick<FoundAccess, 'identity' | 'subject' | 'questions' | 'task' | 'connectionOptions'>,
  usual: Grant | undefined,
  asker: Asker,
): Promise<Pick<FoundAccess, 'grant' | 'foundRoles' | 'canApply'>> {
  if (usual === undefined) return { grant: undefined, foundRoles: [], canApply: undefined };
  // Together, for hardly ever is a role of that name there.
  const [foundRoles, canCreateUsual] = await Promise.all([findRoles(asker, usual), canCreate(usual, asker)]);
  const rolePlaces = new Map(foundRoles.map((role) => [role.usualName, role]));
  const grant = foundRoles.length === 0 ? usual : grantFor(asked, { rolePlaces });
  const canApply = grant === usual ? canCreateUsual : grant !== undefined && (await canCreate(grant, asker));
  if (!canApply) return { grant, foundRoles, canApply: grant && false };
  // The caller is not to paste this into another cluster, nor as somebody else.
  const flags = connectionFlags(asked.connectionOptions);
  return { grant: grantFor(asked, { rolePlaces, flags }), foundRoles, canApply: true };
}

async function canCreate({ objects }: Grant, asker: Asker): Promise<boolean> {
  const trials = objects.map((object) => ({ object, isNew: true }));
  const { applicable, isHeld = false } = await tryTogether(trials, { ...asker, by: 'create' });
  return applicable === 'yes' || isHeld;
}
