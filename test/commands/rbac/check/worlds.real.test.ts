import assert from 'node:assert/strict';
import { serviceAccountIdentity } from '../../../../src/domain/kubernetes/identity.ts';
import type { Discovery, KubeObject } from '../../../../src/domain/kubernetes/resource.ts';
import type { AccessRequest, ResourceAccessRequest } from '../../../../src/domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../../../../src/domain/rbac/authorizer.ts';
import type { ApiClient } from '../../../../tools/control-plane/client.ts';
import type { ControlPlane } from '../../../../tools/control-plane/control-plane.ts';
import { clusterOf, impersonationHeaders } from '../../../support/client-cluster.ts';
import { describeReal } from '../../../support/describe-real.ts';
import { randomWorld, WORLD_LABEL, type World } from '../../../support/random-world.ts';
import { untilAuthorizerSaw } from '../../../support/rbac-barrier.ts';
import { runCli } from '../../../support/run-cli.ts';

const WORLDS = 500;
const BATCH = 50;
/** Every so many worlds the printed commands run in a shell, with the real kubectl; in the others the objects of the report are applied. */
const SHELL_EVERY = 25;
const TIMEOUT_MS = 10 * 60_000;
const AT_ONCE = 8;
const isPasted = ({ index }: { readonly index: number }): boolean => index % SHELL_EVERY === 0;
const KSERVE = 'serving.kserve.io';
const ROOTS: Readonly<Record<string, string>> = {
  servingruntimes: `/apis/${KSERVE}/v1alpha1`,
  clusterservingruntimes: `/apis/${KSERVE}/v1alpha1`,
  inferenceservices: `/apis/${KSERVE}/v1beta1`,
  pods: '/api/v1',
};

interface ReportedQuestion extends ResourceAccessRequest {
  readonly verdict: string;
  readonly method?: string;
}

interface Report {
  readonly questions: readonly ReportedQuestion[];
  readonly grant?: { readonly items: readonly KubeObject[] };
  readonly grantCommands?: readonly string[];
}

interface Subject {
  readonly user: string;
  readonly groups: readonly string[];
}

/** What was reported about somebody, and how to ask again. */
interface Check {
  readonly subject: Subject;
  readonly report: Report;
  readonly again: () => Promise<Report>;
}

/** A world with what its user and its account may do. */
interface Examined {
  readonly world: World;
  readonly mine: Check;
  readonly theirs: Check;
}

/** The four who may ask about others, each by one rung of the ladder only. */
interface Rungs {
  readonly SubjectAccessReview: ApiClient;
  readonly LocalSubjectAccessReview: ApiClient;
  readonly ImpersonatedSelfSubjectAccessReview: ApiClient;
  readonly RBACObjects: ApiClient;
}
const METHODS = ['SubjectAccessReview', 'LocalSubjectAccessReview', 'ImpersonatedSelfSubjectAccessReview', 'RBACObjects'] as const;

async function eachAtOnce<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function post(admin: ApiClient, object: KubeObject): Promise<void> {
  const { namespace } = object.metadata;
  const plural = `${object.kind?.toLowerCase()}s`;
  const path = `/apis/${object.apiVersion}/${namespace === undefined ? '' : `namespaces/${namespace}/`}${plural}`;
  const { status, body } = await admin.request('POST', path, { body: object });
  // Two subjects of a world may need the same role: its name says what is in it.
  assert.ok(status === 201 || (status === 409 && object.kind?.endsWith('Role')), `${status} ${JSON.stringify(body)}`);
}

const UNLISTED_NAME = 'unlisted';

function requestPath(question: ReportedQuestion): string {
  const { resource, subresource, namespace, verb, name } = question;
  const collection = `${ROOTS[resource]}/${namespace === '' ? '' : `namespaces/${namespace}/`}${resource}`;
  const selector = name === undefined ? '' : `&fieldSelector=metadata.name%3D${name}`;
  switch (verb) {
    case 'list':
      return `${collection}?limit=1${selector}`;
    case 'watch':
      // Refused after authorization, so that no watch stays open.
      return `${collection}?watch=1&labelSelector=%21%21${selector}`;
    case 'create':
    case 'deletecollection':
      return `${collection}?dryRun=All`;
    default:
      return `${collection}/${name ?? UNLISTED_NAME}${subresource === undefined ? '' : `/${subresource}`}?dryRun=All`;
  }
}

