import type { V1PolicyRule } from '@kubernetes/client-node';
import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Edit } from '../domain/rbac/edit.ts';
import { parseEscalation } from '../domain/rbac/escalation.ts';
import { RBAC_GROUP } from '../domain/rbac/grant-object.ts';
import type { AskAccess } from '../domain/rbac/question.ts';
import { answerOf } from '../domain/rbac/verdict.ts';
import { RBAC_TYPES } from './rbac-objects.ts';
import { failureMessage, reviewFailure } from './review-failure.ts';

/** Whether the caller may apply edits. */
export interface Applicability {
  readonly applicable: 'yes' | 'no' | 'untested';
  readonly why?: string | undefined;
  /** What the caller would have to hold. */
  readonly missing: readonly V1PolicyRule[];
}

type Tried = { readonly result: 'works' } | { readonly result: 'no role yet' } | { readonly result: 'refused'; readonly message: string };

// A dry run meets the server's protection against escalation, which an access review does not know of.
async function tryEdit(cluster: Cluster, { object }: Edit, isRoleNew: boolean): Promise<Tried> {
  const { name, namespace } = object.metadata;
  try {
    await cluster.apply(RBAC_TYPES[object.kind], name, object, { namespace, dryRun: true });
    return { result: 'works' };
  } catch (error) {
    const failure = reviewFailure(error);
    if (failure.code === 404 && isRoleNew) return { result: 'no role yet' };
    return { result: 'refused', message: failureMessage(failure) };
  }
}

async function mayEscalate({ object }: Edit, askSelf: AskAccess): Promise<boolean> {
  const { name, namespace = '' } = object.metadata;
  const { plural } = RBAC_TYPES[object.kind];
  const { verdict } = await askSelf({ verb: 'escalate', group: RBAC_GROUP, resource: plural, namespace, name });
  return answerOf(verdict) === 'yes';
}

interface Tools {
  readonly cluster: Cluster;
  readonly askSelf: AskAccess;
  readonly limit: Limit;
}

/**
 * Tries each edit by server-side dry run. A binding to a role that is not there yet cannot be tried by those without `bind`; once the role exists
 * they may bind it if they hold what is in it, which a role that passed without `escalate` proves.
 */
export async function tryEach(edits: readonly Edit[], { cluster, askSelf, limit }: Tools): Promise<readonly Applicability[]> {
  const newRoles = edits.filter(({ action, object }) => action === 'create' && object.rules !== undefined);
  const roleOf = ({ object }: Edit): Edit | undefined => newRoles.find((role) => role.object.metadata.name === object.roleRef?.name);
  const tried = await Promise.all(edits.map((edit) => limit(() => tryEdit(cluster, edit, roleOf(edit) !== undefined))));
  return Promise.all(
    tried.map(async (one, index): Promise<Applicability> => {
      if (one.result === 'works') return { applicable: 'yes', missing: [] };
      if (one.result === 'refused') return { applicable: 'no', why: one.message, missing: parseEscalation(one.message)?.missing ?? [] };
      const role = roleOf(edits[index] as Edit);
      const isHeld = role !== undefined && tried[edits.indexOf(role)]?.result === 'works' && !(await mayEscalate(role, askSelf));
      const held = isHeld ? 'you hold all that is in it, so it should pass' : 'whether you hold all that is in it is not known';
      return { applicable: 'untested', why: `a binding cannot be tried before its role exists; ${held}`, missing: [] };
    }),
  );
}

/** The same of edits that are applied together: no if one is refused. */
export async function tryEdits(edits: readonly Edit[], tools: Tools): Promise<Applicability> {
  const tried = await tryEach(edits, tools);
  const worst = (['no', 'untested'] as const)
    .map((state) => tried.find(({ applicable }) => applicable === state))
    .find((one) => one !== undefined);
  return worst ?? { applicable: 'yes', missing: [] };
}
