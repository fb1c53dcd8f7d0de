import type { Discovery } from '../kubernetes/resource.ts';
import type { AccessRequest } from './access-review.ts';
import { authorize, type RbacObjects } from './authorizer.ts';
import { type BlastRadius, blastRadius } from './blast-radius.ts';
import { applyEdits, type Edit } from './edit.ts';
import type { KnownKind } from './grant.ts';
import type { CauseCode, NearMiss } from './near-miss/cause.ts';
import { nearMisses } from './near-miss/near-misses.ts';
import { newGrant } from './near-miss/new-objects.ts';
import type { ReadKinds } from './near-miss/search.ts';
import type { Asker } from './near-miss/subject-gap.ts';
import { rbacGraph } from './rbac-graph.ts';

/** What an alternative does, in the order of preference where it gives no more than another. */
const FIX_KINDS = ['repair', 'bind', 'new-role', 'shared-role', 'aggregate'] as const;
type FixKind = (typeof FIX_KINDS)[number];

/** One way to grant what was refused. */
export interface Alternative {
  readonly kind: FixKind;
  /** The near miss that it mends. */
  readonly cause?: CauseCode | undefined;
  readonly edits: readonly Edit[];
  readonly radius: BlastRadius;
}

export interface FixQuestion {
  readonly requests: readonly AccessRequest[];
  readonly asker: Asker;
  readonly kinds?: readonly KnownKind[];
  /** First part of the names of roles that hold several rules. */
  readonly task?: string | undefined;
  readonly discovery: Discovery | undefined;
  readonly read: ReadKinds;
}

function kindOf({ code, others, edits }: NearMiss): FixKind {
  if (code === 'not-bound') return 'bind';
  if (code.startsWith('aggregat')) return 'aggregate';
  return others > 0 && edits.some(({ object }) => object.rules !== undefined) ? 'shared-role' : 'repair';
}

/** Near misses of one request that are tried. */
const MOST = 10;

/** A wildcard gives what nobody can count. */
const WILD = 1000;

/** How much is given beyond the question. */
function weight({ alsoGrants }: BlastRadius): number {
  return alsoGrants.reduce((sum, { verb, group, resource, path }) => sum + ([verb, group, resource, path].includes('*') ? WILD : 1), 0);
}

function compare(a: Alternative, b: Alternative): number {
  return weight(a.radius) - weight(b.radius) || a.edits.length - b.edits.length || FIX_KINDS.indexOf(a.kind) - FIX_KINDS.indexOf(b.kind);
}

/**
 * The ways to grant all requests, the one that gives least beyond them first. Each was tried: with its edits our evaluator allows them all. There
 * is always a new role with its binding, which gives nothing else.
 */
export function fixAlternatives(objects: RbacObjects, question: FixQuestion): readonly Alternative[] {
  const { requests, asker, kinds = [], task, discovery, read } = question;
  const refused = requests.filter((request) => !authorize(asker.identity, request, objects).allowed);
  const missing = refused.length === 0 ? requests : refused;
  const misses = missing.flatMap(
    (request) => nearMisses(objects, { request, asker, kind: kindFor(request, kinds), discovery, read }, MOST).shown,
  );
  const candidates = [
    ...misses.map((miss) => ({ kind: kindOf(miss), cause: miss.code, edits: miss.edits })),
    { kind: 'new-role' as const, edits: newGrant(rbacGraph(objects), missing, asker.subject, { kinds, task }) },
  ];
  const unique = [
    ...new Map(candidates.map((candidate) => [JSON.stringify(candidate.edits.map(({ object }) => object)), candidate])).values(),
  ];
  const found = unique.flatMap((candidate): readonly Alternative[] => {
    const after = applyEdits(objects, candidate.edits);
    if (!missing.every((request) => authorize(asker.identity, request, after).allowed)) return [];
    return [{ ...candidate, radius: blastRadius(objects, after, asker, missing) }];
  });
  return found.toSorted(compare);
}

function kindFor(request: AccessRequest, kinds: readonly KnownKind[]): KnownKind | undefined {
  return 'resource' in request ? kinds.find(({ group, plural }) => group === request.group && plural === request.resource) : undefined;
}
