// What `kubectl create` and `kubectl apply` make of their words, so that commands can be read back.
// https://github.com/kubernetes/kubectl/blob/v0.37.2/pkg/cmd/create/create_role.go, and create_clusterrole.go, create_rolebinding.go beside it
import assert from 'node:assert/strict';
import { load } from 'js-yaml';

/** What kubectl is started with, and what it reads from stdin. */
interface Pasted {
  readonly words: readonly string[];
  readonly input: string;
}

/** Some of the names that kubectl resolves. */
export const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['po', 'pods'],
  ['pod', 'pods'],
  ['servingruntime.serving.kserve.io', 'servingruntimes'],
]);

const API_VERSION = 'rbac.authorization.k8s.io/v1';
const API_GROUP = 'rbac.authorization.k8s.io';

/** The object that a command creates. */
export function createdBy({ words, input }: Pasted): unknown {
  if (words[0] === 'apply') return load(input);
  assert.equal(words[0], 'create');
  const [, noun = '', name = '', ...rest] = words;
  const flags = flagsOf(rest);
  const kind = new Map([
    ['role', 'Role'],
    ['clusterrole', 'ClusterRole'],
    ['rolebinding', 'RoleBinding'],
    ['clusterrolebinding', 'ClusterRoleBinding'],
  ]).get(noun);
  const [namespace] = flags.get('n') ?? [];
  const head = { apiVersion: API_VERSION, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  return noun.endsWith('binding') ? { ...head, ...bindingOf(flags) } : { ...head, rules: rulesOf(flags) };
}

type Flags = ReadonlyMap<string, readonly string[]>;

function flagsOf(words: readonly string[]): Flags {
  const flags = new Map<string, string[]>();
  for (let index = 0; index < words.length; index++) {
    const [, name = 'n', value = words[++index] ?? ''] = /^--([a-z-]+)=([\s\S]*)$/.exec(words[index] ?? '') ?? [];
    flags.set(name, [...(flags.get(name) ?? []), value]);
  }
  return flags;
}

/** A value of pflag's StringSlice: one line of CSV, as Go reads it. */
function slice(values: readonly string[] = []): readonly string[] {
  return values.flatMap((value) => {
    const [line = ''] = value.split(/\r?\n/, 1);
    const fields = line.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^",]*)(?=,|$)/g);
    assert.equal(fields?.join(''), line, `no CSV: ${JSON.stringify(value)}`);
    return fields.map((field, index) => {
      const text = index === 0 ? field : field.slice(1);
      return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
    });
  });
}

function rulesOf(flags: Flags): unknown {
  const verbs = slice(flags.get('verb'));
  const names = flags.get('resource-name') ?? [];
  const groups = Map.groupBy(slice(flags.get('resource')).map(resolved), ({ group }) => group);
  const urls = slice(flags.get('non-resource-url'));
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...sorted.map(([group, resources]) => ({
      apiGroups: [group],
      resources: resources.map(({ resource }) => resource),
      ...(names.length > 0 && { resourceNames: names }),
      verbs,
    })),
    ...(urls.length > 0 ? [{ nonResourceURLs: urls, verbs }] : []),
  ];
}

function resolved(text: string): { readonly group: string; readonly resource: string } {
  const [, before = '', , subresource] = /^([^/]*)(\/([\s\S]*))?$/.exec(text) ?? [];
  const [, plural = '', , group = ''] = /^([^.]*)(\.([\s\S]*))?$/.exec(before) ?? [];
  const lower = plural.toLowerCase();
  const resource = SHORT_NAMES.get(group === '' ? lower : `${lower}.${group}`) ?? lower;
  return { group, resource: subresource ? `${resource}/${subresource}` : resource };
}

function bindingOf(flags: Flags): object {
  const [role] = flags.get('role') ?? [];
  const [clusterRole] = flags.get('clusterrole') ?? [];
  const named = (kind: 'User' | 'Group') => (flags.get(kind.toLowerCase()) ?? []).map((name) => ({ kind, apiGroup: API_GROUP, name }));
  const accounts = (flags.get('serviceaccount') ?? []).map((text) => {
    const [namespace, name] = text.split(':');
    return { kind: 'ServiceAccount', name, namespace };
  });
  return {
    roleRef: { apiGroup: API_GROUP, kind: role === undefined ? 'ClusterRole' : 'Role', name: role ?? clusterRole },
    subjects: [...named('User'), ...named('Group'), ...accounts],
  };
}
