import type { Finding } from '../../finding.ts';
import { KSERVE_GROUP, LEGACY_GROUP } from '../../kserve/kinds.ts';
import { listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { deadWords } from '../../rbac/dead-words.ts';
import { ruleAllows } from '../../rbac/policy-rule.ts';
import { readRules } from '../../rbac/read-objects.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, quoted } from '../check.ts';
import { nameOf } from '../facts.ts';
import { at, refOf } from '../service.ts';
import type { InstallationFacts } from './input.ts';

/** Roles and bindings for KServe's kinds. */
export function roleFindings(input: InstallationFacts): readonly Finding<Code>[] {
  const roles = input.facts.list('ClusterRole').filter(isOfKserve);
  return [...roles.flatMap((role) => deadRules(role, input)), ...danglingBindings(input), ...hiddenRuntimes(input)];
}

function rulesOf(role: KubeObject) {
  return readRules(role.rules).rules;
}

function isOfKserve(role: KubeObject): boolean {
  return rulesOf(role).some(({ apiGroups = [] }) => apiGroups.includes(KSERVE_GROUP) || apiGroups.includes(LEGACY_GROUP));
}

/** KServe's own roles had lllminferenceserviceconfigs: https://github.com/kserve/kserve/blob/v0.20.0/config/overlays/kubeflow */
function deadRules(role: KubeObject, { discovery }: InstallationFacts): readonly Finding<Code>[] {
  const ref = refOf(role);
  const rules = rulesOf(role);
  const old = rules.some(({ apiGroups = [] }) => apiGroups.includes(LEGACY_GROUP))
    ? [`the group ${LEGACY_GROUP} is that of KFServing, before KServe 0.7`]
    : [];
  const words = rules
    .filter(({ apiGroups = [] }) => apiGroups.length === 1 && apiGroups[0] === KSERVE_GROUP)
    .flatMap(({ resources = [] }) => resources.filter((word) => !word.includes('*')).map((word) => withGroup(word)));
  const dead = discovery === undefined ? [] : deadWords(words, discovery).filter(({ reason }) => reason === 'notAKind');
  const texts = [
    ...old,
    ...dead.map(
      ({ word, suggestion }) => `nothing serves ${quoted(word)}${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}`,
    ),
  ];
  if (texts.length === 0) return [];
  return [
    found('rbac-dead-rule', ref, `the ClusterRole ${quoted(ref.name)} has words that grant nothing: ${texts.join('; ')}`, {
      field: 'rules',
      evidence: [evidenceOf(ref, 'rules', [...(old.length > 0 ? [LEGACY_GROUP] : []), ...dead.map(({ word }) => word)].join(', '))],
    }),
  ];
}

function withGroup(word: string): string {
  const [plural = '', ...rest] = word.split('/');
  return [`${plural}.${KSERVE_GROUP}`, ...rest].join('/');
}

/** Bindings by which KServe's controllers act, and that name a role which is not there. */
function danglingBindings({ facts }: InstallationFacts): readonly Finding<Code>[] {
  if (!facts.isComplete('ClusterRole', undefined)) return [];
  return facts.list('ClusterRoleBinding').flatMap((binding) => {
    const name = textOf(at(binding, 'roleRef', 'name')) ?? '';
    const isKserve =
      /kserve|llmisvc/.test(name) ||
      listOf(binding.subjects).some((subject) => /^(?:kserve|llmisvc)-/.test(textOf(at(subject, 'name')) ?? ''));
    if (!isKserve || facts.find('ClusterRole', undefined, name) !== undefined) return [];
    const ref = refOf(binding);
    return [
      found(
        'rbac-dangling-role-ref',
        ref,
        `the ClusterRoleBinding ${quoted(ref.name)} refers to the ClusterRole ${quoted(name)}, which does not exist: it grants nothing`,
        {
          field: 'roleRef.name',
          evidence: [evidenceOf(ref, 'roleRef.name', name)],
        },
      ),
    ];
  });
}

/** Roles of programs, and those that may do everything, say nothing about users. */
const NOT_FOR_USERS = /^system:|^cluster-admin$|controller|manager|operator|localmodel/;

/** None of the roles that KServe, Kubeflow and OpenShift AI ship grants it: https://github.com/kserve/kserve/issues/738 */
function hiddenRuntimes({ facts }: InstallationFacts): readonly Finding<Code>[] {
  if (!facts.isComplete('ClusterRole', undefined) || facts.list('ClusterServingRuntime').length === 0) return [];
  const request = { verb: 'list', group: KSERVE_GROUP, resource: 'clusterservingruntimes', namespace: '' };
  const granting = facts.list('ClusterRole').filter((role) => rulesOf(role).some((rule) => ruleAllows(rule, request)));
  if (granting.some((role) => !NOT_FOR_USERS.test(nameOf(role)))) return [];
  const object = { kind: 'ClusterRole', name: 'clusterservingruntime-reader' };
  return [
    found(
      'rbac-runtimes-hidden',
      object,
      'no ClusterRole for users grants list of clusterservingruntimes: only administrators see which runtimes there are',
      {
        evidence: [evidenceOf(object, 'rules', granting.map(nameOf).join(', ') || '<none>')],
        fix: {
          text: 'create a ClusterRole and bind it to those who deploy models, by a ClusterRoleBinding: the kind is cluster-scoped',
          commands: [
            'kubectl create clusterrole clusterservingruntime-reader --verb=get,list,watch --resource=clusterservingruntimes.serving.kserve.io',
          ],
        },
      },
    ),
  ];
}
