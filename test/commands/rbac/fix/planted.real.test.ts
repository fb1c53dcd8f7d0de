import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { RbacV1Subject, V1ClusterRole } from '@kubernetes/client-node';
import { type RbacSubject, serviceAccountIdentity } from '../../../../src/domain/kubernetes/identity.ts';
import type { Discovery, KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import type { ResourceAccessRequest } from '../../../../src/domain/rbac/access-review.ts';
import { ruleAllows } from '../../../../src/domain/rbac/policy-rule.ts';
import { resolveSubject, subjectKey } from '../../../../src/domain/rbac/subject.ts';
import type { User } from '../../../../tools/control-plane/users.ts';
import { APPLIERS, type ApplierKind, applierObjects } from '../../../support/appliers.ts';
import { clusterOf } from '../../../support/client-cluster.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { aboutAccount, PLANTED, PLANTED_WORLDS, type PlantedWorld, plantedWorld } from '../../../support/planted-world.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { runCli } from '../../../support/run-cli.ts';

const TIMEOUT_MS = 90 * 60_000;
const REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
const CLUSTER_ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';

interface Grant {
  readonly subject: RbacSubject;
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly name?: string;
  readonly namespace: string;
}

interface FixAlternative {
  readonly kind: string;
  readonly applicable: 'yes' | 'no' | 'untested';
  readonly why?: string;
  readonly commands: readonly string[];
  readonly objects: readonly KubeObject[];
  readonly edits: readonly { readonly action: string; readonly object: KubeObject }[];
  readonly alsoGrants: readonly Grant[];
}

interface Probe {
  readonly subject: RbacSubject;
  readonly request: ResourceAccessRequest;
}

/** Somebody who is this and nothing else: a group is asked about by a member of it. */
function identityOf(subject: RbacSubject): { readonly user: string; readonly groups: readonly string[] } {
  if (subject.kind === 'ServiceAccount') return serviceAccountIdentity(subject);
  const groups = ['system:authenticated'];
  return subject.kind === 'User' ? { user: subject.name, groups } : { user: 'nobody-else', groups: [subject.name, ...groups] };
}

/** Everybody who is named in a world, with requests around the question. */
function probesOf({ objects, user, request, account }: PlantedWorld, places: readonly [string, string]): readonly Probe[] {
  const named = objects.flatMap(({ subjects, metadata }) =>
    ((subjects ?? []) as RbacV1Subject[]).map((subject) => resolveSubject(subject, metadata.namespace ?? '')),
  );
  const own: RbacSubject = account === undefined ? { kind: 'User', name: user } : { kind: 'ServiceAccount', ...account };
  const subjects = new Map([own, ...named.filter((subject) => subject !== undefined)].map((subject) => [subjectKey(subject), subject]));
  const namespaces = request.namespace === '' ? [''] : [...places, ''];
  const { name: _, subresource: __, ...bare } = request;
  const requests = namespaces.flatMap((namespace) =>
    ['get', 'list', 'update'].flatMap((verb) => [
      { ...bare, namespace, verb },
      { ...request, namespace, verb },
      { ...bare, namespace, verb, resource: 'events' },
    ]),
  );
  const unique = [...new Map(requests.map((one) => [JSON.stringify(one), one])).values()];
  return [...subjects.values()].flatMap((subject) => unique.map((one) => ({ subject, request: one })));
}

/** What alsoGrants says about a probe; its words may be wildcards. */
function grantCovers({ subject, namespace, ...right }: Grant, probe: Probe): boolean {
  const isSame = subjectKey(subject) === subjectKey(probe.subject);
  const isHere = namespace === '' || namespace === probe.request.namespace;
  const rule = {
    verbs: [right.verb],
    apiGroups: [right.group ?? ''],
    resources: [right.resource ?? ''],
    ...(right.name !== undefined && { resourceNames: [right.name] }),
  };
  return isSame && isHere && ruleAllows(rule, probe.request);
}

function isQuestion({ subject, request }: Probe, world: PlantedWorld): boolean {
  return identityOf(subject).user === world.user && isDeepStrictEqual(request, world.request);
}

describeReal('rbac fix in worlds with one planted fault', (plane) => {
  let discovery: Discovery;
  let places: readonly [string, string];
  const counts = { worlds: 0, alternatives: 0, probes: 0, besides: 0, yes: 0, no: 0, untested: 0 };

  before(async () => {
    places = [await plane().createNamespace('fixed'), await plane().createNamespace('fixed')];
    discovery = await clusterOf(plane().admin).discover({ core: true });
  });

  async function isAllowed({ subject, request }: Probe): Promise<boolean> {
    const { body } = await plane().admin.request('POST', REVIEWS, {
      body: { spec: { ...identityOf(subject), resourceAttributes: request } },
    });
    return body.status.allowed === true;
  }

  async function alternativesFor(world: PlantedWorld, applier: User | 'admin'): Promise<readonly FixAlternative[]> {
    const client = applier === 'admin' ? plane().admin : plane().client(applier);
    const cluster = { ...clusterOf(client), discover: async () => discovery };
    const { code, stdout, stderr } = await runCli({ argv: ['rbac', 'fix', ...world.words, ...aboutAccount(world), '-o', 'json'], cluster });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).alternatives;
  }

  async function apply(items: readonly object[], as: User | 'admin'): Promise<{ readonly code: number; readonly text: string }> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const { code, stdout, stderr } = await plane().kubectl(as, ['apply', '-f', '-'], { input });
    return { code, text: stdout + stderr };
  }

  // What is printed for `-o commands`, in some worlds of an administrator.
  let usesCommands = false;

  async function paste(commands: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
    return plane()
      .paste(commands.join('\n'))
      .then(
        (text) => ({ code: 0, text }),
        (error: unknown) => ({ code: 1, text: String(error) }),
      );
  }

  /** Applies it as the caller where that is said to work, and sees it refused where not; then it is there. */
  async function applyAsSaid(
    { applicable, why = '', objects, commands }: FixAlternative,
    applier: User | 'admin',
    title: string,
  ): Promise<void> {
    counts[applicable] += 1;
    const first = await (usesCommands && applier === 'admin' ? paste(commands) : apply(objects, applier));
    if (applicable === 'yes') return assert.equal(first.code, 0, `${title}: ${first.text}`);
    if (applicable === 'no') {
      assert.notEqual(first.code, 0, `${title} was said to be refused (${why})`);
    } else if (why.includes('you hold all') && first.code !== 0) {
      // The server may not know the role yet a moment after it was made.
      await untilAuthorizerSaw(plane().admin, places[0]);
      const again = await apply(objects, applier);
      return assert.equal(again.code, 0, `${title}: ${again.text}`);
    }
    const { code, text } = await apply(objects, 'admin');
    assert.equal(code, 0, `${title}: ${text}`);
  }

  /** The work of a controller that is not there: rules of an aggregated role are those of the roles that its selectors find. */
  async function aggregate(objects: readonly KubeObject[]): Promise<void> {
    for (const target of objects as readonly (KubeObject & V1ClusterRole)[]) {
      const labels = target.aggregationRule?.clusterRoleSelectors?.[0]?.matchLabels;
      if (labels === undefined) continue;
      const selector = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
      const { items } = await plane().admin.get(`${CLUSTER_ROLES}?labelSelector=${encodeURIComponent(selector.join())}`);
      await plane().admin.apply({ ...target, rules: items.flatMap(({ rules }: V1ClusterRole) => rules) });
    }
  }

  /** Applies one alternative, asks everything again, and takes it away. */
  async function prove(
    alternative: FixAlternative,
    world: PlantedWorld,
    applier: User | 'admin',
    known: ReadonlyMap<Probe, boolean>,
  ): Promise<void> {
    const { kind, objects, edits, commands, alsoGrants } = alternative;
    const title = `${world.code} of ${world.user}: ${kind}: ${commands.join('; ')}`;
    try {
      await applyAsSaid(alternative, applier, title);
      await aggregate(world.objects);
      await untilAuthorizerSaw(plane().admin, places[0]);
      const reviewed = { user: world.user, groups: [...world.groups, 'system:authenticated'], resourceAttributes: world.request };
      const { body } = await plane().admin.request('POST', REVIEWS, { body: { spec: reviewed } });
      assert.equal(body.status.allowed, true, title);
      await Promise.all(
        [...known].map(async ([probe, before]) => {
          const after = await isAllowed(probe);
          const isSaid = alsoGrants.some((grant) => grantCovers(grant, probe)) || isQuestion(probe, world);
          assert.equal(after, before || isSaid, `${title}: ${JSON.stringify(probe)}`);
          if (after && !before && !isQuestion(probe, world)) counts.besides += 1;
        }),
      );
    } finally {
      const changed = edits.filter(({ action }) => action === 'change').map(({ object }) => `${object.kind} ${object.metadata.name}`);
      await plane().admin.delete(...objects);
      await plane().admin.apply(
        ...world.objects.filter((one) => changed.includes(`${one.kind} ${one.metadata.name}`) || 'aggregationRule' in one),
      );
    }
    counts.alternatives += 1;
    counts.probes += known.size;
  }

  async function applierOf(
    kind: ApplierKind,
    world: PlantedWorld,
    index: number,
  ): Promise<{ readonly user: User | 'admin'; readonly objects: readonly KubeObject[] }> {
    if (kind === 'admin') return { user: 'admin', objects: [] };
    const user = await plane().addUser(`applier-${index}`);
    return { user, objects: applierObjects(user.name, kind, world.request, places[0]) };
  }

  it(`gives by each alternative what was asked and what it says besides, and who may apply it, in ${PLANTED_WORLDS} worlds`, async function () {
    this.timeout(TIMEOUT_MS);
    for (let index = 0; index < PLANTED_WORLDS; index++) {
      const world = plantedWorld(index, places);
      usesCommands = Math.floor(index / APPLIERS.length) % 2 === 1;
      const { user, objects } = await applierOf(
        APPLIERS[(index + Math.floor(index / PLANTED.length)) % APPLIERS.length] as ApplierKind,
        world,
        index,
      );
      await plane().admin.apply(...world.objects, ...objects);
      await untilAuthorizerSaw(plane().admin, places[0]);
      const alternatives = await alternativesFor(world, user);
      const known = new Map(await Promise.all(probesOf(world, places).map(async (probe) => [probe, await isAllowed(probe)] as const)));
      for (const alternative of alternatives) await prove(alternative, { ...world, objects: [...world.objects, ...objects] }, user, known);
      await plane().admin.delete(...world.objects, ...objects);
      counts.worlds += 1;
    }
    if (process.env.PLANTED_WORLDS !== undefined) console.log(JSON.stringify(counts));
    assert.ok(counts.probes >= PLANTED_WORLDS * 40, JSON.stringify(counts));
    assert.ok(counts.besides > 0 && counts.yes > 0 && counts.no > 0 && counts.untested > 0, JSON.stringify(counts));
  });
});
