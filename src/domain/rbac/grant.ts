import { KSERVE_GROUP } from '../kserve/kinds.ts';
import type { RbacSubject } from '../kubernetes/identity.ts';
import { isReadableName, shortHash, subjectSlug } from '../kubernetes/object-name.ts';
import type { ResourceType } from '../kubernetes/resource.ts';
import { READ_VERBS } from '../kubernetes/verb.ts';
import { type AccessRequest, isResourceRequest, isUrlRequest, type ResourceAccessRequest } from './access-review.ts';
import { type CommandOptions, grantCommand } from './grant-command.ts';
import { type GrantBinding, type GrantObject, type GrantRole, type GrantSubject, RBAC_GROUP, RBAC_VERSION } from './grant-object.ts';
import { type GrantRule, grantRules, ruleResource, sortNames } from './grant-rule.ts';

/** A set of roles and bindings that grants what was refused and nothing else. */
export interface Grant {
  /** Roles before the bindings that refer to them; ready for `kubectl apply -f -`. */
  readonly objects: readonly GrantObject[];
  /** The same as commands, one an object, in the same order: `kubectl create …` on one line, or `kubectl apply` of several lines. */
  readonly commands: readonly string[];
}

/** What is known of a kind: absent kinds are named by their plural. */
export type KnownKind = Pick<ResourceType, 'group' | 'plural' | 'kind' | 'namespaced'>;

function kindOf(request: ResourceAccessRequest, kinds: readonly KnownKind[]): KnownKind | undefined {
  return kinds.find((kind) => kind.group === request.group && kind.plural === request.resource);
}

function singular(rule: GrantRule, kinds: readonly KnownKind[]): string | undefined {
  if (!('resources' in rule) || rule.resources.length !== 1 || rule.resourceNames !== undefined) return undefined;
  const kind = kinds.find(({ group, plural }) => group === rule.apiGroups[0] && plural === rule.resources[0]);
  return rule.apiGroups[0] === KSERVE_GROUP ? kind?.kind.toLowerCase() : undefined;
}

/**
 * A name that says what the role grants; different for different rules, so that applying one grant never takes rights from
 * another. Verbs are joined by a dot: a hyphen would let two pairs of role and subject share the name of their binding.
 */
function roleName(rules: readonly GrantRule[], kinds: readonly KnownKind[], task: string): string {
  const [rule] = rules;
  const word = rules.length === 1 && rule !== undefined ? singular(rule, kinds) : undefined;
  const verbs = rule?.verbs.join() === READ_VERBS.join() ? 'reader' : rule?.verbs.join('.');
  // Kinds and verbs are the server's words, or the user's: not every one can be a part of a name.
  if (word !== undefined && isReadableName(`${word}-${verbs}`)) return `${word}-${verbs}`;
  return `${task}-${shortHash(JSON.stringify(rules))}`;
}

/** No cluster has more foreign roles under names with hashes; a server that says so is not to keep us busy. */
const OTHER_NAMES = 3;

/**
 * The names that a role may have, the usual one first: the next one counts where another role has the one before and holds something else.
 * The dot keeps names of bindings apart.
 */
export function roleNames({ metadata: { name }, rules }: GrantRole): readonly string[] {
  const others = Array.from({ length: OTHER_NAMES }, (_, index) => `${name}.${shortHash(JSON.stringify([rules, index + 1]))}`);
  return [name, ...others];
}

function toGrantSubject(subject: RbacSubject): GrantSubject {
  return subject.kind === 'ServiceAccount'
    ? { kind: subject.kind, name: subject.name, namespace: subject.namespace }
    : { kind: subject.kind, apiGroup: RBAC_GROUP, name: subject.name };
}

function binding(role: GrantRole, namespace: string, subject: RbacSubject): GrantBinding {
  return {
    apiVersion: RBAC_VERSION,
    kind: namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: `${role.metadata.name}-${subjectSlug(subject)}`, ...(namespace !== '' && { namespace }) },
    roleRef: { apiGroup: RBAC_GROUP, kind: role.kind, name: role.metadata.name },
    subjects: [toGrantSubject(subject)],
  };
}

interface ScopeNeed {
  /** `''` is the cluster scope. */
  readonly namespace: string;
  readonly rules: readonly GrantRule[];
}

function sameRequest(a: ResourceAccessRequest, b: ResourceAccessRequest): boolean {
  return a.verb === b.verb && a.group === b.group && ruleResource(a) === ruleResource(b);
}

/** A request in a namespace needs nothing of its own if the cluster-wide part of the grant allows it anyway. */
function isCovered(request: ResourceAccessRequest, wide: readonly ResourceAccessRequest[]): boolean {
  return wide.some((other) => sameRequest(request, other) && (!other.name || other.name === request.name));
}

function namespaceOf(request: AccessRequest): string {
  return isUrlRequest(request) ? '' : request.namespace;
}

