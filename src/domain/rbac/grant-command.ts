import { isShellWord, shellCommand } from '../../text/shell.ts';
import type { GrantBinding, GrantObject, GrantRole } from './grant-object.ts';
import { type GrantRule, splitResource } from './grant-rule.ts';

/** Resources that `kubectl create role` cannot resolve, because discovery does not list them. */
const VIRTUAL = ['users', 'groups', 'uids', 'userextras'];

/** What a command is made with, besides its object. */
export interface CommandOptions {
  /** More words, such as `--context=prod`. */
  readonly flags?: readonly string[];
  /** Resources, `plural.group`, that nobody has looked up: kubectl would, and take `po` for `pods`. */
  readonly unresolved?: ReadonlySet<string>;
}

function namespaceFlag(namespace: string | undefined): readonly string[] {
  return namespace === undefined ? [] : ['-n', namespace];
}

/** A resource of a rule, as `--resource` takes it: `plural.group/subresource`. The subresource is all that stands behind the first slash. */
function kubectlResource(resource: string, group: string): string {
  const { plural, subresource } = splitResource(resource);
  const qualified = group === '' ? plural : `${plural}.${group}`;
  return subresource === undefined ? qualified : `${qualified}/${subresource}`;
}

function resourcesOf(rule: GrantRule): readonly { readonly resource: string; readonly group: string }[] {
  return 'resources' in rule ? rule.resources.map((resource) => ({ resource, group: rule.apiGroups[0] })) : [];
}

function limits(rule: GrantRule): string {
  return JSON.stringify([rule.verbs, 'resourceNames' in rule ? rule.resourceNames : [], 'nonResourceURLs' in rule]);
}

/** What the lists of `--verb`, `--resource` and `--non-resource-url` hold as it is: they are read as lines of CSV. */
const LISTED = /^[^,"\r\n\0]+$/;
/** kubectl makes lower case of a plural, and looks for the group between its first dot and a slash. */
const PLURAL = /^[a-z0-9-]+$/;
const GROUP = /^[a-z0-9.-]*$/;

function isListed(rule: GrantRule): boolean {
  return [...rule.verbs, ...('resources' in rule ? rule.resources : rule.nonResourceURLs)].every((value) => LISTED.test(value));
}

function isResolvedAsItIs(rule: GrantRule, unresolved: ReadonlySet<string>): boolean {
  return resourcesOf(rule).every(({ resource, group }) => {
    const { plural } = splitResource(resource);
    return PLURAL.test(plural) && GROUP.test(group) && !VIRTUAL.includes(plural) && !unresolved.has(kubectlResource(plural, group));
  });
}

/**
 * `kubectl create role` combines every verb with every resource and name, so one command is exact only if all rules have the same
 * verbs and names. https://github.com/kubernetes/kubectl/blob/v0.37.2/pkg/cmd/create/create_role.go
 */
function fitsOneCommand(rules: readonly GrantRule[], unresolved: ReadonlySet<string>): boolean {
  const names = rules.flatMap((rule) => ('resourceNames' in rule ? (rule.resourceNames ?? []) : []));
  return (
    new Set(rules.map(limits)).size === 1 &&
    rules.every((rule) => isListed(rule) && isResolvedAsItIs(rule, unresolved)) &&
    names.every((name) => isShellWord(name) && !name.includes(','))
  );
}

function createRole(role: GrantRole, flags: readonly string[]): string {
  const [rule] = role.rules;
  const noun = role.kind === 'Role' ? 'role' : 'clusterrole';
  const urls = role.rules.flatMap((each) => ('nonResourceURLs' in each ? each.nonResourceURLs : []));
  const names = rule !== undefined && 'resourceNames' in rule ? (rule.resourceNames ?? []) : [];
  const resources = role.rules.flatMap(resourcesOf).map(({ resource, group }) => kubectlResource(resource, group));
  return shellCommand([
    ...['kubectl', 'create', noun, role.metadata.name, ...namespaceFlag(role.metadata.namespace)],
    `--verb=${rule?.verbs.join() ?? ''}`,
    ...(resources.length > 0 ? [`--resource=${resources.join()}`] : []),
    ...(urls.length > 0 ? [`--non-resource-url=${urls.join()}`] : []),
    ...names.map((name) => `--resource-name=${name}`),
    ...flags,
  ]);
}

function createBinding(binding: GrantBinding, flags: readonly string[]): string {
  const noun = binding.kind === 'RoleBinding' ? 'rolebinding' : 'clusterrolebinding';
  return shellCommand([
    ...['kubectl', 'create', noun, binding.metadata.name, ...namespaceFlag(binding.metadata.namespace)],
    `--${binding.roleRef.kind === 'Role' ? 'role' : 'clusterrole'}=${binding.roleRef.name}`,
    ...binding.subjects.map((subject) => {
      if (subject.kind === 'ServiceAccount') return `--serviceaccount=${subject.namespace}:${subject.name}`;
      return `--${subject.kind === 'User' ? 'user' : 'group'}=${subject.name}`;
    }),
    ...flags,
  ]);
}

const PLAIN_SCALAR = /^[A-Za-z]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const YAML_WORDS = ['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n'];
const NOT_ASCII = /[^\u0020-\u007e]/gu;

function scalar(text: string): string {
  if (PLAIN_SCALAR.test(text) && !YAML_WORDS.includes(text.toLowerCase())) return text;
  return JSON.stringify(text).replace(NOT_ASCII, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join(''),
  );
}

function ruleLines(rule: GrantRule): readonly string[] {
  return Object.entries(rule).map(([field, values], index) => {
    return `${index === 0 ? '- ' : '  '}${field}: [${(values as readonly string[]).map(scalar).join(', ')}]`;
  });
}

function fieldLines(fields: object): readonly string[] {
  return Object.entries(fields).map(([field, value]) => `  ${field}: ${scalar(String(value))}`);
}

function contentLines(object: GrantObject): readonly string[] {
  if ('rules' in object) return ['rules:', ...object.rules.flatMap(ruleLines)];
  const subjects = object.subjects.flatMap((subject) =>
    fieldLines(subject).map((line, index) => (index === 0 ? `- ${line.trim()}` : line)),
  );
  return ['roleRef:', ...fieldLines(object.roleRef), 'subjects:', ...subjects];
}

function apply(object: GrantObject, flags: readonly string[]): string {
  return [
    `${shellCommand(['kubectl', 'apply', '-f', '-', ...flags])} <<'EOF'`,
    `apiVersion: ${object.apiVersion}`,
    `kind: ${object.kind}`,
    'metadata:',
    ...fieldLines(object.metadata),
    ...contentLines(object),
    'EOF',
  ].join('\n');
}

/** The command that creates one object of a grant: `kubectl create …`, or `kubectl apply` where that could not say exactly this. */
export function grantCommand(object: GrantObject, { flags = [], unresolved = new Set() }: CommandOptions = {}): string {
  if ('roleRef' in object)
    return object.subjects.every(({ name }) => isShellWord(name)) ? createBinding(object, flags) : apply(object, flags);
  return fitsOneCommand(object.rules, unresolved) ? createRole(object, flags) : apply(object, flags);
}
