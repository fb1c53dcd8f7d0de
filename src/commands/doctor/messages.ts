import { connectionFlags } from '../../command/connection-flags.ts';
import type { Context } from '../../command/context.ts';
import type { ChainNode } from '../../domain/doctor/chain.ts';
import type { Unread } from '../../domain/doctor/facts.ts';
import type { Installation } from '../../domain/doctor/installation/installation.ts';
import type { ServiceReport } from '../../domain/doctor/report.ts';
import type { RuntimeReport } from '../../domain/doctor/runtime.ts';
import type { Severity } from '../../domain/finding.ts';
import { ageOf } from '../../output/age.ts';
import { escapeText } from '../../text/escape.ts';
import { shellCommand } from '../../text/shell.ts';
import type { Examined, Searched } from './examined.ts';
import { capital, cut, findingText, MARKS, paintOf, type TextOptions } from './finding-text.ts';
import { manifestText } from './manifests/messages.ts';

/** The report for people: what is wrong with KServe itself, then services with something wrong, then healthy ones, a line each. */
export function textReport({ report, now }: Examined, options: TextOptions, context: HintContext): string {
  const { services, installation, manifests } = report;
  const worth = services.filter(isWorthShowing).toSorted((a, b) => worst(b) - worst(a));
  const healthy = services.filter((service) => !isWorthShowing(service));
  const blocks = worth.map((service) => [...serviceText(service, now, options), ''].join('\n'));
  const lines = healthy.flatMap((service) => [
    serviceLine(service, now, options),
    ...(options.showChain ? chainText(service.chain, options) : []),
  ]);
  const text =
    installation === undefined
      ? [...blocks, ...lines].join('\n')
      : [
          ...installationText(installation, options),
          ...worth.flatMap((service) => briefText(service, now, options, context)),
          ...lines,
        ].join('\n');
  const before = [
    ...(manifests.length === 0 ? [] : manifestText(report, options)),
    ...report.runtimes.flatMap((runtime) => [...runtimeText(runtime, options), '']),
  ];
  return [...before, text].join('\n').trim() === '' ? '' : `${[...before, text].join('\n').replace(/\n+$/, '')}\n`;
}

function installationText({ version, namespace, findings }: Installation, options: TextOptions): readonly string[] {
  const parts = [
    `KServe ${version === undefined ? '(version not known)' : escapeText(version)}`,
    ...(namespace === undefined ? [] : [`namespace ${escapeText(namespace)}`]),
  ];
  return [parts.join('   '), ...findings.flatMap((finding) => ['', ...findingText(finding, options)]), ''];
}

function runtimeText(runtime: RuntimeReport, options: TextOptions): readonly string[] {
  const { kind, namespace, name, disabled, modelFormats, protocolVersions, usedBy, findings } = runtime;
  const parts = [
    `${kind} ${options.style.bold(`"${escapeText(name)}"`)}`,
    ...(namespace === undefined ? [] : [escapeText(namespace)]),
    disabled ? 'disabled' : 'enabled',
    `serves ${escapeText(modelFormats.join(', ')) || 'nothing'}`,
    `speaks ${escapeText(protocolVersions.join(', ')) || 'any protocol'}`,
    usedBy === undefined ? 'who uses it is not known' : `used by ${usedBy.length} InferenceService${usedBy.length === 1 ? '' : 's'}`,
  ];
  return [parts.join('   '), ...findings.flatMap((finding) => ['', ...findingText(finding, options)])];
}

/** Among many services: the worst finding of each, what helps, and how to see all of it. */
function briefText(service: ServiceReport, now: Date, options: TextOptions, context: HintContext): readonly string[] {
  const [finding] = service.findings;
  const line = serviceLine(service, now, options);
  const more = `    more: ${escapeText(moreCommand(service, context))}`;
  if (finding === undefined) return [line, more];
  const others = service.findings.length > 1 ? ` (and ${service.findings.length - 1} more)` : '';
  return [
    line,
    `  ${paintOf(finding, options)(MARKS[finding.severity])} ${capital(escapeText(finding.message))}${others}   ${finding.code}`,
    ...(finding.fix === undefined ? [] : [`    fix: ${escapeText(finding.fix.text)}`]),
    more,
  ];
}

/** With the evidence and the chain of objects, from the same account of the same cluster. */
function moreCommand({ kind, name, namespace }: ServiceReport, { programName, connectionOptions }: HintContext): string {
  const words = ['doctor', `${kind === 'InferenceService' ? 'isvc' : 'llmisvc'}/${name}`, '-n', namespace];
  return `${programName} ${shellCommand([...words, ...connectionFlags(connectionOptions)])}`;
}

const WORSE: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1 };

function worst({ findings }: ServiceReport): number {
  return Math.max(0, ...findings.map(({ severity }) => WORSE[severity]));
}

function isWorthShowing(service: ServiceReport): boolean {
  return service.findings.length > 0 || (service.ready !== 'True' && !service.stopped);
}

function serviceText(service: ServiceReport, now: Date, options: TextOptions): readonly string[] {
  const findings = service.findings.flatMap((finding) => ['', ...findingText(finding, options)]);
  return [serviceLine(service, now, options), ...findings, '', ...chainText(service.chain, options)];
}

