import assert from 'node:assert/strict';
import type { RbacV1Subject } from '@kubernetes/client-node';
import { type Identity, type RbacSubject, serviceAccountIdentity } from '../../../src/domain/kubernetes/identity.ts';
import { type Alternative, fixAlternatives } from '../../../src/domain/rbac/access-fix.ts';
import type { ResourceAccessRequest } from '../../../src/domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../../../src/domain/rbac/authorizer.ts';
import type { Permission } from '../../../src/domain/rbac/blast-radius.ts';
import { applyEdits } from '../../../src/domain/rbac/edit.ts';
import { ruleAllows } from '../../../src/domain/rbac/policy-rule.ts';
import { barestIdentity, resolveSubject, subjectKey } from '../../../src/domain/rbac/subject.ts';
import { random } from '../../support/random.ts';
import { randomWorld, type World } from '../../support/random-world.ts';

const WORLDS = 100;
const KSERVE = 'serving.kserve.io';
const PLACES = ['a', 'b'] as const;
const READ = { clusterRoles: true, clusterRoleBindings: true, roles: 'all', roleBindings: 'all' } as const;

function objectsOf({ objects }: World): RbacObjects {
  const of = (kind: string): never[] => objects.filter((one) => one.kind === kind) as never[];
  return {
    roles: of('Role'),
    clusterRoles: of('ClusterRole'),
    roleBindings: of('RoleBinding'),
    clusterRoleBindings: of('ClusterRoleBinding'),
  };
}

const KINDS = [
  { group: KSERVE, plural: 'servingruntimes', kind: 'ServingRuntime', namespaced: true },
  { group: KSERVE, plural: 'clusterservingruntimes', kind: 'ClusterServingRuntime', namespaced: false },
  { group: KSERVE, plural: 'inferenceservices', kind: 'InferenceService', namespaced: true },
  { group: '', plural: 'pods', kind: 'Pod', namespaced: true },
] as const;

/** Requests around all that the rules of a world are about. */
const PROBES: readonly ResourceAccessRequest[] = [...KINDS, { group: 'apps', plural: 'deployments', namespaced: true }].flatMap(
  ({ group, plural, namespaced }) =>
    (namespaced ? [...PLACES, ''] : ['']).flatMap((namespace) =>
      ['get', 'list', 'create', 'delete', 'frob'].flatMap((verb) => [
        { verb, group, resource: plural, namespace },
        { verb, group, resource: plural, namespace, name: 'x' },
        { verb, group, resource: plural, subresource: 'status', namespace, name: 'y' },
      ]),
    ),
);

function covers({ namespace, verb, group = '', resource = '', name }: Permission, request: ResourceAccessRequest): boolean {
  const rule = { verbs: [verb], apiGroups: [group], resources: [resource], ...(name !== undefined && { resourceNames: [name] }) };
  return (namespace === '' || namespace === request.namespace) && ruleAllows(rule, request);
}

/** Whether somebody is that subject, or a member of it. */
function isOrHas({ user, groups }: Identity, subject: RbacSubject): boolean {
  return subject.kind === 'Group' ? groups.includes(subject.name) : barestIdentity(subject).user === user;
}

describe('the alternatives of a fix in random worlds', () => {
  it('allow what was asked, take nothing away, and give besides exactly what they say', () => {
    const { pick, chance } = random(20_261_129);
    let besides = 0;
    for (let index = 0; index < WORLDS; index++) {
      const world = randomWorld(index + 4000, PLACES);
      const objects = objectsOf(world);
      const account = { kind: 'ServiceAccount', ...world.account } as const;
      const asker = chance(50)
        ? { subject: account, identity: serviceAccountIdentity(account) }
        : {
            subject: { kind: 'User', name: world.user } as const,
            identity: { user: world.user, groups: [...world.groups, 'system:authenticated'] },
          };
      const kind = pick(KINDS);
      const request: ResourceAccessRequest = {
        verb: pick(['get', 'list', 'update']),
        group: kind.group,
        resource: kind.plural,
        namespace: kind.namespaced ? pick(PLACES) : '',
      };
      if (authorize(asker.identity, request, objects).allowed) continue;
      for (const alternative of fixAlternatives(objects, { requests: [request], asker, kinds: KINDS, discovery: undefined, read: READ }))
        besides += check(alternative, { objects, world, asker, request });
    }
    assert.ok(besides > 500, `${besides}`);
  });

  interface Asked {
    readonly objects: RbacObjects;
    readonly world: World;
    readonly asker: Parameters<typeof fixAlternatives>[1]['asker'];
    readonly request: ResourceAccessRequest;
  }

  /** How many answers changed besides that to the question. */
  function check({ edits, kind, radius: { alsoGrants } }: Alternative, { objects, world, asker, request }: Asked): number {
    const after = applyEdits(objects, edits);
    const title = `${kind}: ${JSON.stringify(edits.map(({ object }) => object))}`;
    assert.ok(authorize(asker.identity, request, after).allowed, title);
    const named = world.objects.flatMap(({ subjects, metadata }) =>
      ((subjects ?? []) as RbacV1Subject[]).map((subject) => resolveSubject(subject, metadata.namespace ?? '')),
    );
    const subjects = new Map([asker.subject, ...named.filter((one) => one !== undefined)].map((one) => [subjectKey(one), one]));
    let changed = 0;
    for (const [key, subject] of subjects) {
      const isAsker = key === subjectKey(asker.subject);
      const identity = isAsker ? asker.identity : barestIdentity(subject);
      for (const probe of [...PROBES, request]) {
        const [was, is] = [objects, after].map((one) => authorize(identity, probe, one).allowed);
        const isSaid = alsoGrants.some((one) => isOrHas(identity, one.subject) && covers(one, probe));
        const isQuestion =
          isAsker &&
          ruleAllows({ verbs: [request.verb], apiGroups: [request.group], resources: [request.resource] }, probe) &&
          (request.namespace === '' || probe.namespace === request.namespace);
        assert.equal(is, was || isSaid || isQuestion, `${title}: ${key} ${JSON.stringify(probe)}`);
        if (is && !was && !isQuestion) changed += 1;
      }
    }
    return changed;
  }
});
