import type { ChainNode } from '../../domain/doctor/chain.ts';
import type { Unread } from '../../domain/doctor/facts.ts';
import type { ServiceReport } from '../../domain/doctor/report.ts';
import type { Evidence, Finding, FindingObject, Severity } from '../../domain/finding.ts';
import { ageOf } from '../../output/age.ts';
import type { Style } from '../../output/style.ts';
import { escapeText } from '../../text/escape.ts';
import type { Examined } from './examined.ts';
import type { Target } from './request.ts';

export interface TextOptions {
  readonly style: Style;
  readonly showChain: boolean;
}

const MARKS: Readonly<Record<Severity, string>> = { error: '✗', warning: '!', info: 'i' };

/** The report for people: services with something wrong first, healthy ones a line each. */
export function textReport({ report, now }: Examined, options: TextOptions): string {
  const { services } = report;
  const worth = services.filter(isWorthShowing).toSorted((a, b) => worst(b) - worst(a));
  const healthy = services.filter((service) => !isWorthShowing(service));
  const blocks = worth.map((service) => [...serviceText(service, now, options), ''].join('\n'));
  const lines = healthy.flatMap((service) => [
    serviceLine(service, now, options),
    ...(options.showChain ? chainText(service.chain, options) : []),
  ]);
  const text = [...blocks, ...lines].join('\n');
  return text === '' ? '' : `${text.replace(/\n+$/, '')}\n`;
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

function findingText(finding: Finding, { style }: TextOptions): readonly string[] {
  const { severity, code, message, fix, because } = finding;
  const paint = severity === 'error' ? style.red : severity === 'warning' ? style.yellow : (text: string) => text;
  return [
    `${paint(MARKS[severity])} ${capital(escapeText(message))}   ${code}`,
    ...evidenceLines(because ?? finding),
    ...(because === undefined ? [] : [`    because: ${because.code}`]),
    ...(fix === undefined
      ? []
      : [`  fix: ${escapeText(fix.text)}`, ...(fix.commands ?? []).map((command) => `    ${escapeText(command)}`)]),
  ];
}

function capital(text: string): string {
  return /^[a-z]+ /.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

const MOST_LINES = 6;

/** What was read, one line each; of a longer text its last lines, where a traceback ends. */
function evidenceLines({ evidence, object }: Finding): readonly string[] {
  return evidence.filter(({ value }) => value.trim() !== '').flatMap((one) => evidenceText(one, object));
}

function evidenceText({ object, field, value }: Evidence, about: FindingObject): readonly string[] {
  const isOther = object.kind !== about.kind || object.name !== about.name;
  const place = escapeText(isOther ? `${object.kind} ${object.name} ${field}` : field);
  const lines = value.trim().split('\n');
  if (lines.length === 1) return [`    ${place}: ${cut(escapeText(value.trim()))}`];
  const shown = lines.slice(-MOST_LINES).map((line) => `      ${cut(escapeText(line))}`);
  const left = lines.length - shown.length;
  return [`    ${place}:${left > 0 ? ` (${left} more lines before)` : ''}`, ...shown];
}

const LONGEST = 500;

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

interface ChainLine {
  readonly prefix: string;
  readonly node: ChainNode;
}

function chainText(root: ChainNode, { style }: TextOptions): readonly string[] {
  const lines = chainLines(root, 0);
  const kindWidth = Math.max(...lines.map(({ prefix, node }) => prefix.length + node.kind.length));
  const nameWidth = Math.max(...lines.map(({ node }) => escapeText(node.name).length));
  return lines.map(({ prefix, node }) => {
    const state = cut(escapeText(node.state));
    return `  ${`${prefix}${node.kind}`.padEnd(kindWidth)}  ${escapeText(node.name).padEnd(nameWidth)}  ${node.healthy ? style.green(state) : state}`;
  });
}

function chainLines(node: ChainNode, depth: number): readonly ChainLine[] {
  const prefix = depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `;
  return [{ prefix, node }, ...node.children.flatMap((child) => chainLines(child, depth + 1))];
}

export function missingText(missing: readonly Target[]): readonly string[] {
  return missing.map(
    ({ kind, name }) => `error: there is no ${kind ?? 'InferenceService or LLMInferenceService'} ${JSON.stringify(escapeText(name))}`,
  );
}

/** What was not read, each reason once. */
export function unreadText(unread: readonly Unread[]): readonly string[] {
  return unread.map(({ kind, namespace, reason, hides }) => {
    const place = namespace === undefined ? '' : ` of namespace ${escapeText(namespace)}`;
    return `note: ${kind}s${place} could not be read (${escapeText(reason)}): it is not known ${hides}`;
  });
}
