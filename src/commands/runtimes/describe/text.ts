import type { SupportedModelFormat } from '../../../domain/kserve/serving-runtime.ts';
import { ageOf } from '../../../output/age.ts';
import { type Column, renderTable, type TableOptions } from '../../../output/table.ts';
import { escapeText } from '../../../text/escape.ts';
import type { Description, RuntimeEvent, User } from './description.ts';

type Container = Description['containers'][number];
type Format = SupportedModelFormat & { readonly effectivePriority?: number };

/** How tables are fitted and marked. */
type Look = Pick<TableOptions, 'terminalWidth' | 'style'>;

const NONE = '<none>';
const UNKNOWN = '<unknown>';

/** In the layout of `kubectl describe`. Ends in a line break. */
export async function descriptionText(description: Description, now: Date, look: Look): Promise<string> {
  const { containers, workerContainers, pod } = description;
  return [
    fields(mainFields(description, now)),
    section('Model Formats', await table(FORMATS, description.modelFormats as readonly Format[], look)),
    ...containerSections('Containers', containers),
    ...(description.multiNode ? containerSections('Worker Containers', workerContainers) : []),
    section('Pod', fields(Object.entries(pod).map(([name, value]) => [name, JSON.stringify(value)]))),
    ...(description.source === undefined
      ? [section('Used By', await users(description, look)), section('Events', await events(description, now, look))]
      : []),
    section('Findings', findings(description)),
  ].join('');
}

type Field = readonly [name: string, value: string | readonly string[]];

function mainFields(description: Description, now: Date): readonly Field[] {
  const { kind, name, namespace, displayName, creationTimestamp, labels, annotations, serverType, source } = description;
  const { protocolVersions, lowestProtocol } = description;
  return [
    ['Name', name],
    ...(source === undefined ? [] : [['File', `${source.file}:${source.line}`] as const]),
    ['Kind', kind],
    ['Scope', kind === 'ClusterServingRuntime' ? 'cluster' : 'namespace'],
    ...(kind === 'ServingRuntime' ? [['Namespace', namespace ?? NONE] as const] : []),
    ...(displayName === undefined ? [] : [['Display Name', displayName] as const]),
    ['Labels', pairs(labels, '=')],
    ['Annotations', pairs(annotations, ': ')],
    ['Age', ageOf(creationTimestamp, now)],
    ['Protocols', protocolVersions.length === 0 ? 'any' : `${protocolVersions.join(', ')} (lowest: ${lowestProtocol ?? NONE})`],
    ['Disabled', String(description.disabled)],
    ['Multi-Model', String(description.multiModel)],
    ['Multi-Node', String(description.multiNode)],
    ['Server Type', serverType === undefined ? '<unset>' : `${serverType.name} (from its ${serverType.from})`],
  ];
}

function pairs(values: Readonly<Record<string, string>>, between: string): readonly string[] {
  return Object.entries(values).map(([key, value]) => `${key}${between}${value}`);
}

/** `Name:   value`, each further value on a line of its own. */
function fields(all: readonly Field[]): string {
  const width = Math.max(0, ...all.map(([name]) => name.length)) + 3;
  return all
    .map(([name, value]) => {
      const [first = NONE, ...rest] = [value].flat().map((line) => escapeText(line));
      return `${[`${escapeText(`${name}:`).padEnd(width)}${first}`, ...rest.map((line) => ' '.repeat(width) + line)].join('\n')}\n`;
    })
    .join('');
}

function section(title: string, text: string): string {
  if (text === '' || text === UNKNOWN) return `${title}:   ${text || NONE}\n`;
  return `${title}:\n${indented(text)}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** A table that is indented afterwards. */
async function table<T>(columns: readonly Column<T>[], rows: readonly T[], { style, terminalWidth }: Look): Promise<string> {
  const width = terminalWidth === undefined ? undefined : Math.max(terminalWidth - 2, 1);
  return [...(await renderTable({ columns }, rows, { headers: true, style, terminalWidth: width }))].join('');
}

const FORMATS: readonly Column<Format>[] = [
  { header: 'NAME', cell: ({ name }) => name },
  { header: 'VERSION', cell: ({ version }) => version ?? NONE },
  { header: 'AUTO-SELECT', cell: ({ autoSelect }) => String(autoSelect) },
  { header: 'PRIORITY', cell: ({ priority }) => String(priority ?? NONE) },
  { header: 'EFFECTIVE', cell: ({ effectivePriority }) => String(effectivePriority ?? NONE) },
];

function containerSections(title: string, containers: readonly Container[]): readonly string[] {
  if (containers.length === 0) return [section(title, '')];
  const texts = containers.map((container) => `${escapeText(container.name)}:\n${indented(fields(containerFields(container)))}`);
  return [section(title, texts.join(''))];
}

function containerFields({ image, command, args, env, ports, requests, limits }: Container): readonly Field[] {
  const optional: readonly Field[] = [
    ['Command', command],
    ['Args', args],
    ['Env', env.join(', ')],
    ['Ports', ports.join(', ')],
    ['Requests', pairs(requests, '=').join(', ')],
    ['Limits', pairs(limits, '=').join(', ')],
  ];
  return [['Image', image ?? NONE], ...optional.filter(([, value]) => value.length > 0)];
}

const USERS: readonly Column<User>[] = [
  { header: 'NAMESPACE', cell: ({ namespace }) => namespace },
  { header: 'INFERENCESERVICE', cell: ({ name }) => name },
  { header: 'READY', cell: ({ ready }) => ready },
  { header: 'RESTARTS-ON-EDIT', cell: ({ restartsOnEdit }) => (restartsOnEdit ? 'yes' : 'no: disable-auto-update') },
];

async function users({ usedBy }: Description, look: Look): Promise<string> {
  return usedBy === undefined ? UNKNOWN : table(USERS, usedBy, look);
}

async function events({ events: seen }: Description, now: Date, look: Look): Promise<string> {
  if (seen === undefined) return UNKNOWN;
  const columns: readonly Column<RuntimeEvent>[] = [
    { header: 'TYPE', cell: ({ type }) => type },
    { header: 'REASON', cell: ({ reason }) => reason },
    { header: 'AGE', cell: ({ lastSeen }) => ageOf(lastSeen, now) },
    { header: 'MESSAGE', cell: ({ message }) => message, wraps: true },
  ];
  return table(columns, seen, look);
}

function findings({ findings: found }: Description): string {
  return found
    .map(({ severity, code, message, fix, source }) => {
      const place = source === undefined ? '' : `${source.file}:${source.line}:${source.column}: `;
      const lines = [`${severity} ${code}: ${place}${message}`, ...(fix === undefined ? [] : [`  fix: ${fix.text}`])];
      return lines.map((line) => `${escapeText(line)}\n`).join('');
    })
    .join('');
}
