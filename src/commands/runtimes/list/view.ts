import { automaticObstacle } from '../../../domain/kserve/automatic-choice.ts';
import { effectivePriority, formatFits } from '../../../domain/kserve/runtime-selection.ts';
import { modelFormatText, type ServingRuntime, type SupportedModelFormat } from '../../../domain/kserve/serving-runtime.ts';
import { type KubeObject, kindName, type ResourceType } from '../../../domain/kubernetes/resource.ts';
import { ageOf } from '../../../output/age.ts';
import { fitList } from '../../../output/fit-list.ts';
import { labelColumns } from '../../../output/labels.ts';
import type { Column, View } from '../../../output/table.ts';
import { isSpread, type ListRequest } from './request.ts';

/** A listed runtime. */
export interface RuntimeRow {
  readonly runtime: ServingRuntime;
  readonly type: ResourceType;
  /** As received; kept only where it is shown or sorted by. */
  readonly object?: KubeObject;
  /** The object's `resourceVersion`; kept for a watch only. */
  readonly version?: string;
}

type RuntimeColumn = Column<RuntimeRow>;

function column(header: string, cell: (runtime: ServingRuntime) => string): RuntimeColumn {
  return { header, cell: ({ runtime }) => cell(runtime) };
}

/** The columns of `runtimes list`, as the request and the rows want them. `inContexts`: the rows may be of several, each with its own namespace. */
export function runtimesView(rows: readonly RuntimeRow[], request: ListRequest, now: Date, inContexts = false): View<RuntimeRow> {
  const isWide = request.format === 'wide';
  // A namespace tells the scope.
  const isPlaced = inContexts ? isOfSeveral(rows, request) : hasPlaces(request);
  return {
    columns: [
      ...(isPlaced ? [NAMESPACE] : []),
      nameColumn(request),
      isPlaced ? { ...SCOPE, spare: 'first' } : SCOPE,
      isWide ? MODEL_FORMATS : { ...MODEL_FORMATS, fit: ({ runtime }, width) => shortFormatList(runtime, request.modelFormat, width) },
      isWide ? PROTOCOLS : shortProtocols(request),
      ...(request.modelFormat === undefined ? [] : [automatic(request.modelFormat)]),
      rows.some(({ runtime }) => runtime.disabled) ? DISABLED : { ...DISABLED, spare: 'first' },
      ...(isWide ? WIDE : []),
      ...(isWide && rows.some(({ runtime }) => runtime.displayName !== undefined) ? [DISPLAY_NAME] : []),
      { ...column('AGE', ({ creationTimestamp }) => ageOf(creationTimestamp, now)), spare: 'last' },
      ...labelColumns<RuntimeRow>(({ runtime }) => ({ labels: runtime.labels }), request.labels),
    ],
  };
}

function hasPlaces(request: ListRequest): boolean {
  return isSpread(request) && request.scopes.includes('namespace');
}

/** Of several contexts: also if there are runtimes of a namespace that nobody named. */
function isOfSeveral(rows: readonly RuntimeRow[], request: ListRequest): boolean {
  return hasPlaces(request) || (request.namespaces === undefined && rows.some(({ runtime }) => runtime.scope === 'namespace'));
}

/** Those that were asked for stay in sight. */
function shortProtocols({ protocol }: ListRequest): RuntimeColumn {
  return { ...PROTOCOLS, fit: shortProtocolList, ...(protocol === undefined && { spare: 'last' }) };
}

function nameColumn({ showKind }: ListRequest): RuntimeColumn {
  return { header: 'NAME', cell: ({ type, runtime }) => (showKind ? `${kindName(type)}/${runtime.name}` : runtime.name) };
}