const HTTP_METHODS: Readonly<Record<string, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

/** Makes the very request that was asked about, as the subject; anything but 403 got past the authorizer. */
async function isReallyAllowed(admin: ApiClient, subject: Subject, question: ReportedQuestion): Promise<boolean> {
  const isPatch = question.verb === 'patch';
  const hasBody = ['create', 'update', 'patch'].includes(question.verb);
  const { status } = await admin.request(HTTP_METHODS[question.verb] ?? '', requestPath(question), {
    headers: { ...impersonationHeaders(subject), ...(isPatch && { 'content-type': 'application/merge-patch+json' }) },
    ...(hasBody && { body: {} }),
  });
  assert.ok(status < 500 && status !== 401, `${status} for ${JSON.stringify(question)}`);
  return status !== 403;
}

function toRbacObjects(objects: readonly KubeObject[]): RbacObjects {
  const ofKind = <T>(kind: string): readonly T[] => objects.filter((object) => object.kind === kind) as unknown as readonly T[];
  return {
    roles: ofKind('Role'),
    clusterRoles: ofKind('ClusterRole'),
    roleBindings: ofKind('RoleBinding'),
    clusterRoleBindings: ofKind('ClusterRoleBinding'),
  };
}

interface RulesReview {
  readonly status: { readonly resourceRules: readonly Readonly<Record<string, readonly string[]>>[]; readonly incomplete: boolean };
}

/** All that rules say, taken apart: wildcards stay as they are. */
function atoms(rules: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const all = rules.flatMap((rule) => {
    const list = (field: string): readonly string[] => (rule[field] as readonly string[] | undefined) ?? [];
    const names = list('resourceNames').length === 0 ? ['<any>'] : list('resourceNames');
    return list('apiGroups').flatMap((group) =>
      list('resources').flatMap((resource) => list('verbs').flatMap((verb) => names.map((name) => `${verb} ${group}/${resource} ${name}`))),
    );
  });
  return [...new Set(all)].sort();
}

const ABSENT = 'absent-namespace';

/** The subject's rules by namespace, as the server sees them. */
async function rulesOf(admin: ApiClient, subject: Subject, namespaces: readonly string[]): Promise<Map<string, readonly string[]>> {
  const entries = [...namespaces, ABSENT].map(async (namespace): Promise<[string, readonly string[]]> => {
    const options = { body: { spec: { namespace } }, headers: impersonationHeaders(subject) };
    const { body } = await admin.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', options);
    return [namespace, atoms((body as unknown as RulesReview).status.resourceRules)];
  });
  return new Map(await Promise.all(entries));
}

/** The rights that a grant holds in a namespace, by its own objects. */
function granted(items: readonly KubeObject[], namespace: string): readonly string[] {
  const rulesOfRole = (binding: KubeObject): readonly Readonly<Record<string, unknown>>[] => {
    const { kind, name } = binding.roleRef as { kind: string; name: string };
    const role = items.find(
      (item) => item.kind === kind && item.metadata.name === name && item.metadata.namespace === (kind === 'Role' ? namespace : undefined),
    );
    return role?.rules as readonly Readonly<Record<string, unknown>>[];
  };
  const bindings = items.filter(
    ({ kind, metadata }) => kind === 'ClusterRoleBinding' || (kind === 'RoleBinding' && metadata.namespace === namespace),
  );
  return bindings.flatMap((binding) => atoms(rulesOfRole(binding)));
}

