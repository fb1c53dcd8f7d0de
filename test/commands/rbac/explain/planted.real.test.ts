import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { RbacV1Subject } from '@kubernetes/client-node';
import { type RbacSubject, serviceAccountIdentity } from '../../../../src/domain/kubernetes/identity.ts';
import type { Discovery, KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import type { ResourceAccessRequest } from '../../../../src/domain/rbac/access-review.ts';
import { ruleAllows } from '../../../../src/domain/rbac/policy-rule.ts';
import { resolveSubject, subjectKey } from '../../../../src/domain/rbac/subject.ts';
import { clusterOf } from '../../../support/client-cluster.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { PLANTED, type PlantedWorld, plantedWorld } from '../../../support/planted-world.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { runCli } from '../../../support/run-cli.ts';

/** `PLANTED_WORLDS=200` for a run that takes minutes. */
const WORLDS = Number(process.env.PLANTED_WORLDS ?? PLANTED.length + 2);
const TIMEOUT_MS = 30 * 60_000;
/** Faults that the account's own rules, answers elsewhere or the server's reason tell without any RBAC object. */
const TOLD_BY_REVIEWS = [
  'dangling-role-ref',
  'role-ref-kind',
  'rolebinding-for-cluster-scope',
  'missing-verb',
  'missing-resource',
  'wrong-api-group',
  'singular-resource',
  'misspelt-resource',
  'missing-subresource',
  'resource-names',
];

interface Report {
  readonly verdict: string;
  readonly causes: readonly { readonly code: string; readonly object: { readonly name: string } }[];
  readonly hints: readonly { readonly code: string }[];
}

function about({ user, groups, account }: PlantedWorld): readonly string[] {
  if (account !== undefined) return ['--sa', `${account.namespace}:${account.name}`];
  return ['--for-user', user, ...groups.flatMap((group) => ['--for-group', group])];
}

interface Subject {
  readonly user: string;
  readonly groups: readonly string[];
}

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
  readonly applicable: string;
  readonly commands: readonly string[];
  readonly objects: readonly KubeObject[];
  readonly alsoGrants: readonly Grant[];
}

interface Probe {
  readonly subject: RbacSubject;
  readonly request: ResourceAccessRequest;
}

