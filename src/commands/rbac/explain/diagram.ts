import type { GrantPath } from '../../../domain/rbac/grant-paths.ts';
import type { AccessFinding } from '../../../domain/rbac/near-miss/access-finding.ts';
import type { CauseCode, Gap, NearMiss } from '../../../domain/rbac/near-miss/cause.ts';
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
      { from: 'subject', to: `binding${at}`, label: [`as ${subjectText(subject)}`] },
      { from: `binding${at}`, to: `role${at}` },
      { from: `role${at}`, to: `rule${at}` },
      { from: `rule${at}`, to: 'request' },
    ],
  };
}

const LINKS: Partial<Record<CauseCode, string>> = { 'aggregation-label': 'aggregation', 'aggregated-role-edited': 'role' };

/** Which link of the chain a gap breaks. */
function brokenLink({ field, at, code }: Gap): string {
  if (at === 'role') return LINKS[code] ?? 'rule';
  return field.startsWith('subjects') ? 'subject' : field.startsWith('roleRef') ? 'binding' : 'request';
}

function missChart(miss: NearMiss, finding: AccessFinding, at: number): Chart {
  const { binding, role, ruleIndex, gaps } = miss;
  const broken = new Set(gaps.map(brokenLink));
  const label = [finding.code, ...gaps.flatMap(({ field, value, wanted }) => [`${field}: ${value || '<none>'}`, `wanted: ${wanted}`])];
  const edge = (link: string, from: string, to: string): FlowEdge => ({
    from: from === 'subject' ? from : `${from}${at}`,
    to: to === 'request' ? to : `${to}${at}`,
    ...(broken.has(link) && { isBroken: true, label }),
  });
  const roles = rolesOf(miss);
  const ids = ['role', 'source'].slice(0, roles.length);
  const last = ids.at(-1) ?? 'role';
  return {
    nodes: [
      { id: `binding${at}`, label: [binding === undefined ? 'no binding' : objectText(binding)] },
      ...roles.map((text, index) => ({ id: `${ids[index]}${at}`, label: [text] })),
      ...(role === undefined ? [] : [{ id: `rule${at}`, label: ruleLines({ role, ruleIndex: Math.max(ruleIndex ?? 0, 0) }) }]),
    ],
    edges: [
      edge('subject', 'subject', 'binding'),
      edge('binding', 'binding', 'role'),
      ...(roles.length > 1 ? [edge('aggregation', 'role', 'source')] : []),
      ...(role === undefined ? [] : [edge('role', last, 'rule'), edge(broken.has('rule') ? 'rule' : 'request', 'rule', 'request')]),
    ],
  };
}

/** The role that is bound; where it lacks a label on another, that one too. */
function rolesOf({ code, binding, role }: NearMiss): readonly string[] {
  if (role === undefined) return [`${objectText(binding?.roleRef ?? { kind: 'ClusterRole', name: '' })} not found`];
  return code === 'aggregation-label' && binding !== undefined ? [objectText(binding.roleRef), objectText(role)] : [objectText(role)];
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
            label: [causes[0]?.code ?? question.verdict.state],
            isBroken: question.verdict.state !== 'allowed',
          },
        ];
  return flowchart([...ends, ...charts.flatMap(({ nodes }) => nodes)], [...charts.flatMap(({ edges }) => edges), ...stated]);
}

/** From the account over binding, role and rule to the request; where the chain breaks is marked. One chart a question. */
export function explanationDiagram(found: FoundExplanations): string {
  return found.explained.map((explained) => oneChart(explained, whoText(found))).join('\n');
}
