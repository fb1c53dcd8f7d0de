import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AccessRequest } from '../../../src/domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../../../src/domain/rbac/authorizer.ts';
import { applyEdits } from '../../../src/domain/rbac/edit.ts';
import { explain } from '../../../src/domain/rbac/near-miss/explanation.ts';
import { nearMisses } from '../../../src/domain/rbac/near-miss/near-misses.ts';
import type { Asker } from '../../../src/domain/rbac/near-miss/subject-gap.ts';
import { asker, key, kindOf, request, world } from '../../support/rbac-arbitraries.ts';

const ALL = { clusterRoles: true, clusterRoleBindings: true, roles: 'all', roleBindings: 'all' } as const;
const RUNS = { numRuns: 600, seed: 20_261_129 };

function ask(of: AccessRequest, who: Asker) {
  return { request: of, asker: who, kind: kindOf(of), discovery: undefined, read: ALL };
}

describe('near misses', () => {
  it('are each at most two edits, with which the request is allowed, and none where it is allowed anyway', () => {
    let found = 0;
    fc.assert(
      fc.property(world, request, asker, (objects, of, who) => {
        const { shown, more } = nearMisses(objects, ask(of, who), Number.POSITIVE_INFINITY);
        if (authorize(who.identity, of, objects).allowed) assert.equal(shown.length + more, 0);
        for (const { edits, gaps, code } of shown) {
          assert.ok(edits.length >= 1 && edits.length <= 2, `${code}: ${edits.length} edits`);
          assert.ok(gaps.length >= 1 && gaps.length <= 2 && gaps[0]?.code === code);
          assert.ok(authorize(who.identity, of, applyEdits(objects, edits)).allowed, code);
          found += 1;
        }
      }),
      RUNS,
    );
    // They would prove little if hardly any world held one.
    assert.ok(found > RUNS.numRuns / 2, `${found}`);
  });

  it('take nothing from anybody', () => {
    fc.assert(
      fc.property(world, request, asker, asker, request, (objects, of, who, another, probe) => {
        if (!authorize(another.identity, probe, objects).allowed) return;
        for (const { edits } of nearMisses(objects, ask(of, who), Number.POSITIVE_INFINITY).shown)
          assert.ok(authorize(another.identity, probe, applyEdits(objects, edits)).allowed);
      }),
      RUNS,
    );
  });

  it('come in one order, whatever the order of the objects is', () => {
    const shuffled = world.chain((objects) =>
      fc
        .record({
          clusterRoles: permutation(objects.clusterRoles),
          roles: permutation(objects.roles),
          roleBindings: permutation(objects.roleBindings),
          clusterRoleBindings: permutation(objects.clusterRoleBindings),
        })
        .map((other): readonly [RbacObjects, RbacObjects] => [objects, other]),
    );
    fc.assert(
      fc.property(shuffled, request, asker, ([objects, other], of, who) => {
        const told = (one: RbacObjects) => {
          const { shown } = nearMisses(one, ask(of, who), Number.POSITIVE_INFINITY);
          return shown.map(({ code, gaps, binding, role, ruleIndex, edits }) => ({
            code,
            gaps,
            binding: binding && key({ metadata: binding }),
            role: role?.name,
            ruleIndex,
            edits,
          }));
        };
        assert.deepEqual(told(other), told(objects));
      }),
      RUNS,
    );
  });

  it('are the same ones first, however many are asked for', () => {
    fc.assert(
      fc.property(world, request, asker, fc.integer({ min: 1, max: 4 }), (objects, of, who, most) => {
        const all = nearMisses(objects, ask(of, who), Number.POSITIVE_INFINITY).shown;
        assert.deepEqual(nearMisses(objects, ask(of, who), most).shown, all.slice(0, most));
      }),
      RUNS,
    );
  });
});

describe('explanations', () => {
  it('name no cause of a yes and no grant of a no', () => {
    fc.assert(
      fc.property(world, request, asker, (objects, of, who) => {
        const { allowed } = authorize(who.identity, of, objects);
        const question = {
          request: of,
          installed: 'yes' as const,
          verdict: { state: allowed ? 'allowed' : 'noOpinion' } as const,
          attempts: [],
        };
        const { grants, causes, more } = explain({
          question,
          asker: who,
          objects,
          read: ALL,
          discovery: undefined,
          isAnonymous: false,
          isAllowedLater: false,
          most: 3,
        });
        assert.equal(grants.length > 0, allowed);
        assert.ok(causes.length <= 3);
        if (allowed) assert.equal(causes.length + more, 0);
      }),
      RUNS,
    );
  });
});

function permutation<T>(of: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...of], { minLength: of.length });
}
