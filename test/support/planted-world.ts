// RBAC worlds in which one account would be allowed one request, were it not for one planted edit; others in it have rights of their own.
// The same seed gives the same world.
import type { RbacV1Subject, V1PolicyRule } from '@kubernetes/client-node';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import type { ResourceAccessRequest } from '../../src/domain/rbac/access-review.ts';
import type { CauseCode } from '../../src/domain/rbac/near-miss/cause.ts';
import { type Random, random } from './random.ts';
import { WORLD_LABEL } from './random-world.ts';

const KSERVE = 'serving.kserve.io';
const RBAC = 'rbac.authorization.k8s.io';

export interface PlantedWorld {
  readonly objects: readonly KubeObject[];
  readonly code: CauseCode;
  /** Of the object that the edit was made in, or that is missing for it. */
  readonly at: string;
  readonly user: string;
  readonly groups: readonly string[];
  /** Set if the account is a ServiceAccount. */
  readonly account?: { readonly namespace: string; readonly name: string };
  readonly request: ResourceAccessRequest;
  /** Words of the command line. */
  readonly words: readonly string[];
}

interface Kind {
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly neighbours: readonly string[];
  readonly isClusterWide?: boolean;
}

const KINDS: readonly Kind[] = [
  { group: KSERVE, plural: 'servingruntimes', singular: 'servingruntime', neighbours: ['inferenceservices', 'trainedmodels'] },
  { group: KSERVE, plural: 'inferenceservices', singular: 'inferenceservice', neighbours: ['servingruntimes', 'inferencegraphs'] },
  { group: '', plural: 'configmaps', singular: 'configmap', neighbours: ['secrets', 'services'] },
  { group: 'apps', plural: 'deployments', singular: 'deployment', neighbours: ['statefulsets', 'daemonsets'] },
];
const CLUSTER_KIND: Kind = {
  group: KSERVE,
  plural: 'clusterservingruntimes',
  singular: 'clusterservingruntime',
  neighbours: ['clusterstoragecontainers'],
  isClusterWide: true,
};

/** Causes that are one edit of RBAC objects. */
export const PLANTED: readonly CauseCode[] = [
  'dangling-role-ref',
  'role-ref-kind',
  'rolebinding-for-cluster-scope',
  'wrong-namespace',
  'missing-verb',
  'missing-resource',
  'wrong-api-group',
  'singular-resource',
  'misspelt-resource',
  'missing-subresource',
  'resource-names',
  'subject-name',
  'subject-name-case',
  'subject-group-mismatch',
  'serviceaccount-namespace',
  'subject-kind',
  'not-bound',
  'aggregation-label',
];

/** 20 in CI; `PLANTED_WORLDS=200` for a run that takes half an hour and prints figures. */
export const PLANTED_WORLDS = Number(process.env.PLANTED_WORLDS ?? PLANTED.length + 2);

/** The account of a world as words of the command line. */
export function aboutAccount({ user, groups, account }: PlantedWorld): readonly string[] {
  if (account !== undefined) return ['--sa', `${account.namespace}:${account.name}`];
  return ['--for-user', user, ...groups.flatMap((group) => ['--for-group', group])];
}

interface Draft {
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly a: string;
  readonly b: string;
  readonly kind: Kind;
  readonly source: Random;
}

function role(draft: Draft, name: string, namespace: string | undefined, rules: readonly V1PolicyRule[], more: object = {}): KubeObject {
  const metadata = { name: `${draft.prefix}-${name}`, labels: draft.labels, ...(namespace !== undefined && { namespace }) };
  return { apiVersion: `${RBAC}/v1`, kind: namespace === undefined ? 'ClusterRole' : 'Role', metadata, rules, ...more };
}

function bind(
  draft: Draft,
  name: string,
  namespace: string | undefined,
  roleRef: { readonly kind: string; readonly name: string },
  subjects: readonly RbacV1Subject[],
): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: `${draft.prefix}-${name}`, labels: draft.labels, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: RBAC, kind: roleRef.kind, name: `${draft.prefix}-${roleRef.name}` },
    subjects,
  };
}

