// Random RBAC worlds: roles and bindings of every kind that matters, and questions about them. The same seed gives the same world.
import type { V1PolicyRule } from '@kubernetes/client-node';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { type Random, random } from './random.ts';

const KSERVE = 'serving.kserve.io';
const RBAC = 'rbac.authorization.k8s.io';
export const WORLD_LABEL = 'tests.example.com/world';

export interface World {
  readonly objects: readonly KubeObject[];
  readonly user: string;
  readonly groups: readonly string[];
  readonly account: { readonly namespace: string; readonly name: string };
  readonly namespaces: readonly [string, string];
  /** Words of `rbac check`. */
  readonly words: readonly string[];
}

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const RULE_VERBS = [...VERBS, ...VERBS, '*', '*', 'GET'];
const RULE_GROUPS = [...Array<string>(8).fill(KSERVE), '', '', '*', 'serving.kubeflow.org', `${KSERVE}/v1alpha1`];
const KINDS = ['servingruntimes', 'clusterservingruntimes', 'inferenceservices'];
const RULE_RESOURCES = [
  ...KINDS,
  ...KINDS,
  ...KINDS,
  'inferenceservices/status',
  '*',
  '*/status',
  'servingruntime',
  'pods',
  'pods/log',
  'pods/*',
];

function rule({ some, pick, chance }: Random): V1PolicyRule {
  return {
    verbs: [...some(RULE_VERBS, 7)],
    apiGroups: [...some(RULE_GROUPS, 2)],
    resources: [...some(RULE_RESOURCES, 4)],
    ...(chance(20) && { resourceNames: [...pick([['x'], ['x', 'y'], ['*'], ['z']])] }),
  };
}

function rules(source: Random): V1PolicyRule[] {
  return Array.from({ length: 1 + source.below(3) }, () => rule(source));
}

/** What all objects of world number `index` carry, so that worlds can be removed together. */
interface Names {
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
}

function clusterRoles(source: Random, { prefix, labels }: Names): KubeObject[] {
  return [0, 1, 2].map((number) => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: `${prefix}-cr${number}`, labels },
    rules: rules(source),
    // No controller fills it in here: what counts is what is written.
    ...(source.chance(15) && { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [WORLD_LABEL]: 'none' } }] } }),
  }));
}

function roles(source: Random, { prefix, labels }: Names, namespaces: readonly string[]): KubeObject[] {
  return namespaces.map((namespace) => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: { name: `${prefix}-r`, namespace, labels },
    rules: rules(source),
  }));
}

type Who = Pick<World, 'user' | 'groups' | 'account'>;

function subject({ pick, chance }: Random, { user, groups, account }: Who, inNamespace: boolean): object {
  const users = [user, user, user, user.toUpperCase(), '*', `system:serviceaccount:${account.namespace}:${account.name}`];
  const named = [...groups, ...groups, `system:serviceaccounts:${account.namespace}-none`];
  switch (pick(['User', 'Group', 'ServiceAccount'])) {
    case 'User':
      return { kind: 'User', apiGroup: RBAC, name: pick(users) };
    case 'Group':
      return { kind: 'Group', apiGroup: RBAC, name: pick(named) };
    default:
      return { kind: 'ServiceAccount', name: account.name, ...(!(inNamespace && chance(30)) && { namespace: account.namespace }) };
  }
}

function roleRef({ pick, chance }: Random, prefix: string, inNamespace: boolean): object {
  if (chance(12)) return { apiGroup: RBAC, kind: 'ClusterRole', name: `${prefix}-gone` };
  const clusterRole = { apiGroup: RBAC, kind: 'ClusterRole', name: `${prefix}-cr${pick([0, 1, 2])}` };
  return inNamespace && chance(40) ? { apiGroup: RBAC, kind: 'Role', name: `${prefix}-r` } : clusterRole;
}

function bindings(source: Random, { prefix, labels }: Names, who: Who, namespaces: readonly string[]): KubeObject[] {
  return Array.from({ length: 3 + source.below(6) }, (_, number) => {
    const namespace = source.chance(35) ? undefined : source.pick(namespaces);
    const subjects = Array.from({ length: 1 + source.below(2) }, () => subject(source, who, namespace !== undefined));
    return {
      apiVersion: `${RBAC}/v1`,
      kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name: `${prefix}-b${number}`, labels, ...(namespace !== undefined && { namespace }) },
      roleRef: roleRef(source, prefix, namespace !== undefined),
      subjects,
    };
  });
}

const NAMES = ['', '', '/x', '/y'];

function words(source: Random, [a, b]: World['namespaces']): readonly string[] {
  const place = ['-n', source.pick([a, `${a},${b}`])];
  if (source.chance(12)) return [source.some(['get', 'update', 'patch'], 3).join(), 'isvc/x', '--subresource=status', ...place];
  if (source.chance(8)) return ['get', 'pods/x', '--subresource=log', ...place];
  if (source.chance(15))
    return [source.some(['list', 'watch', 'create', 'deletecollection'], 3).join(), source.some(KINDS, 3).join(), '-A'];
  const targets = source.some([...KINDS, 'pods'], 3).map((kind) => `${kind}${source.pick(NAMES)}`);
  return [source.some(VERBS, 4).join(), targets.join(), ...place];
}

/** World number `index` in two of the given namespaces. Its users, groups and accounts are its own. */
export function randomWorld(index: number, namespaces: readonly string[]): World {
  const source = random(index * 7919 + 17);
  const names: Names = { prefix: `w${index}`, labels: { [WORLD_LABEL]: 'yes' } };
  const a = namespaces[index % namespaces.length] as string;
  const b = namespaces[(index + 1) % namespaces.length] as string;
  const who: Who = {
    user: `${names.prefix}-user`,
    groups: [`${names.prefix}-ml`, `${names.prefix}:ops`],
    account: { namespace: source.chance(50) ? a : `${names.prefix}-home`, name: `${names.prefix}-bot` },
  };
  const objects = [...clusterRoles(source, names), ...roles(source, names, [a, b]), ...bindings(source, names, who, [a, b])];
  return { ...who, namespaces: [a, b], objects, words: words(source, [a, b]) };
}