function serviceLine(service: ServiceReport, now: Date, { style }: TextOptions): string {
  const { kind, name, namespace, deploymentMode, runtime } = service;
  const parts = [
    `${kind} ${style.bold(`"${escapeText(name)}"`)}`,
    escapeText(namespace),
    stateText(service, now),
    ...(deploymentMode === undefined ? [] : [deploymentMode]),
    ...(runtime === undefined ? [] : [`runtime ${escapeText(runtime.name)} (${runtime.scope})`]),
  ];
  return parts.join('   ');
}

function stateText({ ready, since, stopped }: ServiceReport, now: Date): string {
  const age = since === undefined ? '' : ` for ${ageOf(since, now)}`;
  if (stopped) return `stopped${age}`;
  if (ready === 'True') return `ready${age}`;
  return ready === 'False' ? `not ready${age}` : `readiness unknown${age}`;
}

interface ChainLine {
  readonly prefix: string;
  readonly node: ChainNode;
}

function chainText(root: ChainNode, { style }: TextOptions): readonly string[] {
  const lines = chainLines(root, 0);
  const kindWidth = widest(lines, ({ prefix, node }) => prefix.length + node.kind.length);
  const nameWidth = widest(lines, ({ node }) => escapeText(node.name).length);
  return lines.map(({ prefix, node }) => {
    const state = cut(escapeText(node.state));
    return `  ${`${prefix}${node.kind}`.padEnd(kindWidth)}  ${escapeText(node.name).padEnd(nameWidth)}  ${node.healthy ? style.green(state) : state}`;
  });
}

/** Of any number of lines: a call takes only so many arguments. */
function widest(lines: readonly ChainLine[], widthOf: (line: ChainLine) => number): number {
  return lines.reduce((width, line) => Math.max(width, widthOf(line)), 0);
}

function chainLines(node: ChainNode, depth: number): readonly ChainLine[] {
  const prefix = depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `;
  return [{ prefix, node }, ...node.children.flatMap((child) => chainLines(child, depth + 1))];
}

/** What was named and is not there; in a namespace that does not exist, nothing is. */
export function absentText({ missing, searched }: Examined): readonly { readonly name: string; readonly message: string }[] {
  const { namespace = '', namespaceState } = searched;
  const absent = namespaceState === 'absent' ? [{ name: namespace, message: `namespaces "${escapeText(namespace)}" not found` }] : [];
  const place = searched.in === 'files' ? 'in the files' : `in the namespace ${JSON.stringify(escapeText(namespace))}`;
  const named = missing.map(({ kind, name, near }) => ({
    name,
    message: `there is no ${kind ?? 'InferenceService or LLMInferenceService'} ${JSON.stringify(escapeText(name))}${kind === 'ClusterServingRuntime' && searched.in === 'cluster' ? '' : ` ${place}`}${near === undefined ? '' : ` (did you mean ${JSON.stringify(escapeText(near))}?)`}`,
  }));
  return [...absent, ...named];
}

/** That there are no services is said only where that is known. */
export function emptyText({ report, missing, searched }: Examined): readonly string[] {
  const isKnown = !report.unread.some(({ kind }) => kind === 'InferenceService' || kind === 'LLMInferenceService');
  const isEmpty =
    report.services.length + report.runtimes.length + report.manifests.length + missing.length === 0 &&
    searched.namespaceState !== 'absent';
  return isEmpty && isKnown ? [`No InferenceServices or LLMInferenceServices found ${placeText(searched)}.`] : [];
}

function placeText({ in: place, namespace }: Searched): string {
  if (place === 'files') return 'in the files';
  return namespace === undefined ? 'in any namespace' : `in ${escapeText(namespace)} namespace`;
}

/** What was not read, and where a refusal is the reason what would grant it. */
export function unreadText(unread: readonly Unread[], context: HintContext): readonly string[] {
  const groups = Map.groupBy(unread, ({ kind, hides, reason }) => `${kind} ${hides} ${reason.replace(/ in the namespace "[^"]*"/, '')}`);
  const notes = [...groups.values()].map(unreadNote);
  const refused = unread.find(({ reason }) => reason.startsWith('forbidden: '));
  if (refused === undefined) return notes;
  return [...notes, `hint: ${rightsHint(refused.namespace === undefined ? [] : ['-n', refused.namespace], context)}`];
}

type HintContext = Pick<Context, 'programName' | 'connectionOptions'>;

/** What to run to learn which rights are missing: about the same account of the same cluster. */
export function rightsHint(place: readonly string[], { programName, connectionOptions }: HintContext): string {
  const words = ['rbac', 'check', '--for', 'debug', ...place, ...connectionFlags(connectionOptions)];
  return `To see what is missing and what grants it: ${programName} ${shellCommand(words)}`;
}

/** The same kind in several namespaces, for the same reason, is one note. */
function unreadNote(same: readonly Unread[]): string {
  return `${same.some(isFile) ? 'error' : 'note'}: ${unreadSentence(same)}`;
}

function isFile({ kind }: Unread): boolean {
  return kind === 'File';
}

export function unreadSentence(same: readonly Unread[]): string {
  const [{ kind, reason, hides } = { kind: '', reason: '', hides: '' }] = same;
  // The reason names the file and the place in it.
  if (same.some(isFile)) return escapeText(reason);
  const namespaces = [...new Set(same.flatMap(({ namespace }) => namespace ?? []))];
  const place = namespaces.length === 0 ? '' : ` of namespace${namespaces.length > 1 ? 's' : ''} ${escapeText(namespaces.join(', '))}`;
  return `${kind}s${place} could not be read (${escapeText(reason)}): it is not known ${hides}`;
}