const person = (kind: 'User' | 'Group', name: string): RbacV1Subject => ({ apiGroup: RBAC, kind, name });

function swapLetters(word: string, { below }: Random): string {
  // Behind the prefix: numbers are not misspelt.
  const start = word.search(/[^\d][a-z]+$/) + 1;
  const at = start + 1 + below(word.length - start - 3);
  const letters = [...word];
  // Equal neighbours would swap to the same word.
  if (letters[at] === letters[at + 1]) return `${word.slice(0, at)}${word.slice(at + 1)}`;
  [letters[at], letters[at + 1]] = [letters[at + 1] as string, letters[at] as string];
  return letters.join('');
}

const VERBS = ['get', 'list', 'watch'];
const STRANGERS = ['hugo', 'wilhelmina', 'bertrand', 'ophelia', 'maximilian'];

/** Roles and bindings that have nothing to do with the fault, some of them near the account or the kind. */
function bystanders(draft: Draft, mine: RbacV1Subject): KubeObject[] {
  const { source, kind, a, b, prefix } = draft;
  const stranger = (): RbacV1Subject => person(source.pick(['User', 'Group']), `${source.pick(STRANGERS)}-${prefix}`);
  const covering: V1PolicyRule = { verbs: VERBS, apiGroups: [kind.group], resources: [kind.plural, ...kind.neighbours] };
  const neighbour: V1PolicyRule = { verbs: ['get', 'update'], apiGroups: [''], resources: ['endpoints', 'services'] };
  const other: V1PolicyRule = { verbs: ['create', 'delete'], apiGroups: ['batch'], resources: ['jobs', 'cronjobs'] };
  const place = kind.isClusterWide ? undefined : a;
  return [
    // Somebody else may do what the account may not.
    role(draft, 'others', undefined, [covering, other]),
    bind(draft, 'others', place, { kind: 'ClusterRole', name: 'others' }, [stranger(), stranger()]),
    // The account may do something else, here and there.
    role(draft, 'mine', undefined, [neighbour]),
    bind(draft, 'mine', a, { kind: 'ClusterRole', name: 'mine' }, [mine]),
    bind(draft, 'mine-there', b, { kind: 'ClusterRole', name: 'mine' }, [mine, stranger()]),
    role(draft, 'jobs', b, [other]),
    bind(draft, 'jobs', b, { kind: 'Role', name: 'jobs' }, [mine]),
    ...(source.chance(50)
      ? [role(draft, 'nobody', undefined, [{ verbs: ['patch'], apiGroups: ['policy'], resources: ['poddisruptionbudgets'] }])]
      : []),
    ...Array.from({ length: source.below(5) }, (_, number) =>
      bind(draft, `crowd${number}`, source.pick([a, b]), { kind: 'ClusterRole', name: source.pick(['others', 'mine']) }, [stranger()]),
    ),
  ];
}

interface Plot {
  readonly subject: RbacV1Subject;
  readonly rule: V1PolicyRule;
  /** Of the binding; undefined is cluster-wide. */
  readonly place: string | undefined;
}

/** The objects that would allow the request, with the fault; `at` is the name without its prefix. */
type Plant = (draft: Draft, plot: Plot, who: Who) => { readonly objects: readonly KubeObject[]; readonly at: string };

interface Who {
  readonly user: string;
  readonly groups: readonly string[];
  readonly account: { readonly namespace: string; readonly name: string };
  readonly isAccount: boolean;
}

const CLUSTER_ROLE = { kind: 'ClusterRole', name: 'main' };

function main(draft: Draft, { rule, subject, place }: Plot): readonly [KubeObject, KubeObject] {
  const extra: V1PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['events'] };
  const rules = draft.source.chance(50) ? [extra, rule] : [rule];
  return [role(draft, 'main', undefined, rules), bind(draft, 'main', place, CLUSTER_ROLE, [subject])];
}

const withRule =
  (change: (rule: V1PolicyRule, draft: Draft) => V1PolicyRule): Plant =>
  (draft, plot) => ({ objects: main(draft, { ...plot, rule: change(plot.rule, draft) }), at: 'main' });

