import { type ServingRuntime, type SupportedModelFormat, toServingRuntime } from '../../kserve/serving-runtime.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { quoted } from '../check.ts';
import { nameOf, namespaceOf } from '../facts.ts';
import { foundAt, type ManifestFacts, type ManifestRule } from './manifest.ts';

interface Clash {
  readonly index: number;
  readonly format: SupportedModelFormat;
  readonly other: string;
}

const read = new WeakMap<KubeObject, ServingRuntime>();

/** Each is read once, however many it is compared with. */
function toRuntime(object: KubeObject): ServingRuntime {
  const known = read.get(object) ?? toServingRuntime(object, object.kind === 'ServingRuntime' ? 'namespace' : 'cluster');
  read.set(object, known);
  return known;
}

/** As KServe's validator compares two runtimes of one scope: names of formats whatever their case, and protocols only where both list one. */
function clashes(own: ServingRuntime, other: ServingRuntime): readonly Clash[] {
  const isComparable =
    !other.disabled &&
    own.multiModel === other.multiModel &&
    own.protocolVersions.some((protocol) => other.protocolVersions.includes(protocol));
  if (!isComparable) return [];
  return own.supportedModelFormats.flatMap((format, index) =>
    other.supportedModelFormats.some((one) => isSame(format, one)) ? [{ index, format, other: other.name }] : [],
  );
}

function isSame(a: SupportedModelFormat, b: SupportedModelFormat): boolean {
  const areChosen = a.autoSelect && b.autoSelect && a.priority !== undefined;
  return areChosen && a.name.toLowerCase() === b.name.toLowerCase() && a.version === b.version && a.priority === b.priority;
}

/** The runtimes of its kind and place that the webhook would find when the manifest is applied. What the server accepted clashes with nothing that is there already. */
function others({ manifest: { object }, all, facts, namespace, verdict }: ManifestFacts): readonly KubeObject[] {
  const placeOf = (one: KubeObject): string | undefined => (one.kind === 'ServingRuntime' ? (namespaceOf(one) ?? namespace) : undefined);
  const place = placeOf(object);
  const known =
    verdict.state === 'accepted'
      ? all.map((manifest) => manifest.object).filter((other) => other.kind === object.kind && placeOf(other) === place)
      : facts.list(object.kind ?? '', place);
  return known.filter((other) => nameOf(other) !== nameOf(object));
}

function isEnabledRuntime({ manifest: { object } }: ManifestFacts): boolean {
  const isRuntime = object.kind === 'ServingRuntime' || object.kind === 'ClusterServingRuntime';
  return isRuntime && !toRuntime(object).disabled;
}

/** Two runtimes of one kind and namespace with the same priority for a format: https://github.com/kserve/kserve/blob/v0.20.0/pkg/webhook/admission/servingruntime/servingruntime_webhook.go */
export const samePriority: ManifestRule = (facts) => {
  if (!isEnabledRuntime(facts)) return [];
  const own = toRuntime(facts.manifest.object);
  const other = others(facts).find((one) => clashes(own, toRuntime(one)).length > 0);
  const [clash] = other === undefined ? [] : clashes(own, toRuntime(other));
  if (clash === undefined) return [];
  return [
    foundAt(
      'invalid-manifest',
      facts,
      ['spec', 'supportedModelFormats', clash.index, 'priority'],
      `the runtime ${quoted(clash.other)} has the same priority for the model format ${quoted(clash.format.name)}: KServe refuses the second`,
      { fix: { text: 'give it another priority, or autoSelect: false' } },
    ),
  ];
};

/** Two entries of one format with different priorities: refused as soon as there is any runtime in its place, itself included. */
export const differentPriorities: ManifestRule = (facts) => {
  if (!isEnabledRuntime(facts)) return [];
  const formats = toRuntime(facts.manifest.object).supportedModelFormats;
  const index = formats.findIndex((format) => clashesWithFirst(format, formats));
  const format = formats[index];
  if (format === undefined) return [];
  const isRefused = others(facts).length > 0;
  const when = isRefused
    ? 'KServe refuses that'
    : 'KServe refuses that of all but the first runtime in its place, and of this one when it is applied again';
  return [
    foundAt(
      'invalid-manifest',
      facts,
      ['spec', 'supportedModelFormats', index, 'priority'],
      `different priorities are assigned for the model format ${quoted(format.name)}: ${when}`,
      { severity: isRefused ? 'error' : 'warning', fix: { text: 'give all entries of the format the same priority' } },
    ),
  ];
};

/** The webhook compares each with the first of its name, where both have a priority. */
function clashesWithFirst(format: SupportedModelFormat, formats: readonly SupportedModelFormat[]): boolean {
  const first = formats.find(({ name, autoSelect }) => autoSelect && name === format.name);
  const areBothSet = first?.priority !== undefined && format.priority !== undefined;
  return format.autoSelect && areBothSet && first.priority !== format.priority;
}
