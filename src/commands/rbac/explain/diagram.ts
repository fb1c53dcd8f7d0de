import type { GrantPath } from '../../../domain/rbac/grant-paths.ts';
import type { AccessFinding } from '../../../domain/rbac/near-miss/access-finding.ts';
import type { NearMiss } from '../../../domain/rbac/near-miss/cause.ts';
import { questionResource, scopeClause } from '../../../domain/rbac/question.ts';
import { type FlowEdge, type FlowNode, flowchart } from '../../../output/mermaid.ts';
import { objectText, subjectText } from '../question/names.ts';
import type { ExplainedQuestion, FoundExplanations } from './found.ts';
import { whoText } from './report.ts';

interface Chart {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

function ruleLines(path: Pick<GrantPath, 'role' | 'ruleIndex'>): readonly string[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames, nonResourceURLs } = path.role.rules[path.ruleIndex] ?? {};
  return [
    `rule ${path.ruleIndex}`,
    `verbs: ${verbs.join(', ')}`,
    ...(nonResourceURLs === undefined
      ? [`apiGroups: ${JSON.stringify(apiGroups)}`, `resources: ${resources.join(', ')}`]
      : [`URLs: ${nonResourceURLs.join(', ')}`]),
    ...(resourceNames === undefined ? [] : [`resourceNames: ${resourceNames.join(', ')}`]),
  ];
}

function pathChart({ binding, role, ruleIndex, subject }: GrantPath, at: number): Chart {
  return {
    nodes: [
      { id: `binding${at}`, label: [objectText(binding)] },
      { id: `role${at}`, label: [objectText(role)] },
      { id: `rule${at}`, label: ruleLines({ role, ruleIndex }) },
    ],
    edges: [
      { from: 'subject', to: `binding${at}`, label: `as ${subjectText(subject)}` },
      { from: `binding${at}`, to: `role${at}` },
      { from: `role${at}`, to: `rule${at}` },
      { from: `rule${at}`, to: 'request' },
    ],
  };
}

/** Which link of the chain a gap breaks. */
function brokenLinks({ gaps }: NearMiss): ReadonlySet<string> {
  return new Set(
    gaps.map(({ field, at, code }) => {
      if (code === 'aggregation-label' || code === 'aggregated-role-edited') return 'role';
      if (at === 'role') return 'rule';
      return field.startsWith('subjects') ? 'subject' : field.startsWith('roleRef') ? 'binding' : 'request';
    }),
  );
}

function missChart(miss: NearMiss, finding: AccessFinding, at: number): Chart {
  const { binding, role, ruleIndex, gaps } = miss;
  const broken = brokenLinks(miss);
  const label = gaps.map(({ field, value, wanted }) => `${field}: ${value} (wanted: ${wanted})`).join('; ');
  const edge = (link: string, from: string, to: string): FlowEdge => ({
    from,
    to,
    ...(broken.has(link) && { isBroken: true, label: `${finding.code}: ${label}` }),
  });
  return {
    nodes: [
      { id: `binding${at}`, label: [binding === undefined ? 'no binding' : objectText(binding)] },
      {
        id: `role${at}`,
        label: [role === undefined ? `${binding?.roleRef.kind} ${JSON.stringify(binding?.roleRef.name)} not found` : objectText(role)],
      },
      ...(role === undefined ? [] : [{ id: `rule${at}`, label: ruleLines({ role, ruleIndex: Math.max(ruleIndex ?? 0, 0) }) }]),
    ],
    edges: [
      edge('subject', 'subject', `binding${at}`),
      edge('binding', `binding${at}`, `role${at}`),
      ...(role === undefined
        ? []
        : [edge('role', `role${at}`, `rule${at}`), edge(broken.has('rule') ? 'rule' : 'request', `rule${at}`, 'request')]),
    ],
  };
}

function oneChart({ question, grants, causes, misses }: ExplainedQuestion, who: string): string {
  const { request } = question;
  const place = scopeClause(question);
  const ends: readonly FlowNode[] = [
    { id: 'subject', label: [who] },
    { id: 'request', label: [`${request.verb} ${questionResource(request)}`, ...(place === '' ? [] : [place])] },
  ];
  const found = causes.flatMap((cause) => {
    const miss = misses.get(cause.rank);
    return miss === undefined ? [] : [{ cause, miss }];
  });
  const charts = grants.length > 0 ? grants.map(pathChart) : found.map(({ cause, miss }, at) => missChart(miss, cause, at));
  const stated: readonly FlowEdge[] =
    charts.length > 0
      ? []
      : [
          {
            from: 'subject',
            to: 'request',
            label: causes[0]?.code ?? question.verdict.state,
            isBroken: question.verdict.state !== 'allowed',
          },
        ];
  return flowchart([...ends, ...charts.flatMap(({ nodes }) => nodes)], [...charts.flatMap(({ edges }) => edges), ...stated]);
}

/** From the account over binding, role and rule to the request; where the chain breaks is marked. One chart a question. */
export function explanationDiagram(found: FoundExplanations): string {
  return found.explained.map((explained) => oneChart(explained, whoText(found))).join('\n');
}