const withSubject =
  (change: (plot: Plot, draft: Draft, who: Who) => RbacV1Subject): Plant =>
  (draft, plot, who) => ({ objects: main(draft, { ...plot, subject: change(plot, draft, who) }), at: 'main' });

const PLANTS: Readonly<Partial<Record<CauseCode, Plant>>> = {
  'dangling-role-ref': (draft, plot) => {
    const [mainRole, binding] = main(draft, plot);
    if (draft.source.chance(50)) return { objects: [binding], at: 'main' };
    const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: `${draft.prefix}-mian` };
    return { objects: [mainRole, { ...binding, roleRef }], at: 'main' };
  },
  'role-ref-kind': (draft, plot) => {
    const [mainRole] = main(draft, plot);
    return { objects: [mainRole, bind(draft, 'main', draft.a, { kind: 'Role', name: 'main' }, [plot.subject])], at: 'main' };
  },
  'rolebinding-for-cluster-scope': (draft, plot) => ({ objects: main(draft, { ...plot, place: draft.a }), at: 'main' }),
  'wrong-namespace': (draft, plot) => ({ objects: main(draft, { ...plot, place: draft.b }), at: 'main' }),
  'missing-verb': withRule((rule, { source }) => ({ ...rule, verbs: source.pick([['get', 'watch'], ['get', 'LIST'], ['watch']]) })),
  'missing-resource': withRule((rule, { kind }) => ({ ...rule, resources: [...kind.neighbours] })),
  'wrong-api-group': withRule((rule, { kind, source }) => ({
    ...rule,
    apiGroups: [kind.group === '' ? source.pick(['v1', 'core']) : source.pick(['', `${kind.group}/v1`, 'serving.kubeflow.org'])],
  })),
  'singular-resource': withRule((rule, { kind }) => ({ ...rule, resources: [kind.singular] })),
  'misspelt-resource': withRule((rule, { kind, source }) => ({ ...rule, resources: [swapLetters(kind.plural, source), 'events'] })),
  'missing-subresource': withRule((rule, { source, kind }) => ({
    ...rule,
    resources: source.pick([[kind.plural], [`${kind.plural}/*`]]),
  })),
  'resource-names': withRule((rule, { source }) => ({ ...rule, resourceNames: source.pick([['one'], ['*'], ['one', 'two']]) })),
  'subject-name': withSubject(({ subject }, { source }, { isAccount }) => {
    const name = source.chance(50) && !isAccount ? `oidc:${subject.name}` : swapLetters(subject.name, source);
    return { ...subject, name };
  }),
  'subject-name-case': withSubject(({ subject }) => ({ ...subject, name: subject.name.toUpperCase() })),
  'subject-group-mismatch': withSubject((_, { source }, { groups }) => {
    const [group = ''] = groups;
    return person('Group', source.pick([`oidc:${group}`, swapLetters(group, source), `${group}@example.com`]));
  }),
  'serviceaccount-namespace': withSubject(({ subject }, { source, b }) => {
    const { namespace: _, ...rest } = subject;
    return source.chance(50) ? { ...rest, namespace: `${b}-other` } : { ...rest, namespace: b };
  }),
  'subject-kind': withSubject((_, { source }, { isAccount, account, user, groups }) => {
    if (isAccount) return person('User', source.pick([account.name, `${account.namespace}:${account.name}`]));
    return source.chance(50) ? person('Group', user) : person('User', groups[0] ?? '');
  }),
  'not-bound': (draft, plot) => {
    const [mainRole, binding] = main(draft, plot);
    const least: V1PolicyRule = plot.rule;
    const [bare] = [{ ...mainRole, rules: [least] }];
    const stranger = [person('User', `${draft.source.pick(STRANGERS)}-x`)];
    return { objects: draft.source.chance(50) ? [bare] : [bare, { ...binding, subjects: stranger }], at: 'main' };
  },
  'aggregation-label': (draft, plot) => {
    const key = `${draft.prefix}.example.com/aggregate-to-main`;
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { [key]: 'true' } }] };
    const wrong: Readonly<Record<string, string>> = draft.source.pick([{}, { [key]: 'True' }, { [`${key}s`]: 'true' }]);
    const source = role(draft, 'source', undefined, [plot.rule]);
    const labelled = { ...source, metadata: { ...source.metadata, labels: { ...draft.labels, ...wrong } } };
    const taken = { verbs: ['get'], apiGroups: ['node.k8s.io'], resources: ['runtimeclasses'] };
    const sane = role(draft, 'sane', undefined, [taken]);
    return {
      objects: [
        labelled,
        { ...sane, metadata: { ...sane.metadata, labels: { ...draft.labels, [key]: 'true' } } },
        role(draft, 'main', undefined, [taken], { aggregationRule }),
        bind(draft, 'main', plot.place, CLUSTER_ROLE, [plot.subject]),
      ],
      at: 'source',
    };
  },
};