/** Somebody who is this and nothing else: a group is asked about by a member of it. */
function identityOf(subject: RbacSubject): Subject {
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

describeReal('rbac explain in worlds with one planted fault', (plane) => {
  let discovery: Discovery;
  let places: readonly [string, string];

  before(async () => {
    places = [await plane().createNamespace('planted'), await plane().createNamespace('planted')];
    discovery = await clusterOf(plane().admin).discover({ core: true });
  });

  async function explain(words: readonly string[], as?: { readonly user: string; readonly groups: readonly string[] }): Promise<Report> {
    const cluster = { ...clusterOf(plane().admin, as), discover: async () => discovery };
    const { code, stdout, stderr } = await runCli({ argv: ['rbac', 'explain', ...words, '-o', 'json'], cluster });
    assert.equal(code, 1, `${words.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as Report;
  }

  const AUTHORIZER = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

  async function isAllowed(subject: Subject, request: ResourceAccessRequest): Promise<boolean> {
    const { body } = await plane().admin.request('POST', AUTHORIZER, { body: { spec: { ...subject, resourceAttributes: request } } });
    return body.status.allowed === true;
  }

  async function answers(probes: readonly Probe[]): Promise<readonly boolean[]> {
    return Promise.all(probes.map(({ subject, request }) => isAllowed(identityOf(subject), request)));
  }

  it(`gives by a fix what was asked and what it says besides, and nothing else, in ${WORLDS} worlds`, async function () {
    this.timeout(TIMEOUT_MS);
    let probed = 0;
    let besides = 0;
    for (let index = 0; index < WORLDS; index++) {
      const world = plantedWorld(index, places);
      await plane().admin.apply(...world.objects);
      await untilAuthorizerSaw(plane().admin, places[0]);
      const cluster = { ...clusterOf(plane().admin), discover: async () => discovery };
      const { code, stdout, stderr } = await runCli({ argv: ['rbac', 'fix', ...world.words, ...about(world), '-o', 'json'], cluster });
      assert.equal(code, 0, stderr);
      const { alternatives } = JSON.parse(stdout) as { readonly alternatives: readonly FixAlternative[] };
      // What an aggregated role takes in is the work of a controller, which is not there.
      const usable = alternatives.filter(({ kind }) => kind !== 'aggregate');
      const fix = usable[index % usable.length] as FixAlternative;
      const title = `world ${index}, ${world.code}: ${fix.kind}: ${fix.commands.join('; ')}`;
      assert.equal(fix.applicable, 'yes', title);
      const probes = probesOf(world, places);
      const before = await answers(probes);
      const { status: applied, text } = await applyByKubectl(fix.objects);
      assert.equal(applied, 0, `${title}: ${text}`);
      await untilAuthorizerSaw(plane().admin, places[0]);
      const after = await answers(probes);
      assert.ok(await isAllowed({ user: world.user, groups: [...world.groups, 'system:authenticated'] }, world.request), title);
      for (const [at, probe] of probes.entries()) {
        const isNew = !before[at] && after[at] === true;
        const isSaid = fix.alsoGrants.some((grant) => grantCovers(grant, probe)) || isQuestion(probe, world);
        assert.equal(isNew, isSaid && !before[at], `${title}: ${JSON.stringify(probe)}`);
        assert.ok(!before[at] || after[at], `${title} takes away: ${JSON.stringify(probe)}`);
        if (isNew && !isQuestion(probe, world)) besides += 1;
      }
      probed += probes.length;
      await plane().admin.delete(...world.objects, ...fix.objects);
    }
    assert.ok(probed >= WORLDS * 40, `${probed} probes`);
    assert.ok(besides > 0, 'some alternatives give more than was asked');
  });

  async function applyByKubectl(items: readonly object[]): Promise<{ readonly status: number; readonly text: string }> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const { code, stdout, stderr } = await plane().kubectl('admin', ['apply', '-f', '-'], { input });
    return { status: code, text: stdout + stderr };
  }

  it(`finds the fault first, in ${WORLDS} worlds, and says nothing wrong to an account that may read nothing`, async function () {
    this.timeout(TIMEOUT_MS);
    const missed: string[] = [];
    let tellable = 0;
    const untold: string[] = [];
    for (let index = 0; index < WORLDS; index++) {
      const world = plantedWorld(index, places);
      await plane().admin.apply(...world.objects);
      await untilAuthorizerSaw(plane().admin, places[0]);
      const title = `world ${index}, ${world.code} at ${world.at}`;
      const { causes } = await explain([...world.words, ...about(world)]);
      const codes = causes.map(({ code, object }) => `${code} ${object.name}`);
      assert.ok(
        causes.slice(0, 3).some(({ code }) => code === world.code),
        `${title}: ${codes.join(', ')}`,
      );
      if (causes[0]?.code !== world.code || causes[0].object.name !== world.at) missed.push(`${title}: ${codes.join(', ')}`);
      const own = await explain(world.words, { user: world.user, groups: [...world.groups, 'system:authenticated'] });
      const stated = own.causes.map(({ code }) => (code === 'dangling-role-ref' && world.code === 'role-ref-kind' ? world.code : code));
      assert.ok(
        stated.every((code) => code === world.code),
        `${title}: the account itself is told ${stated.join(', ')}`,
      );
      if (TOLD_BY_REVIEWS.includes(world.code)) {
        tellable += 1;
        if (!stated.includes(world.code) && own.hints[0]?.code !== world.code)
          untold.push(`${title}: ${own.hints.map(({ code }) => code).join(', ')}`);
      }
      await plane().admin.delete(...world.objects);
    }
    assert.ok(missed.length <= WORLDS * 0.05, missed.join('\n'));
    assert.ok(untold.length <= tellable * 0.1, untold.join('\n'));
  });
});
