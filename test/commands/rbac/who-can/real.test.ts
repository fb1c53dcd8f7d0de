import assert from 'node:assert/strict';
import type { RbacV1Subject } from '@kubernetes/client-node';
import { type RbacSubject, serviceAccountIdentity } from '../../../../src/domain/kubernetes/identity.ts';
import type { Discovery } from '../../../../src/domain/kubernetes/resource.ts';
import { resolveSubject, subjectKey } from '../../../../src/domain/rbac/subject.ts';
import { clusterOf } from '../../../support/client-cluster.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { random } from '../../../support/random.ts';
import { randomWorld, type World } from '../../../support/random-world.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { runCli } from '../../../support/run-cli.ts';

const WORLDS = 10;
const QUESTIONS = 300;
const TIMEOUT_MS = 10 * 60_000;
const REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** Everybody whom a world names: its user with all the groups, and each group and account alone. */
interface Person {
  readonly title: string;
  readonly user: string;
  readonly groups: readonly string[];
}

function personOf(subject: RbacSubject): Person {
  const title = subjectKey(subject);
  if (subject.kind === 'ServiceAccount') return { title, ...serviceAccountIdentity(subject) };
  const authenticated = ['system:authenticated'];
  return subject.kind === 'User'
    ? { title, user: subject.name, groups: authenticated }
    : { title, user: 'member', groups: [subject.name, ...authenticated] };
}

function peopleOf({ objects, user, groups }: World): readonly Person[] {
  const named = objects.flatMap(({ subjects, metadata }) =>
    ((subjects ?? []) as RbacV1Subject[]).map((one) => resolveSubject(one, metadata.namespace ?? '')),
  );
  const alone = named.filter((subject) => subject !== undefined).map(personOf);
  return [{ title: `${user} of ${groups}`, user, groups: [...groups, 'system:authenticated'] }, ...alone];
}

interface Report {
  readonly question: {
    readonly verb: string;
    readonly group: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace: string;
    readonly name?: string;
    /** With -A: in all of them, or in some. */
    readonly anyNamespace: boolean;
  };
  readonly subjects: readonly RbacSubject[];
}

describeReal('rbac who-can in random RBAC worlds', (plane) => {
  let discovery: Discovery;

  it(`names exactly those for whom the server says yes, in ${QUESTIONS} questions`, async function () {
    this.timeout(TIMEOUT_MS);
    const places = [await plane().createNamespace('who'), await plane().createNamespace('who')];
    discovery = await clusterOf(plane().admin).discover({ core: true });
    const worlds = Array.from({ length: WORLDS }, (_, index) => randomWorld(index + 700, places));
    const objects = worlds.flatMap((world) => world.objects);
    await plane().admin.apply(...objects);
    await untilAuthorizerSaw(plane().admin, places[0] as string);
    const people = [...new Map(worlds.flatMap(peopleOf).map((person) => [person.title, person])).values()];
    const { pick, chance } = random(20_261_129);
    const counts = { yes: 0, no: 0 };
    try {
      for (let asked = 0; asked < QUESTIONS; asked++) {
        const verb = pick(['get', 'list', 'watch', 'create', 'update', 'delete', 'deletecollection']);
        const isStatus = chance(20);
        const kind = isStatus ? 'inferenceservices' : pick(['servingruntimes', 'clusterservingruntimes', 'inferenceservices', 'pods']);
        const name = chance(40) ? pick(['/x', '/y', '/z']) : '';
        const words = [
          verb,
          `${kind}${name}`,
          ...(isStatus ? ['--subresource=status'] : []),
          ...(chance(20) ? ['-A'] : ['-n', pick(places)]),
        ];
        const { question, subjects } = await whoCan(words);
        const asked = question.anyNamespace ? ['', ...places].map((namespace) => ({ ...question, namespace })) : [question];
        const may = await Promise.all(
          people.map(async (person) => (await Promise.all(asked.map((one) => isAllowed(person, one)))).includes(true)),
        );
        for (const [at, person] of people.entries()) {
          const isNamed = subjects.some((subject) => isMeant(subject, person));
          assert.equal(isNamed, may[at], `${words.join(' ')}: ${person.title}`);
          counts[isNamed ? 'yes' : 'no'] += 1;
        }
      }
      assert.ok(counts.yes > 500 && counts.no > 500, JSON.stringify(counts));
    } finally {
      await plane().admin.delete(...objects);
    }
  });

  async function whoCan(words: readonly string[]): Promise<Report> {
    const cluster = { ...clusterOf(plane().admin), discover: async () => discovery };
    const { code, stdout, stderr } = await runCli({ argv: ['rbac', 'who-can', ...words, '-o', 'json'], cluster });
    assert.ok(code === 0 || code === 1, stderr);
    return JSON.parse(stdout) as Report;
  }

  async function isAllowed({ user, groups }: Person, resourceAttributes: Report['question']): Promise<boolean> {
    const { verb, group, resource, subresource, namespace, name } = resourceAttributes;
    const { body } = await plane().admin.request('POST', REVIEWS, {
      body: { spec: { user, groups, resourceAttributes: { verb, group, resource, subresource, namespace, name } } },
    });
    return body.status.allowed === true;
  }

  function isMeant(subject: RbacSubject, { user, groups }: Person): boolean {
    if (subject.kind === 'Group') return groups.includes(subject.name);
    return subject.kind === 'ServiceAccount' ? serviceAccountIdentity(subject).user === user : subject.name === user;
  }
});