function scopeNeeds(requests: readonly AccessRequest[]): readonly ScopeNeed[] {
  const wide = requests.filter(isResourceRequest).filter((request) => request.namespace === '');
  const needed = requests.filter((request) => namespaceOf(request) === '' || isUrlRequest(request) || !isCovered(request, wide));
  return sortNames(needed.map(namespaceOf)).map((namespace) => ({
    namespace,
    rules: grantRules(needed.filter((request) => namespaceOf(request) === namespace)),
  }));
}

function role(need: ScopeNeed, isShared: boolean, name: string): GrantRole {
  return need.namespace === '' || isShared
    ? { apiVersion: RBAC_VERSION, kind: 'ClusterRole', metadata: { name }, rules: need.rules }
    : { apiVersion: RBAC_VERSION, kind: 'Role', metadata: { name, namespace: need.namespace }, rules: need.rules };
}

/** Scopes with equal needs share one ClusterRole: fewer objects than a Role in each namespace. */
function rolesAndBindings(same: readonly ScopeNeed[], subject: RbacSubject, { name, exists }: RolePlace): readonly GrantObject[] {
  const [first] = same;
  if (first === undefined) return [];
  const theRole = role(first, same.length > 1, name);
  return [...(exists ? [] : [theRole]), ...same.map(({ namespace }) => binding(theRole, namespace, subject))];
}

/** Where a role of a grant is or will be. */
export interface RolePlace {
  readonly name: string;
  /** It is there already, with exactly these rules. */
  readonly exists: boolean;
}

export interface GrantOptions extends CommandOptions {
  /** Kinds that the requests name, for readable role names and for the explanation. */
  readonly kinds?: readonly KnownKind[];
  /** First part of the names of roles that hold several rules; `kserve` if absent. */
  readonly task?: string | undefined;
  /** The context that was asked for: an administrator's own may lead elsewhere. */
  readonly contextName?: string | undefined;
  /** By the name that a role gets otherwise; each such name is of one role only. */
  readonly rolePlaces?: ReadonlyMap<string, RolePlace> | undefined;
}

/**
 * The least grant of `requests` to `subject`: a Role and RoleBinding for a namespace, one ClusterRole with a RoleBinding each for
 * namespaces with equal needs, ClusterRole and ClusterRoleBinding for what has namespace `''`. Its names and order depend on the
 * set of requests only. Requests must already have the namespace that the authorizer sees: `''` for cluster-scoped kinds.
 */
export function leastGrant(requests: readonly AccessRequest[], subject: RbacSubject, options: GrantOptions = {}): Grant {
  const { kinds = [], task = 'kserve', rolePlaces } = options;
  const classes = Map.groupBy(scopeNeeds(requests), (need) => JSON.stringify(need.rules));
  const objects = [...classes.values()].flatMap((same) => {
    const name = roleName(same[0]?.rules ?? [], kinds, task);
    return rolesAndBindings(same, subject, rolePlaces?.get(name) ?? { name, exists: false });
  });
  return { objects, commands: objects.map((object) => grantCommand(object, options)) };
}

function enumerate(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/**
 * Why a RoleBinding cannot grant these requests, as one sentence; undefined if it can. Example: "ClusterServingRuntime is
 * cluster-scoped, so only a ClusterRoleBinding can grant it."
 */
export function explainScope(requests: readonly AccessRequest[], kinds: readonly KnownKind[]): string | undefined {
  const wide = requests.filter(isResourceRequest).filter((request) => request.namespace === '');
  const known = wide.map((request) => kindOf(request, kinds));
  const scoped = sortNames(known.filter((kind) => kind !== undefined && !kind.namespaced).map((kind) => (kind as KnownKind).kind));
  if (scoped.length > 0) {
    return `${enumerate(scoped)} ${scoped.length > 1 ? 'are' : 'is'} cluster-scoped, so only a ClusterRoleBinding can grant ${scoped.length > 1 ? 'them' : 'it'}.`;
  }
  return wide.length > 0 ? 'All namespaces at once can only be granted by a ClusterRoleBinding.' : undefined;
}

/** What stands above commands for somebody who has a context of their own. */
export function administratorLead(contextName: string | undefined): string {
  const place = contextName === undefined ? '' : ` of the cluster of context ${JSON.stringify(contextName)}`;
  return `An administrator${place} can run:`;
}

/** What an administrator can paste, with the reason for its scope: the text of a hint, without a final line break. */
export function grantHint(requests: readonly AccessRequest[], subject: RbacSubject, options: GrantOptions = {}): string {
  const { commands } = leastGrant(requests, subject, options);
  const explanation = explainScope(requests, options.kinds ?? []);
  const lead = [explanation, administratorLead(options.contextName)].filter((part) => part !== undefined).join(' ');
  return [lead, ...layOutCommands(commands)].join('\n');
}

/** Lines to print below a sentence: indented by two blanks unless that would break a here-document. */
export function layOutCommands(commands: readonly string[]): readonly string[] {
  return commands.some((command) => command.includes('\n')) ? commands : commands.map((command) => `  ${command}`);
}