const MODEL_FORMATS = column('MODEL-FORMATS', (runtime) => formatTexts(runtime).join() || '<none>');
const SCOPE = column('SCOPE', ({ scope }) => scope);
const PROTOCOLS = column('PROTOCOLS', protocolList);
const DISABLED: RuntimeColumn = {
  ...column('DISABLED', ({ disabled }) => String(disabled)),
  tone: ({ runtime }) => (runtime.disabled ? 'doubtful' : undefined),
};
const NAMESPACE = column('NAMESPACE', ({ namespace }) => namespace ?? '<none>');
const DISPLAY_NAME = column('DISPLAY-NAME', ({ displayName }) => displayName ?? '<unset>');
const WIDE: readonly RuntimeColumn[] = [
  column('AUTO-SELECT', ({ supportedModelFormats }) => formatList(supportedModelFormats.filter(({ autoSelect }) => autoSelect))),
  column('PRIORITY', priorityList),
  column('MULTI-MODEL', ({ multiModel }) => String(multiModel)),
  column('MULTI-NODE', ({ multiNode }) => String(multiNode)),
  column('SERVER-TYPE', ({ serverType }) => serverType?.name ?? '<unset>'),
  column('IMAGE', ({ image }) => image ?? '<unset>'),
];

/** Whether KServe may choose the runtime by itself for the model format that was asked for. */
function automatic(modelFormat: string): RuntimeColumn {
  const obstacle = (runtime: ServingRuntime) => automaticObstacle(modelFormat, runtime);
  return {
    ...column('AUTO', (runtime) => (obstacle(runtime) === undefined ? 'yes' : `no: ${obstacle(runtime)}`)),
    tone: ({ runtime }) => (obstacle(runtime) === undefined ? undefined : 'doubtful'),
  };
}

/** What KServe cannot read is not shown as if it were right. */
function invalid(runtime: ServingRuntime, field: string): string | undefined {
  const found = runtime.malformed.find((one) => one.field === field);
  return found && `invalid(${found.value})`;
}

/** `any` stands for no list: a protocol of that name is quoted. */
function protocolList(runtime: ServingRuntime): string {
  const protocols = runtime.protocolVersions.map((protocol) => (protocol === 'any' ? '"any"' : protocol));
  return invalid(runtime, 'spec.protocolVersions') ?? (protocols.join() || 'any');
}

function formatTexts(runtime: ServingRuntime): readonly string[] {
  const whole = invalid(runtime, 'spec.supportedModelFormats');
  if (whole !== undefined) return [whole];
  return runtime.supportedModelFormats.map((format, index) => {
    const version = invalid(runtime, `spec.supportedModelFormats[${index}].version`);
    return version === undefined ? modelFormatText(format) : `${format.name}:${version}`;
  });
}

function formatList(formats: readonly SupportedModelFormat[]): string {
  return formats.map(modelFormatText).join() || '<none>';
}

/** The priority that counts, of each format that has one. */
function priorityList(runtime: ServingRuntime): string {
  const byName = Map.groupBy(runtime.supportedModelFormats, ({ name }) => name);
  const known = [...byName].flatMap(([name, supportedModelFormats]) => {
    const priority = effectivePriority(name, { supportedModelFormats });
    return priority === undefined ? [] : [`${name}=${priority}`];
  });
  return known.join() || '<none>';
}

/** Shortened, with the formats in front that were asked for: they stay. Of others the first may lose its version. */
function shortFormatList(runtime: ServingRuntime, asked: string | undefined, width: number): string {
  const isAsked = (index: number): boolean =>
    asked !== undefined &&
    formatFits({ format: asked }, { supportedModelFormats: runtime.supportedModelFormats.slice(index, index + 1) }, 'explicit');
  const texts = formatTexts(runtime);
  const ranked = [...texts.keys()].toSorted((a, b) => Number(isAsked(b)) - Number(isAsked(a)));
  const [first = '<none>', ...others] = ranked.map((index) => texts[index] ?? '');
  const shortest = fitList([first, ...others], width);
  if (shortest.length <= width || asked !== undefined || others.length === 0) return shortest;
  return fitList([first.replace(/:[^:]*$/, ''), ...others], width);
}

function shortProtocolList({ runtime }: RuntimeRow, width: number): string {
  return fitList(protocolList(runtime).split(','), width);
}
