import { type ServingRuntime, type SupportedModelFormat, toServingRuntime } from '../../kserve/serving-runtime.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { quoted } from '../check.ts';
import { nameOf } from '../facts.ts';
import { foundAt, type ManifestRule } from './manifest.ts';

interface Clash {
  readonly index: number;
  readonly format: SupportedModelFormat;
  readonly other: string;
}

function toRuntime(object: KubeObject): ServingRuntime {
  return toServingRuntime(object, object.kind === 'ServingRuntime' ? 'namespace' : 'cluster');
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

/** Two runtimes of one kind and namespace with the same priority for a format: https://github.com/kserve/kserve/blob/v0.20.0/pkg/webhook/admission/servingruntime/servingruntime_webhook.go */
export const samePriority: ManifestRule = (facts) => {
  const { object } = facts.manifest;
  if (object.kind !== 'ServingRuntime' && object.kind !== 'ClusterServingRuntime') return [];
  const own = toRuntime(object);
  if (own.disabled) return [];
  const place = object.kind === 'ServingRuntime' ? (own.namespace ?? facts.namespace) : undefined;
  const others = facts.facts.list(object.kind, place).filter((other) => nameOf(other) !== own.name);
  return others
    .flatMap((other) => clashes(own, toRuntime(other)))
    .slice(0, 1)
    .map(({ index, format, other }) =>
      foundAt(
        'invalid-manifest',
        facts,
        ['spec', 'supportedModelFormats', index, 'priority'],
        `the runtime ${quoted(other)} has the same priority for the model format ${quoted(format.name)}: KServe refuses the second`,
        {
          fix: { text: 'give it another priority, or autoSelect: false' },
        },
      ),
    );
};