describeReal('rbac check in random RBAC worlds', (plane) => {
  let discovery: Discovery;
  let bootstrap: readonly KubeObject[];
  let rungs: Rungs;
  const namespaces: string[] = [];
  const counts = { questions: 0, allowed: 0, denied: 0, grants: 0, pasted: 0, byMethod: new Map<string, number>() };

  before(async () => {
    const { admin } = plane();
    for (let count = 0; count < 4; count++) namespaces.push(await plane().createNamespace('worlds'));
    const lists = ['clusterroles', 'clusterrolebindings'].map((plural) => admin.get(`/apis/rbac.authorization.k8s.io/v1/${plural}`));
    const kinds = ['ClusterRole', 'ClusterRoleBinding'];
    bootstrap = (await Promise.all(lists)).flatMap(({ items }, at) =>
      (items as KubeObject[]).map((item) => ({ ...item, kind: kinds[at] as string })),
    );
    discovery = await clusterOf(admin).discover({ core: true });
    rungs = await makeRungs(plane());
  });

  after(async () => removeWorlds());

  async function removeWorlds(): Promise<void> {
    const selector = `?labelSelector=${encodeURIComponent(WORLD_LABEL)}`;
    const root = '/apis/rbac.authorization.k8s.io/v1';
    const local = namespaces.flatMap((namespace) => ['roles', 'rolebindings'].map((plural) => `/namespaces/${namespace}/${plural}`));
    const { admin } = plane();
    await Promise.all(
      ['/clusterroles', '/clusterrolebindings', ...local].map((path) => admin.request('DELETE', `${root}${path}${selector}`)),
    );
  }

  async function report(client: ApiClient, words: readonly string[], as?: Subject): Promise<Report> {
    const { code, stdout, stderr } = await runCli({
      argv: ['rbac', 'check', ...words, '-o', 'json'],
      cluster: { ...clusterOf(client, as), discover: async () => discovery },
    });
    assert.ok(code === 0 || code === 1 || code === 3, `${code} for ${words.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as Report;
  }

  async function verify({ subject, report: found }: Check, world: World, objects: RbacObjects, mayBeUnknown: boolean): Promise<void> {
    for (const question of found.questions) {
      if (mayBeUnknown && question.verdict === 'unknown') continue;
      const isAllowed = question.verdict === 'allowed';
      const context = `${subject.user}: ${world.words.join(' ')}: ${JSON.stringify(question)}`;
      assert.equal(isAllowed, await isReallyAllowed(plane().admin, subject, question), context);
      assert.equal(isAllowed, authorize({ ...subject }, question as AccessRequest, objects).allowed, `by the matcher: ${context}`);
      counts.questions++;
      counts[isAllowed ? 'allowed' : 'denied']++;
      counts.byMethod.set(question.method ?? '', (counts.byMethod.get(question.method ?? '') ?? 0) + 1);
    }
  }

  /** Grants what the report prints; the result holds, once the authorizer has seen it, that this and nothing else changed. */
  async function applyGrant({ subject, report: found, again }: Check, world: World, isInShell: boolean): Promise<() => Promise<void>> {
    const { grant, grantCommands = [] } = found;
    if (grant === undefined) return async () => undefined;
    const { admin } = plane();
    const before = await rulesOf(admin, subject, world.namespaces);
    const items = grant.items.map((item) => ({ ...item, metadata: { ...item.metadata, labels: { [WORLD_LABEL]: 'yes' } } }));
    if (isInShell) await plane().paste(grantCommands.join('\n'));
    else for (const item of items) await post(admin, item);
    return async () => {
      const after = await rulesOf(admin, subject, world.namespaces);
      for (const [namespace, rules] of before) {
        const expected = [...new Set([...rules, ...granted(grant.items, namespace)])].sort();
        assert.deepEqual(after.get(namespace), expected, `${subject.user} in ${namespace}: ${grantCommands.join('; ')}`);
      }
      const verdicts = (await again()).questions.map(({ verdict }) => verdict);
      const wanted = found.questions.map(({ verdict }) => (verdict === 'unknown' ? verdict : 'allowed'));
      assert.deepEqual(verdicts, wanted, grantCommands.join('; '));
      if (isInShell) await admin.delete(...items);
      counts.grants++;
      counts.pasted += isInShell ? 1 : 0;
    };
  }

  async function examine(index: number, world: World): Promise<Examined> {
    const { admin } = plane();
    const objects = toRbacObjects([...bootstrap, ...world.objects]);
    const self = { user: world.user, groups: [...world.groups, 'system:authenticated'] };
    const own = (): Promise<Report> => report(admin, world.words, self);
    const mine = { subject: self, report: await own(), again: own };
    await verify(mine, world, objects, false);

    const method = METHODS[index % METHODS.length] as keyof Rungs;
    const { user, groups } = serviceAccountIdentity(world.account);
    const about = [...world.words, '--sa', `${world.account.namespace}:${world.account.name}`];
    const other = (): Promise<Report> => report(rungs[method], about);
    const theirs = { subject: { user, groups }, report: await other(), again: other };
    await verify(theirs, world, objects, method === 'LocalSubjectAccessReview');
    for (const question of theirs.report.questions) {
      if (question.method !== undefined) assert.equal(question.method, method, JSON.stringify(question));
      else assert.ok(method === 'LocalSubjectAccessReview' && question.namespace === '');
    }

    return { world, mine, theirs };
  }

  /** Applies the grants of several worlds, the users' before the accounts', with one wait each for all. */
  async function grantAll(examined: readonly Examined[], isInShell: boolean): Promise<void> {
    for (const whose of ['mine', 'theirs'] as const) {
      const confirmations: (() => Promise<void>)[] = [];
      await eachAtOnce(examined, async (one) => {
        confirmations.push(await applyGrant(one[whose], one.world, isInShell));
      });
      await untilAuthorizerSaw(plane().admin, namespaces[0] as string);
      await eachAtOnce(confirmations, (confirm) => confirm());
      if (whose === 'mine') await eachAtOnce(examined, staysAsItIs);
    }
  }

  /** The user's grant must have given the account nothing. */
  async function staysAsItIs({ theirs }: Examined): Promise<void> {
    const verdicts = ({ questions }: Report): readonly string[] => questions.map(({ verdict }) => verdict);
    assert.deepEqual(verdicts(await theirs.again()), verdicts(theirs.report));
  }

  for (let start = 0; start < WORLDS; start += BATCH) {
    it(`worlds ${start} to ${start + BATCH - 1}`, async function () {
      this.timeout(TIMEOUT_MS);
      const worlds = Array.from({ length: BATCH }, (_, at) => ({ index: start + at, world: randomWorld(start + at, namespaces) }));
      await eachAtOnce(
        worlds.flatMap(({ world }) => world.objects),
        (object) => post(plane().admin, object),
      );
      await untilAuthorizerSaw(plane().admin, namespaces[0] as string);
      // Commands that make a role fail where it exists, so they run before others may have made it.
      for (const { index, world } of worlds.filter(isPasted)) await grantAll([await examine(index, world)], true);
      const examined: Examined[] = [];
      await eachAtOnce(
        worlds.filter((each) => !isPasted(each)),
        async ({ index, world }) => void examined.push(await examine(index, world)),
      );
      await grantAll(examined, false);
      await removeWorlds();
    });
  }

  it('had many yes, many no, many grants and every rung', () => {
    const { byMethod, ...numbers } = counts;
    console.log(`      ${JSON.stringify({ ...numbers, byMethod: Object.fromEntries(byMethod) })}`);
    assert.ok(counts.allowed > 700 && counts.denied > 2_000 && counts.grants > 700 && counts.pasted > 20);
    for (const method of ['SelfSubjectAccessReview', ...METHODS]) assert.ok((byMethod.get(method) ?? 0) > 100, method);
  });
});

/** Users who may use one way of asking about others each. */
async function makeRungs(plane: ControlPlane): Promise<Rungs> {
  const authorization = (resource: string) => ({ verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: [resource] });
  const rights = {
    local: authorization('localsubjectaccessreviews'),
    actor: { verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'] },
    reader: {
      verbs: ['list'],
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    },
  };
  const entries = Object.entries(rights).map(async ([name, right]): Promise<[string, ApiClient]> => {
    const user = await plane.addUser(`worlds-${name}`);
    const metadata = { name: user.name };
    const apiGroup = 'rbac.authorization.k8s.io';
    await plane.admin.apply(
      { apiVersion: `${apiGroup}/v1`, kind: 'ClusterRole', metadata, rules: [right] },
      {
        apiVersion: `${apiGroup}/v1`,
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef: { apiGroup, kind: 'ClusterRole', name: user.name },
        subjects: [{ kind: 'User', apiGroup, name: user.name }],
      },
    );
    return [name, plane.client(user)];
  });
  const clients = Object.fromEntries(await Promise.all(entries)) as Record<keyof typeof rights, ApiClient>;
  return {
    SubjectAccessReview: plane.admin,
    LocalSubjectAccessReview: clients.local,
    ImpersonatedSelfSubjectAccessReview: clients.actor,
    RBACObjects: clients.reader,
  };
}
