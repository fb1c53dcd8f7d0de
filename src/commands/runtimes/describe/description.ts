import type { RuntimeFinding } from '../../../domain/kserve/runtime-findings.ts';
import { effectivePriority } from '../../../domain/kserve/runtime-selection.ts';
import { lowestProtocol, type ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { fieldOf, listOf, textOf, textsOf } from '../../../domain/kubernetes/json-value.ts';
import type { KubeObject } from '../../../domain/kubernetes/resource.ts';
import type { SourcePlace } from '../../../text/source-place.ts';

/** An InferenceService whose status names the runtime. */
export interface User {
  readonly namespace: string;
  readonly name: string;
  /** `True`, `False` or `Unknown`. */
  readonly ready: string;
  /** Whether KServe applies an edit of the runtime to it, which restarts it. */
  readonly restartsOnEdit: boolean;
}

export interface RuntimeEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly lastSeen?: string | undefined;
}

interface Container {
  readonly name: string;
  readonly image?: string | undefined;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Names: values may be secret. */
  readonly env: readonly string[];
  readonly ports: readonly string[];
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

/** A runtime, as `runtimes describe` shows it. */
export interface Description {
  readonly kind: 'ServingRuntime' | 'ClusterServingRuntime';
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly creationTimestamp?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly modelFormats: readonly object[];
  readonly protocolVersions: readonly string[];
  readonly lowestProtocol?: string | undefined;
  readonly disabled: boolean;
  readonly multiModel: boolean;
  readonly multiNode: boolean;
  readonly serverType?: ServingRuntime['serverType'] | undefined;
  readonly containers: readonly Container[];
  readonly workerContainers: readonly Container[];
  /** Settings of the Pods, as they are in the spec. */
  readonly pod: Readonly<Record<string, unknown>>;
  /** Of a file: nothing is known then of who uses it. */
  readonly source?: SourcePlace | undefined;
  /** Undefined: not read. */
  readonly usedBy?: readonly User[] | undefined;
  readonly events?: readonly RuntimeEvent[] | undefined;
  readonly findings: readonly RuntimeFinding[];
}

/** Fields of the spec that shape the Pods. */
const POD_FIELDS = [
  'labels',
  'annotations',
  'imagePullSecrets',
  'nodeSelector',
  'tolerations',
  'affinity',
  'volumes',
  'schedulerName',
  'hostIPC',
] as const;

/** What an object says of itself. */
export function describe(object: KubeObject, runtime: ServingRuntime): Omit<Description, 'source' | 'usedBy' | 'events' | 'findings'> {
  const spec = fieldOf(object, 'spec');
  const { name, namespace, creationTimestamp, displayName, labels, protocolVersions, disabled, multiModel, multiNode, serverType } =
    runtime;
  const byName = Map.groupBy(runtime.supportedModelFormats, (format) => format.name);
  return {
    kind: runtime.scope === 'cluster' ? 'ClusterServingRuntime' : 'ServingRuntime',
    namespace,
    name,
    displayName,
    creationTimestamp,
    labels,
    annotations: shownAnnotations(object),
    modelFormats: runtime.supportedModelFormats.map((format) => ({
      ...format,
      effectivePriority: effectivePriority(format.name, { supportedModelFormats: byName.get(format.name) ?? [] }),
    })),
    protocolVersions,
    lowestProtocol: lowestProtocol(runtime),
    disabled,
    multiModel,
    multiNode,
    serverType,
    containers: listOf(fieldOf(spec, 'containers')).map(toContainer),
    workerContainers: listOf(fieldOf(fieldOf(spec, 'workerSpec'), 'containers')).map(toContainer),
    pod: Object.fromEntries(POD_FIELDS.flatMap((field) => podField(field, fieldOf(spec, field)))),
  };
}

function podField(field: string, value: unknown): [string, unknown][] {
  return value === undefined || value === null ? [] : [[field, value]];
}

/** kubectl's copy of the object says nothing new. */
function shownAnnotations({ metadata }: KubeObject): Readonly<Record<string, string>> {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...others } = textsOf(metadata.annotations);
  return others;
}

function textList(value: unknown): readonly string[] {
  return listOf(value).flatMap((one) => textOf(one) ?? []);
}

function toContainer(container: unknown): Container {
  const resources = fieldOf(container, 'resources');
  return {
    name: textOf(fieldOf(container, 'name')) ?? '',
    image: textOf(fieldOf(container, 'image')),
    command: textList(fieldOf(container, 'command')),
    args: textList(fieldOf(container, 'args')),
    env: listOf(fieldOf(container, 'env')).flatMap((one) => textOf(fieldOf(one, 'name')) ?? []),
    ports: listOf(fieldOf(container, 'ports')).map(
      (port) => `${textOf(fieldOf(port, 'containerPort')) ?? '?'}/${textOf(fieldOf(port, 'protocol')) ?? 'TCP'}`,
    ),
    requests: textsOf(fieldOf(resources, 'requests')),
    limits: textsOf(fieldOf(resources, 'limits')),
  };
}

/** InferenceServices whose status names the runtime. Since KServe 0.16 it does. */
export function usersOf(runtime: ServingRuntime, services: readonly KubeObject[]): readonly User[] {
  const field = runtime.scope === 'cluster' ? 'clusterServingRuntimeName' : 'servingRuntimeName';
  return services.flatMap((service): readonly User[] => {
    const { metadata } = service;
    const isOfNamespace = runtime.scope === 'cluster' || metadata.namespace === runtime.namespace;
    if (!isOfNamespace || textOf(fieldOf(fieldOf(service, 'status'), field)) !== runtime.name) return [];
    const ready = readyOf(service);
    const isHeldBack = textsOf(metadata.annotations)['serving.kserve.io/disable-auto-update'] === 'true' && ready === 'True';
    return [{ namespace: metadata.namespace ?? '', name: metadata.name ?? '', ready, restartsOnEdit: !isHeldBack }];
  });
}

function readyOf(service: KubeObject): string {
  const conditions = listOf(fieldOf(fieldOf(service, 'status'), 'conditions'));
  return (
    textOf(
      fieldOf(
        conditions.find((one) => fieldOf(one, 'type') === 'Ready'),
        'status',
      ),
    ) ?? 'Unknown'
  );
}

/** Events about one object, the newest last. */
export function eventsOf(runtime: ServingRuntime, events: readonly KubeObject[]): readonly RuntimeEvent[] {
  const isAbout = (event: KubeObject) => {
    const about = fieldOf(event, 'involvedObject');
    return String(fieldOf(about, 'kind')).endsWith('ServingRuntime') && textOf(fieldOf(about, 'name')) === runtime.name;
  };
  return events.filter(isAbout).map((event) => ({
    type: textOf(fieldOf(event, 'type')) ?? '',
    reason: textOf(fieldOf(event, 'reason')) ?? '',
    message: textOf(fieldOf(event, 'message')) ?? '',
    lastSeen: textOf(fieldOf(event, 'lastTimestamp')) ?? textOf(fieldOf(event, 'eventTime')),
  }));
}
