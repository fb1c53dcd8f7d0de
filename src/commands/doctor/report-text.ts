import { connectionFlags } from '../../command/connection-flags.ts';
import type { Installation } from '../../domain/doctor/installation/installation.ts';
import type { ServiceReport } from '../../domain/doctor/report.ts';
import type { RuntimeReport } from '../../domain/doctor/runtime.ts';
import { ageOf } from '../../output/age.ts';
import { escapeText } from '../../text/escape.ts';
import { shellCommand } from '../../text/shell.ts';
import { chainText } from './chain-text.ts';
import type { Examined } from './examined.ts';
import { failingFirst, isWorthShowing } from './failing-first.ts';
import { capital, findingText, MARKS, paintOf, type TextOptions } from './finding-text.ts';
import { manifestText } from './manifests/messages.ts';
import type { HintContext } from './unread-text.ts';

/** The report for people: what is wrong with KServe itself, then services with something wrong, then healthy ones, a line each. */
export function textReport({ report, now }: Examined, options: TextOptions, context: HintContext): string {
  const { services, installation, manifests } = report;
  const worth = failingFirst(services).filter(isWorthShowing);
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
