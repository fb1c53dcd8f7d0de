import type { Cluster } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../../domain/kserve/kinds.ts';
import { fieldOf } from '../../../domain/kubernetes/json-value.ts';
import { type KubeObject, resourceName } from '../../../domain/kubernetes/resource.ts';
import { type AccessRules, accessRules, CLUSTER_WIDE, type RulesStatus } from '../../../domain/rbac/access-rules.ts';
import { type DeadWord, deadWords } from '../../../domain/rbac/dead-words.ts';
import { readRules } from '../../../domain/rbac/read-objects.ts';
import { RULES_REVIEW, rulesReview } from '../../../domain/rbac/review-object.ts';
import { ExitCode, KserveError } from '../../../errors.ts';
import { REPORT_VERSION, reportText } from '../../../output/report.ts';
import { type Column, renderTable } from '../../../output/table.ts';
import { impersonationWarning } from '../../../queries/asked-subject.ts';
import { askDiscovery } from '../../../queries/discovery.ts';
import { askIdentity } from '../../../queries/identity.ts';
import { asLoginFailure } from '../../../queries/review-failure.ts';
import { absentNamespace } from '../../../queries/subject-rules.ts';
import { escapeText } from '../../../text/escape.ts';
import { warningLine } from '../../../text/warning.ts';
import type { CheckRequest } from './request.ts';

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
    evaluationError: evaluationError || (isWhole ? '' : 'the server lists malformed rules'),
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
  return kinds.map((kind) => `a RoleBinding in ${scope} names ${resourceName(kind)}, but has no effect on it: the kind is cluster-scoped`);
}

type Row = AccessRules['rules'][number];

const DEAD: Readonly<Record<DeadWord['reason'], string>> = {
  groupNotServed: 'group not served',
  groupWithVersion: 'a group has no version',
  notInstalled: 'not installed',
  notAKind: 'no such kind',
  subresourceNotServed: 'no such subresource',
};

function deadWarning({ word, reason, suggestion }: DeadWord): readonly string[] {
  // A kind of KServe that an installation lacks is no mistake of the rule.
  if (reason === 'notInstalled') return [];
  const meant = suggestion === undefined ? '' : `: did you mean ${suggestion}?`;
  return [`a rule names ${word}, which has no effect (${DEAD[reason]})${meant}`];
}

type Cells = (row: Row) => readonly string[];

function listColumn(header: string, cells: Cells, none: string) {
  return {
    header,
    cell: (row: Row) => cells(row).join(',') || none,
    wraps: true,
  };
}

function columns(rules: readonly Row[], dead: readonly DeadWord[], isTerminal: boolean): readonly Column<Row>[] {
  const marks = new Map(dead.map(({ word, reason }) => [word, `${word} (${DEAD[reason]})`]));
  const resources: Cells = (row) => row.resources.map((word) => marks.get(word) ?? word);
  const names = listColumn('RESOURCE-NAMES', ({ resourceNames }) => resourceNames, '<any>');
  const rest = [{ header: 'SCOPE', cell: ({ scope }: Row) => scope }, listColumn('VERBS', ({ verbs }) => verbs, '<none>')];
  if (!isTerminal) {
    return [
      listColumn('RESOURCES', resources, '<none>'),
      listColumn('NON-RESOURCE-URLS', ({ nonResourceURLs }) => nonResourceURLs, '<none>'),
      names,
      ...rest,
    ];
  }
  // A rule has resources or URLs, never both: one column for them leaves room.
  const targets: Cells = (row) => (row.resources.length > 0 ? resources(row) : row.nonResourceURLs);
  return [
    listColumn('RESOURCES', targets, '<none>'),
    ...(rules.some(({ resourceNames }) => resourceNames.length > 0) ? [names] : []),
    ...rest,
  ];
}

async function render(report: object, rules: readonly Row[], dead: readonly DeadWord[], look: Look): Promise<string> {
  const { format, terminalWidth } = look;
  if (format === 'json' || format === 'yaml') return reportText(report, format);
  const view = { columns: columns(rules, dead, terminalWidth !== undefined) };
  return [...(await renderTable(view, rules, { headers: true, terminalWidth }))].join('');
}

function nothingText(namespaces: readonly string[]): string {
  const place = `the namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.map(escapeText).join(', ')}`;
  return `Nothing of KServe: no rule of yours in ${place} names a kind of ${KSERVE_GROUP}.`;
}

interface Look {
  readonly format: CheckRequest['format'];
  readonly terminalWidth: number | undefined;
}

/** Lists the caller's rules for KServe in the namespaces. Rules are a view, never a verdict: what is not listed may still be allowed. */
export async function listRules(context: Context, request: CheckRequest): Promise<ExitCode> {
  const connection = await context.connection();
  const { cluster } = connection;
  const namespaces = request.namespaces ?? [namespaceOf(connection)];
  const [asked, { discovery, warning: discoveryWarning }, everywhere, ...here] = await Promise.all([
    askIdentity(cluster),
    askDiscovery(cluster, false),
    askRules(cluster, absentNamespace(namespaces, context.now())),
    ...namespaces.map((namespace) => askRules(cluster, namespace)),
  ]);
  const rules = accessRules(everywhere, new Map(namespaces.map((namespace, index) => [namespace, here[index] as RulesStatus])));
  const dead =
    discovery === undefined
      ? []
      : deadWords(
          rules.rules.flatMap(({ resources }) => resources),
          discovery,
        );
  const warnings = [
    impersonationWarning(context.connectionOptions),
    asked.warning,
    discoveryWarning,
    ...here.map(incompleteWarning),
    ...rules.rules.flatMap(withoutEffect),
    ...dead.flatMap(deadWarning),
  ];
  const shown = [...new Set(warnings.filter((warning) => warning !== undefined))];
  const report = {
    apiVersion: REPORT_VERSION,
    kind: 'AccessRules',
    ...(asked.identity !== undefined && { identity: asked.identity }),
    ...(connection.contextName !== undefined && { context: connection.contextName }),
    namespaces,
    ...rules,
    ...(dead.length > 0 && { deadWords: dead }),
    warnings: shown,
  };
  for (const warning of shown) context.streams.errOut.write(warningLine(warning));
  context.streams.out.write(
    await render(report, rules.rules, dead, { format: request.format, terminalWidth: context.streams.out.columns }),
  );
  // Rules about URLs, which everybody has, are none about KServe.
  if (rules.rules.some(({ resources }) => resources.length > 0)) return ExitCode.ok;
  context.streams.errOut.write(`${nothingText(namespaces)}\n`);
  // Nobody says that there are none.
  return rules.incomplete ? ExitCode.undetermined : ExitCode.ok;
}
