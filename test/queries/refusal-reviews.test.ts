import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { hintText } from '../../src/commands/rbac/explain/review-hint-text.ts';
import { type AccessRequest, isUrlRequest } from '../../src/domain/rbac/access-review.ts';
import { authorize, bindingsOf, type RbacObjects } from '../../src/domain/rbac/authorizer.ts';
import { applyEdits } from '../../src/domain/rbac/edit.ts';
import { nearMisses } from '../../src/domain/rbac/near-miss/near-misses.ts';
import type { ReviewHint } from '../../src/domain/rbac/near-miss/own-rules.ts';
import type { Asker } from '../../src/domain/rbac/near-miss/subject-gap.ts';
import type { AskAccess } from '../../src/domain/rbac/question.ts';
import { type HintAsker, reviewHints } from '../../src/queries/refusal-reviews.ts';
import { asker, kindOf, request, world } from '../support/rbac-arbitraries.ts';

const NAMESPACES = ['a', 'b', 'default'];
const RUNS = { numRuns: 600, seed: 20_261_129 };

/** An account that may read no RBAC object; reviews answer as the server does. */
function hintAsker(objects: RbacObjects, who: Asker, isSelf: boolean): HintAsker {
  const ask: AskAccess = async (of) => {
    const { allowed, reason } = authorize(who.identity, of, objects);
    return { verdict: { state: allowed ? 'allowed' : 'noOpinion', reason }, attempts: [] };
  };
  // https://github.com/kubernetes/kubernetes/blob/v1.37.2/plugin/pkg/auth/authorizer/rbac/rbac.go (RulesFor)
  const rulesOf = (namespace: string) => bindingsOf(who.identity, namespace, objects).flatMap(({ rules }) => rules ?? []);
  const cluster = {
    create: async (_: unknown, review: { spec: { namespace: string } }) => {
      const rules = rulesOf(review.spec.namespace);
      const isUrl = (rule: (typeof rules)[0]) => (rule.nonResourceURLs ?? []).length > 0;
      const status = { resourceRules: rules.filter((rule) => !isUrl(rule)), nonResourceRules: rules.filter(isUrl), incomplete: false };
      return { metadata: {}, status };
    },
    list: async () => ({ items: NAMESPACES }),
  } as unknown as Cluster;
  return { cluster, limit: (task) => task(), ask, now: new Date(0), discovery: undefined, homes: ['a'], isSelf };
}

/** Whether all that a hint says the account may do is so. */
function isTrue(hint: ReviewHint, of: AccessRequest, may: (request: AccessRequest) => boolean): boolean {
  if ('gap' in hint) return true;
  if (isUrlRequest(of)) {
    // A RoleBinding never counts for one, so that no review can prove it.
    return hint.code === 'missing-verb' ? hint.verbs.every((verb) => may({ ...of, verb })) : hint.code === 'rolebinding-for-cluster-scope';
  }
  const { name: _, subresource: __, ...kind } = of;
  const named = 'name' in hint && hint.name !== undefined ? { name: hint.name } : {};
  const { subresource } = of;
  const places = 'scope' in hint && hint.scope === 'everywhere' && of.namespace !== '' ? [of.namespace, 'nowhere-else'] : [of.namespace];
  const everywhere = (request: AccessRequest): boolean => places.every((namespace) => may({ ...request, namespace } as AccessRequest));
  switch (hint.code) {
    case 'denied-by-authorizer':
      return false;
    case 'wrong-namespace':
      return hint.namespaces.every((namespace) => may({ ...of, namespace }));
    case 'rolebinding-for-cluster-scope':
      return may({ ...of, namespace: hint.namespace });
    case 'missing-verb':
      return hint.verbs.every((verb) => everywhere({ ...kind, ...(subresource && { subresource }), ...named, verb }));
    case 'resource-names':
      return of.verb === 'create' || hint.names.every((name) => everywhere({ ...of, name }));
    case 'missing-subresource':
      return hint.resources.every((word) => {
        const [resource = '', part] = word.split('/');
        return everywhere({ ...kind, resource, ...(part && { subresource: part }), ...named });
      });
    case 'missing-resource':
      return hint.resources.every((word) => {
        const [resource = '', part] = word.split('/');
        return everywhere({ ...of, resource, ...(part && { subresource: part }) });
      });
  }
}

describe('what an account is told that may read little', () => {
  for (const isSelf of [true, false]) {
    it(`is true, where reviews tell it about ${isSelf ? 'oneself' : 'somebody else'}`, async () => {
      const told = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(world, request, asker, async (objects, of, who) => {
          const may = (one: AccessRequest): boolean => authorize(who.identity, one, objects).allowed;
          if (may(of)) return;
          const question = { request: of, kind: kindOf(of), installed: 'yes' as const };
          for (const hint of await reviewHints(question, hintAsker(objects, who, isSelf))) {
            assert.ok(isTrue(hint, of, may), `${JSON.stringify(hint)}: ${hintText(hint, question, 'it')}`);
            told.set(hint.code, (told.get(hint.code) ?? 0) + 1);
          }
        }),
        RUNS,
      );
      assert.ok(told.size >= (isSelf ? 7 : 4), JSON.stringify([...told]));
    });
  }

  it('mends all, where the RBAC objects of one namespace are what it may read', () => {
    let found = 0;
    fc.assert(
      fc.property(world, request, asker, fc.boolean(), (objects, of, who, readsClusterRoles) => {
        if (authorize(who.identity, of, objects).allowed) return;
        const inA = <T extends { metadata?: { namespace?: string } }>(list: readonly T[]) =>
          list.filter(({ metadata }) => metadata?.namespace === 'a');
        const seen: RbacObjects = {
          clusterRoles: readsClusterRoles ? objects.clusterRoles : [],
          clusterRoleBindings: [],
          roles: inA(objects.roles),
          roleBindings: inA(objects.roleBindings),
        };
        const read = { clusterRoles: readsClusterRoles, clusterRoleBindings: false, roles: ['a'], roleBindings: ['a'] };
        const asked = { request: of, asker: who, kind: kindOf(of), discovery: undefined, read };
        for (const { code, edits } of nearMisses(seen, asked, Number.POSITIVE_INFINITY).shown) {
          assert.ok(authorize(who.identity, of, applyEdits(objects, edits)).allowed, code);
          found += 1;
        }
      }),
      RUNS,
    );
    assert.ok(found > RUNS.numRuns / 10, `${found}`);
  });
});
