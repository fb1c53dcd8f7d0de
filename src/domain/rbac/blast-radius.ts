import type { V1PolicyRule } from '@kubernetes/client-node';
import type { Identity, RbacSubject } from '../kubernetes/identity.ts';
import { type AccessRequest, isUrlRequest } from './access-review.ts';
import { type RbacObjects, subjectMatches } from './authorizer.ts';
import { ruleResource } from './grant-rule.ts';
import { type BindingNode, type RbacGraph, type RoleNode, rbacGraph, roleOf } from './rbac-graph.ts';
import { barestIdentity, resolveSubject, subjectKey } from './subject.ts';

/** One right as a rule spells it: `*` is a word here, and stands for all that it matches. */
export interface Permission {
  readonly subject: RbacSubject;
  readonly verb: string;
  readonly group?: string;
  /** Plural with a subresource if any. */
  readonly resource?: string;
  /** Absent: any object. */
  readonly name?: string;
  readonly path?: string;
  /** `''`: everywhere. */
  readonly namespace: string;
}

export interface BlastRadius {
  /** All that is newly allowed, the question itself included. */
  readonly rights: number;
  /** What is newly allowed beyond the question, and to whom. */
  readonly alsoGrants: readonly Permission[];
  /** Everybody who is newly allowed something. */
  readonly subjects: readonly RbacSubject[];
}

/** One verb on one thing, without whom and where. */
type Atom = Omit<Permission, 'subject' | 'namespace'>;

/** @param asker who asks, with all that is known of the groups */
export function blastRadius(
  before: RbacObjects,
  after: RbacObjects,
  asker: { readonly identity: Identity; readonly subject: RbacSubject },
  requests: readonly AccessRequest[],
): BlastRadius {
  const [old, changed] = [rbacGraph(before), rbacGraph(after)];
  const holds = holdings(old, asker);
  const gained = widerBindings(old, changed).flatMap((wider) => gains(wider, holds));
  const all = [...new Map(gained.map((permission) => [permissionKey(permission), permission])).values()];
  const asked = new Set(
    requests.map((request) => permissionKey({ subject: asker.subject, ...atomOf(request), namespace: placeOf(request) })),
  );
  return {
    rights: all.length,
    alsoGrants: all.filter((permission) => !asked.has(permissionKey(permission))),
    subjects: [...new Map(all.map(({ subject }) => [subjectKey(subject), subject])).values()],
  };
}

function placeOf(request: AccessRequest): string {
  return isUrlRequest(request) ? '' : request.namespace;
}

function atomOf(request: AccessRequest): Atom {
  if (isUrlRequest(request)) return { verb: request.verb, path: request.path };
  const { verb, group, name } = request;
  return { verb, group, resource: ruleResource(request), ...(name !== undefined && { name }) };
}

function permissionKey({ subject, verb, group, resource, name, path, namespace }: Permission): string {
  return JSON.stringify([subjectKey(subject), verb, group, resource, name, path, namespace]);
}

interface WiderBinding {
  readonly binding: BindingNode;
  readonly rules: readonly V1PolicyRule[];
}

/** Bindings that are new or changed, or whose role is. */
function widerBindings(old: RbacGraph, changed: RbacGraph): readonly WiderBinding[] {
  const before = new Map(old.bindings.map((binding) => [bindingKey(binding), binding]));
  return changed.bindings.flatMap((binding) => {
    const rules = roleOf(changed, binding)?.rules ?? [];
    const was = before.get(bindingKey(binding));
    const isSame = was !== undefined && was.subjects === binding.subjects && sameRole(roleOf(old, was), rules);
    return isSame ? [] : [{ binding, rules }];
  });
}

function sameRole(role: RoleNode | undefined, rules: readonly V1PolicyRule[]): boolean {
  return role === undefined ? rules.length === 0 : role.rules === rules || JSON.stringify(role.rules) === JSON.stringify(rules);
}

function bindingKey({ kind, namespace, name }: BindingNode): string {
  return JSON.stringify([kind, namespace, name]);
}

/** Rules that somebody holds already, by where. */
type Held = ReadonlyMap<string, readonly V1PolicyRule[]>;

function gains({ binding, rules }: WiderBinding, holds: (subject: RbacSubject) => Held): readonly Permission[] {
  const { namespace } = binding;
  const subjects = binding.subjects.map((subject) => resolveSubject(subject, namespace)).filter((subject) => subject !== undefined);
  const atoms = rules.flatMap(atomsOf).filter(({ path }) => path === undefined || namespace === '');
  return subjects.flatMap((subject) => {
    const held = holds(subject);
    const known = [...(held.get('') ?? []), ...(namespace === '' ? [] : (held.get(namespace) ?? []))];
    return atoms.filter((atom) => !known.some((rule) => holdsAtom(rule, atom))).map((atom) => ({ subject, ...atom, namespace }));
  });
}

function atomsOf({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: V1PolicyRule): readonly Atom[] {
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  const things: readonly Omit<Atom, 'verb'>[] = [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) => names.map((name) => ({ group, resource, ...(name !== undefined && { name }) }))),
    ),
    ...nonResourceURLs.map((path) => ({ path })),
  ];
  return things.flatMap((thing) => verbs.map((verb) => ({ verb, ...thing })));
}

/** Whether a rule allows all that the atom stands for. */
function holdsAtom(rule: V1PolicyRule, { verb, group, resource, name, path }: Atom): boolean {
  if (!includes(rule.verbs, verb)) return false;
  if (path !== undefined)
    return (rule.nonResourceURLs ?? []).some((url) => url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, ''))));
  const names = rule.resourceNames ?? [];
  return (
    includes(rule.apiGroups, group ?? '') &&
    holdsResource(rule.resources ?? [], resource ?? '') &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

function includes(words: readonly string[] = [], word: string): boolean {
  return words.includes('*') || words.includes(word);
}

function holdsResource(held: readonly string[], resource: string): boolean {
  const subresource = resource.split('/')[1];
  return includes(held, resource) || (subresource !== undefined && held.includes(`*/${subresource}`));
}

/** What each subject holds, worked out once for each that is asked about. */
function holdings(graph: RbacGraph, asker: { readonly identity: Identity; readonly subject: RbacSubject }): (subject: RbacSubject) => Held {
  const known = new Map<string, Held>();
  return (subject) => {
    const key = subjectKey(subject);
    const held = known.get(key) ?? heldBy(graph, key === subjectKey(asker.subject) ? asker.identity : barestIdentity(subject));
    known.set(key, held);
    return held;
  };
}

function heldBy(graph: RbacGraph, identity: Identity): Held {
  const bindings = graph.bindings.filter(({ subjects, namespace }) =>
    subjects.some((subject) => subjectMatches(subject, identity, namespace)),
  );
  const held = bindings.map((binding) => [binding.namespace, roleOf(graph, binding)?.rules ?? []] as const);
  return new Map(
    [...Map.groupBy(held, ([namespace]) => namespace)].map(([namespace, same]) => [namespace, same.flatMap(([, rules]) => rules)]),
  );
}
