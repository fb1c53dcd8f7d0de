import { didYouMean } from '../../../text/did-you-mean.ts';
import type { Finding } from '../../finding.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../kserve/kinds.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { quoted } from '../check.ts';
import { at } from '../service.ts';
import { foundAt, type ManifestFacts, type ManifestRule } from './manifest.ts';

const OLD_GROUP = 'serving.kubeflow.org';
const PLURALS = KSERVE_KINDS.map(({ plural }) => plural);
const CLUSTER_SCOPED: ReadonlySet<string> = new Set(KSERVE_KINDS.filter(({ namespaced }) => !namespaced).map(({ plural }) => plural));

interface Word {
  readonly word: string;
  readonly path: readonly (string | number)[];
}

function wordsOf(rule: unknown, rules: readonly (string | number)[], field: 'apiGroups' | 'resources'): readonly Word[] {
  return listOf(fieldOf(rule, field)).flatMap((word, index) =>
    typeof word === 'string' ? [{ word, path: [...rules, field, index] }] : [],
  );
}

function isRole({ manifest: { object } }: ManifestFacts): boolean {
  return object.kind === 'Role' || object.kind === 'ClusterRole';
}

/** Words of KServe's groups that no version of KServe served. */
function deadRules(facts: ManifestFacts): readonly Finding<Code>[] {
  if (!isRole(facts)) return [];
  return listOf(facts.manifest.object.rules).flatMap((rule, index) => {
    const groups = wordsOf(rule, ['rules', index], 'apiGroups');
    const old = groups
      .filter(({ word }) => word === OLD_GROUP)
      .map(({ path }) =>
        foundAt(
          'rbac-dead-rule',
          facts,
          path,
          `the group ${OLD_GROUP} is that of KFServing, before KServe 0.7: the group is ${KSERVE_GROUP}`,
        ),
      );
    const isOfKserve = groups.some(({ word }) => word === KSERVE_GROUP);
    // Other groups in the rule may serve the word.
    const isAlone = groups.every(({ word }) => word === KSERVE_GROUP || word === OLD_GROUP);
    return [...old, ...(isOfKserve && isAlone ? deadWords(facts, rule, index) : [])];
  });
}

function deadWords(facts: ManifestFacts, rule: unknown, index: number): readonly Finding<Code>[] {
  const dead = wordsOf(rule, ['rules', index], 'resources').filter(
    ({ word }) => !word.includes('*') && !PLURALS.includes(word.split('/')[0] ?? ''),
  );
  return dead.map(({ word, path }) => {
    const near = didYouMean(word.split('/')[0] ?? '', PLURALS);
    return foundAt('rbac-dead-rule', facts, path, `nothing serves ${quoted(word)} in ${KSERVE_GROUP}: this word grants nothing`, {
      fix: near === undefined ? undefined : { text: `did you mean ${near}?` },
    });
  });
}

function clusterKindsOf(rules: unknown): readonly string[] {
  return listOf(rules).flatMap((rule) => {
    if (!listOf(fieldOf(rule, 'apiGroups')).includes(KSERVE_GROUP)) return [];
    return listOf(fieldOf(rule, 'resources')).flatMap((word) => (typeof word === 'string' && CLUSTER_SCOPED.has(word) ? [word] : []));
  });
}

/** A Role that names cluster-scoped kinds, or a RoleBinding to a role of the files that names nothing else. */
function wrongScope(facts: ManifestFacts): readonly Finding<Code>[] {
  const { object } = facts.manifest;
  if (object.kind === 'Role') {
    const kinds = clusterKindsOf(object.rules);
    return kinds.length === 0
      ? []
      : [foundAt('rbac-wrong-scope', facts, ['rules'], `${kinds.join(', ')} cannot be granted by a Role: the kind is cluster-scoped`)];
  }
  if (object.kind !== 'RoleBinding') return [];
  const role = roleOf(facts);
  const kinds = role === undefined || role.kind !== 'ClusterRole' ? [] : clusterKindsOf(role.rules);
  return kinds.length === 0
    ? []
    : [
        foundAt(
          'rbac-wrong-scope',
          facts,
          ['roleRef'],
          `the ClusterRole ${quoted(textOf(at(object, 'roleRef', 'name')) ?? '')} grants ${kinds.join(', ')}, which a RoleBinding cannot grant: the kind is cluster-scoped`,
        ),
      ];
}

function roleOf({ manifest: { object }, facts, namespace }: ManifestFacts) {
  const [kind, name] = [textOf(at(object, 'roleRef', 'kind')) ?? '', textOf(at(object, 'roleRef', 'name')) ?? ''];
  return facts.find(kind, kind === 'Role' ? (textOf(object.metadata.namespace) ?? namespace) : undefined, name);
}

function danglingRole(facts: ManifestFacts): readonly Finding<Code>[] {
  const { object } = facts.manifest;
  if (object.kind !== 'RoleBinding' && object.kind !== 'ClusterRoleBinding') return [];
  const kind = textOf(at(object, 'roleRef', 'kind')) ?? '';
  const namespace = kind === 'Role' ? (textOf(object.metadata.namespace) ?? facts.namespace) : undefined;
  if (roleOf(facts) !== undefined || !facts.facts.isComplete(kind, namespace)) return [];
  return [
    foundAt(
      'rbac-dangling-role-ref',
      facts,
      ['roleRef', 'name'],
      `there is no ${kind} ${quoted(textOf(at(object, 'roleRef', 'name')) ?? '')}: the binding grants nothing`,
    ),
  ];
}

const WILDCARDS = ['apiGroups', 'resources', 'verbs'] as const;

/** Wildcards of roles that are about KServe: they grant what no task needs, and what later versions bring. */
function wildcards(facts: ManifestFacts): readonly Finding<Code>[] {
  const rules = isRole(facts) ? listOf(facts.manifest.object.rules) : [];
  return rules.flatMap((rule, index) => (isAboutKserve(rule) ? WILDCARDS.flatMap((field) => wildcardIn(facts, rule, index, field)) : []));
}

function isAboutKserve(rule: unknown): boolean {
  const words = listOf(fieldOf(rule, 'resources'));
  const isOfGroup = listOf(fieldOf(rule, 'apiGroups')).includes(KSERVE_GROUP);
  return isOfGroup || words.some((word) => typeof word === 'string' && PLURALS.includes(word));
}

function wildcardIn(facts: ManifestFacts, rule: unknown, index: number, field: (typeof WILDCARDS)[number]): readonly Finding<Code>[] {
  const position = listOf(fieldOf(rule, field)).indexOf('*');
  if (position < 0) return [];
  const text = `the rule grants all ${field}, which no task with KServe needs`;
  return [foundAt('rbac-wildcard', facts, ['rules', index, field, position], text)];
}

export const RBAC_RULES: readonly ManifestRule[] = [deadRules, wrongScope, danglingRole, wildcards];
