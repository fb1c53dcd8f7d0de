import type { Cluster } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import { KSERVE_KINDS } from '../../../domain/kserve/kinds.ts';
import { fieldOf } from '../../../domain/kubernetes/json-value.ts';
import { hashedName } from '../../../domain/kubernetes/object-name.ts';
import { type KubeObject, resourceName } from '../../../domain/kubernetes/resource.ts';
import { type AccessRules, accessRules, CLUSTER_WIDE, type RulesStatus } from '../../../domain/rbac/access-rules.ts';
import { readRules } from '../../../domain/rbac/read-objects.ts';
import { RULES_REVIEW, rulesReview } from '../../../domain/rbac/review-object.ts';
import { ExitCode, KserveError } from '../../../errors.ts';
import { renderTable } from '../../../output/table.ts';
import { impersonationWarning } from '../../../queries/asked-subject.ts';
import { askIdentity } from '../../../queries/identity.ts';
import { asLoginFailure } from '../../../queries/review-failure.ts';
import { escapeText } from '../../../text/escape.ts';
import type { CheckRequest } from './request.ts';

/** A namespace that nobody has: rules there are those that hold everywhere. */
function absentNamespace(namespaces: readonly string[], now: Date): string {
  return hashedName('kserve-check-absent', `${now.getTime()} ${namespaces.join()}`);
}

function errorText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function rulesStatus({ status }: KubeObject): RulesStatus {
  if (!Array.isArray(fieldOf(status, 'resourceRules')))
    throw new KserveError('the answer of the server is no rules review: it has no status.resourceRules');
  const [onResources, onUrls] = [readRules(fieldOf(status, 'resourceRules')), readRules(fieldOf(status, 'nonResourceRules'))];
  const isWhole = onResources.isWhole && onUrls.isWhole;
  const evaluationError = errorText(fieldOf(status, 'evaluationError'));
  return {
    resourceRules: onResources.rules,
    nonResourceRules: onUrls.rules,
    // Only the word of the server that nothing is missing counts, and no rule that cannot be read.
    incomplete: !isWhole || evaluationError !== '' || ![false, undefined, null].includes(fieldOf(status, 'incomplete') as boolean),
    evaluationError: evaluationError || (isWhole ? '' : 'the server lists rules that are none'),
  };
}

async function askRules(cluster: Cluster, namespace: string): Promise<RulesStatus> {
  try {
    return rulesStatus(await cluster.create(RULES_REVIEW, rulesReview(namespace), {}));
  } catch (error) {
    throw asLoginFailure(error);
  }
}

function incompleteWarning({ incomplete, evaluationError }: RulesStatus): string | undefined {
  if (!incomplete && evaluationError === '') return undefined;
  return `the list may be incomplete: ${evaluationError || 'an authorizer cannot list its rules'}`;
}

// A RoleBinding may name a cluster-scoped kind, and the server lists it, but no request is ever allowed by it.
function withoutEffect({ resources, scope }: Row): readonly string[] {
  if (scope === CLUSTER_WIDE) return [];
  const kinds = KSERVE_KINDS.filter((kind) => !kind.namespaced && resources.includes(resourceName(kind)));
  return kinds.map((kind) => `a RoleBinding in ${scope} names ${resourceName(kind)}, without effect: the kind is cluster-scoped`);
}

type Row = AccessRules['rules'][number];

const COLUMNS = [
  { header: 'RESOURCES', cell: ({ resources }: Row) => resources.join(',') || '<none>' },
  { header: 'NON-RESOURCE-URLS', cell: ({ nonResourceURLs }: Row) => nonResourceURLs.join(',') || '<none>' },
  { header: 'RESOURCE-NAMES', cell: ({ resourceNames }: Row) => resourceNames.join(',') || '<any>' },
  { header: 'SCOPE', cell: ({ scope }: Row) => scope },
  { header: 'VERBS', cell: ({ verbs }: Row) => verbs.join(',') },
];

async function render(report: object, rules: readonly Row[], format: CheckRequest['format']): Promise<string> {
  if (format === 'json') return `${(await import('../../../output/json.ts')).jsonText(report)}\n`;
  if (format === 'yaml') return (await import('../../../output/yaml.ts')).yamlText(report);
  return [...(await renderTable({ columns: COLUMNS }, rules, { headers: true }))].join('');
}

/** Lists the caller's rules for KServe in the namespaces. Rules are a view, never a verdict: what is not listed may still be allowed. */
export async function listRules(context: Context, request: CheckRequest): Promise<ExitCode> {
  const connection = await context.connection();
  const { cluster } = connection;
  const namespaces = request.namespaces ?? [namespaceOf(connection)];
  const [asked, everywhere, ...here] = await Promise.all([
    askIdentity(cluster),
    askRules(cluster, absentNamespace(namespaces, context.now())),
    ...namespaces.map((namespace) => askRules(cluster, namespace)),
  ]);
  const rules = accessRules(everywhere, new Map(namespaces.map((namespace, index) => [namespace, here[index] as RulesStatus])));
  const warnings = [
    impersonationWarning(context.connectionOptions),
    asked.warning,
    ...here.map(incompleteWarning),
    ...rules.rules.flatMap(withoutEffect),
  ];
  const shown = [...new Set(warnings.filter((warning) => warning !== undefined))];
  const report = {
    apiVersion: 'kubectl-kserve/v1alpha1',
    kind: 'AccessRules',
    ...(asked.identity !== undefined && { identity: asked.identity }),
    ...(connection.contextName !== undefined && { context: connection.contextName }),
    namespaces,
    ...rules,
    warnings: shown,
  };
  for (const warning of shown) context.streams.errOut.write(`Warning: ${escapeText(warning)}\n`);
  context.streams.out.write(await render(report, rules.rules, request.format));
  if (rules.rules.length > 0) return ExitCode.ok;
  context.streams.errOut.write('No rules found for serving.kserve.io\n');
  // Nobody says that there are none.
  return rules.incomplete ? ExitCode.undetermined : ExitCode.ok;
}
