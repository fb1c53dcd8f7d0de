import type { V1PolicyRule } from '@kubernetes/client-node';
import type { Limit } from '../async/in-flight.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { parseEscalation } from '../domain/rbac/escalation.ts';
import { RBAC_GROUP } from '../domain/rbac/grant-object.ts';
import type { AskAccess } from '../domain/rbac/question.ts';
import { answerOf } from '../domain/rbac/verdict.ts';
import { RBAC_TYPES } from './rbac-objects.ts';
import { failureMessage, reviewFailure } from './review-failure.ts';

/** A role or binding that somebody would write. */
export interface Trial {
  readonly object: TrialObject;
  /** It is not to take the place of another one of its name. */
  readonly isNew: boolean;
}

interface TrialObject {
  readonly kind: keyof typeof RBAC_TYPES;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly roleRef?: { readonly kind: string; readonly name: string };
}

/** Whether the caller may write an object. */
export interface Applicability {
  readonly applicable: 'yes' | 'no' | 'untested';
  readonly why?: string | undefined;
  /** What the caller would have to hold. */
  readonly missing: readonly V1PolicyRule[];
  /** Set if it is untested, and the caller holds all that it gives. */
  readonly isHeld?: true;
}

interface Tools {
  readonly cluster: Cluster;
  readonly askSelf: AskAccess;
  readonly limit: Limit;
  /** `kubectl apply` reads an object before it writes it, and fails if it may not; `kubectl create` does without. */
  readonly by: 'create' | 'apply';
}

type Tried = { readonly result: 'works' } | { readonly result: 'no role yet' } | { readonly result: 'refused'; readonly message: string };

async function isThere({ object: { kind, metadata }, isNew }: Trial, { cluster, by }: Tools): Promise<boolean> {
  // The server refuses to create what is there.
  if (isNew && by === 'create') return false;
  try {
    await cluster.get(RBAC_TYPES[kind], metadata.name, { namespace: metadata.namespace });
    return true;
  } catch (error) {
    const { code } = reviewFailure(error);
    if (code === 404 || by === 'create') return false;
    throw error;
  }
}

// A dry run meets the server's protection against escalation, which an access review does not know of.
async function write(trial: Trial, tools: Tools): Promise<Tried> {
  const { kind, metadata } = trial.object;
  const { name, namespace } = metadata;
  const type = RBAC_TYPES[kind];
  const exists = await isThere(trial, tools);
  if (exists && trial.isNew)
    return { result: 'refused', message: `${kind} ${JSON.stringify(name)} exists already, with something else in it` };
  if (exists) await tools.cluster.apply(type, name, trial.object, { namespace, dryRun: true });
  else await tools.cluster.create(type, trial.object, { namespace, dryRun: true });
  return { result: 'works' };
}

async function tryOne(trial: Trial, tools: Tools, role: Trial | undefined): Promise<Tried> {
  try {
    return await write(trial, tools);
  } catch (error) {
    const failure = reviewFailure(error);
    if (failure.code === 404 && role !== undefined) return { result: 'no role yet' };
    return { result: 'refused', message: failureMessage(failure) };
  }
}

async function mayEscalate({ object: { kind, metadata } }: Trial, askSelf: AskAccess): Promise<boolean> {
  const { name, namespace = '' } = metadata;
  const { verdict } = await askSelf({ verb: 'escalate', group: RBAC_GROUP, resource: RBAC_TYPES[kind].plural, namespace, name });
  return answerOf(verdict) === 'yes';
}

/** The role that a binding names, if it is among what is tried. */
function roleIn(trials: readonly Trial[], { object: { roleRef, metadata } }: Trial): Trial | undefined {
  return trials.find(({ object: { kind, metadata: one } }) => {
    const isInReach = one.namespace === undefined || one.namespace === metadata.namespace;
    return roleRef !== undefined && kind === roleRef.kind && one.name === roleRef.name && isInReach;
  });
}

/**
 * Tries to write each object by server-side dry run. A binding to a role that is not there yet cannot be tried by those without `bind`; once the
 * role exists they may bind it if they hold what is in it, which a role that passed without `escalate` proves.
 */
export async function tryEach(trials: readonly Trial[], tools: Tools): Promise<readonly Applicability[]> {
  const tried = await Promise.all(trials.map((trial) => tools.limit(() => tryOne(trial, tools, roleIn(trials, trial)))));
  return Promise.all(
    tried.map(async (one, index): Promise<Applicability> => {
      if (one.result === 'works') return { applicable: 'yes', missing: [] };
      if (one.result === 'refused') return { applicable: 'no', why: one.message, missing: parseEscalation(one.message)?.missing ?? [] };
      const role = roleIn(trials, trials[index] as Trial) as Trial;
      const isHeld = tried[trials.indexOf(role)]?.result === 'works' && !(await mayEscalate(role, tools.askSelf));
      const held = isHeld ? 'you hold all that is in it, so it should pass' : 'whether you hold all that is in it is not known';
      const why = `a binding cannot be tried before its role exists; ${held}`;
      return { applicable: 'untested', why, missing: [], ...(isHeld && { isHeld }) };
    }),
  );
}

/** The same of objects that are written together: no if one is refused. */
export async function tryTogether(trials: readonly Trial[], tools: Tools): Promise<Applicability> {
  const tried = await tryEach(trials, tools);
  const untested = tried.filter(({ applicable }) => applicable === 'untested');
  const refused = tried.find(({ applicable }) => applicable === 'no');
  return refused ?? untested.find(({ isHeld }) => isHeld === undefined) ?? untested[0] ?? { applicable: 'yes', missing: [] };
}