function whoOf({ source, prefix, a }: Draft, code: CauseCode): Who {
  const isAccount =
    code === 'serviceaccount-namespace' || (source.chance(40) && !['subject-group-mismatch', 'subject-name-case'].includes(code));
  const account = { namespace: a, name: `${prefix}-catalogue` };
  if (isAccount) {
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${a}`];
    return { user: `system:serviceaccount:${a}:${account.name}`, groups, account, isAccount };
  }
  return { user: `${prefix}-amelie`, groups: [`${prefix}-science`, `${prefix}:platform`], account, isAccount };
}

/** World number `index` in two of the namespaces, which must exist. */
export function plantedWorld(index: number, [a, b]: readonly [string, string]): PlantedWorld {
  const source = random(index * 104_729 + 71);
  const code = PLANTED[index % PLANTED.length] as CauseCode;
  const isClusterWide =
    code === 'rolebinding-for-cluster-scope' || (!['wrong-namespace', 'role-ref-kind'].includes(code) && source.chance(15));
  const kind = isClusterWide
    ? CLUSTER_KIND
    : source.pick(
        code === 'missing-subresource' ? KINDS.filter(({ plural }) => plural === 'deployments' || plural === 'inferenceservices') : KINDS,
      );
  const usesSubresource = code === 'missing-subresource' && !isClusterWide;
  const plural = code === 'missing-subresource' && isClusterWide ? KINDS[1] : kind;
  const draft: Draft = { prefix: `p${index}`, labels: { [WORLD_LABEL]: 'yes' }, a, b, kind: plural ?? kind, source };
  const who = whoOf(draft, code);
  const subject: RbacV1Subject = who.isAccount ? { kind: 'ServiceAccount', ...who.account } : person('User', who.user);
  const verb = code === 'missing-subresource' ? 'get' : 'list';
  const resource = draft.kind.plural;
  const isSubresource = usesSubresource || code === 'missing-subresource';
  const namespace = draft.kind.isClusterWide ? '' : a;
  const request: ResourceAccessRequest = {
    verb,
    group: draft.kind.group,
    resource,
    namespace,
    ...(isSubresource && { subresource: 'status', name: 'iris' }),
  };
  const rule: V1PolicyRule = {
    verbs: VERBS,
    apiGroups: [draft.kind.group],
    resources: [isSubresource ? `${resource}/status` : resource, ...draft.kind.neighbours],
  };
  const plot: Plot = { subject, rule, place: draft.kind.isClusterWide ? undefined : a };
  const plant = PLANTS[code];
  if (plant === undefined) throw new Error(`nothing plants ${code}`);
  const { objects, at } = plant(draft, plot, who);
  const target = draft.kind.group === '' ? resource : `${resource}.${draft.kind.group}`;
  return {
    objects: [...objects, ...bystanders(draft, subject)],
    code,
    at: `${draft.prefix}-${at}`,
    user: who.user,
    groups: who.groups,
    ...(who.isAccount && { account: who.account }),
    request,
    words: [verb, isSubresource ? `${target}/iris` : target, ...(isSubresource ? ['--subresource=status'] : []), '-n', a],
  };
}
