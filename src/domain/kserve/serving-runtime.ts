import { lookUp } from '../../text/look-up.ts';
import { fieldOf, listOf, textOf, textsOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';

/** An entry of `spec.supportedModelFormats`. */
export interface SupportedModelFormat {
  readonly name: string;
  readonly version?: string;
  readonly autoSelect: boolean;
  readonly priority?: number;
}

export type RuntimeScope = 'namespace' | 'cluster';

/** A ServingRuntime or ClusterServingRuntime: what selection looks at and what lists show. */
export interface ServingRuntime {
  readonly scope: RuntimeScope;
  readonly name: string;
  /** Absent for a ClusterServingRuntime. */
  readonly namespace?: string;
  readonly creationTimestamp?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly supportedModelFormats: readonly SupportedModelFormat[];
  /** Empty: any protocol. */
  readonly protocolVersions: readonly string[];
  readonly disabled: boolean;
  /** For ModelMesh only. */
  readonly multiModel: boolean;
  /** It has a `workerSpec`. */
  readonly multiNode: boolean;
  readonly serverType?: ServerType;
  readonly containerNames: readonly string[];
  /** Of the container `kserve-container`. */
  readonly image?: string;
  /** OpenShift AI's name for people. */
  readonly displayName?: string;
  /** Fields of another type than KServe reads: it then cannot read the runtime at all. */
  readonly malformed: readonly MalformedField[];
}

/** A field that holds what KServe cannot read. A CRD without a schema stores anything. */
export interface MalformedField {
  /** Such as `spec.supportedModelFormats[0].version`. */
  readonly field: string;
  /** As JSON. */
  readonly value: string;
  readonly wanted: 'a string' | 'a list' | 'a number' | 'true or false';
}

interface ServerType {
  readonly name: string;
  /** What KServe takes it from: the annotation, or the name of the runtime if that is one of its own. */
  readonly from: 'annotation' | 'name';
}

/** Server types that KServe knows by the exact name of its own runtimes, annotated or not. */
const SERVER_TYPE_OF_NAME: Readonly<Record<string, string>> = {
  'kserve-mlserver': 'mlserver',
  'kserve-tritonserver': 'tritonserver',
  'kserve-torchserve': 'torchserve',
  'kserve-tensorflow-serving': 'tensorflow-serving',
  'kserve-huggingfaceserver': 'huggingfaceserver',
  'kserve-vllmserver': 'vllmserver',
};

/** Reads a runtime off an object. Total: a CRD without a schema stores anything, so what is not as it should be counts as absent. */
export function toServingRuntime(object: KubeObject, scope: RuntimeScope): ServingRuntime {
  const { metadata } = object;
  const spec = fieldOf(object, 'spec');
  const annotations = textsOf(metadata.annotations);
  const name = textOf(metadata.name) ?? '';
  const namespace = scope === 'namespace' ? textOf(metadata.namespace) : undefined;
  return {
    scope,
    name,
    labels: textsOf(metadata.labels),
    supportedModelFormats: listOf(fieldOf(spec, 'supportedModelFormats')).flatMap(toModelFormat),
    protocolVersions: listOf(fieldOf(spec, 'protocolVersions')).flatMap((protocol) => textOf(protocol) ?? []),
    disabled: fieldOf(spec, 'disabled') === true,
    multiModel: fieldOf(spec, 'multiModel') === true,
    multiNode: isPresent(fieldOf(spec, 'workerSpec')),
    containerNames: listOf(fieldOf(spec, 'containers')).flatMap((container) => textOf(fieldOf(container, 'name')) ?? []),
    malformed: malformedFields(spec),
    ...given('namespace', namespace),
    ...given('creationTimestamp', textOf(metadata.creationTimestamp)),
    ...given('serverType', serverType(name, annotations['serving.kserve.io/server-type'])),
    ...given('image', imageOf(spec)),
    ...given('displayName', annotations['openshift.io/display-name']),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}

/** KServe decodes an explicit `null` as absent. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

type Wanted = MalformedField['wanted'];

const IS: Readonly<Record<Wanted, (value: unknown) => boolean>> = {
  'a string': (value) => typeof value === 'string',
  'a list': Array.isArray,
  'a number': Number.isInteger,
  'true or false': (value) => typeof value === 'boolean',
};

const SPEC_FIELDS: readonly (readonly [string, Wanted])[] = [
  ['supportedModelFormats', 'a list'],
  ['protocolVersions', 'a list'],
  ['disabled', 'true or false'],
  ['multiModel', 'true or false'],
];

const FORMAT_FIELDS: readonly (readonly [string, Wanted])[] = [
  ['name', 'a string'],
  ['version', 'a string'],
  ['autoSelect', 'true or false'],
  ['priority', 'a number'],
];

function malformedFields(spec: unknown): readonly MalformedField[] {
  const inSpec = SPEC_FIELDS.flatMap(([name, wanted]) => malformedField(`spec.${name}`, fieldOf(spec, name) ?? undefined, wanted));
  const inFormats = listOf(fieldOf(spec, 'supportedModelFormats')).flatMap((entry, index) =>
    FORMAT_FIELDS.flatMap(([name, wanted]) => {
      const value = fieldOf(entry, name);
      // Only the name must be there.
      return malformedField(
        `spec.supportedModelFormats[${index}].${name}`,
        name === 'name' ? (value ?? null) : (value ?? undefined),
        wanted,
      );
    }),
  );
  return [...inSpec, ...inFormats];
}

function malformedField(field: string, value: unknown, wanted: Wanted): MalformedField[] {
  return value === undefined || IS[wanted](value) ? [] : [{ field, value: JSON.stringify(value) ?? '', wanted }];
}

function toModelFormat(entry: unknown): SupportedModelFormat[] {
  const name = textOf(fieldOf(entry, 'name'));
  if (name === undefined) return [];
  const priority = fieldOf(entry, 'priority');
  return [
    {
      name,
      autoSelect: fieldOf(entry, 'autoSelect') === true,
      ...given('version', textOf(fieldOf(entry, 'version'))),
      ...given('priority', typeof priority === 'number' ? priority : undefined),
    },
  ];
}

function serverType(name: string, annotation: string | undefined): ServerType | undefined {
  if (annotation !== undefined && annotation !== '') return { name: annotation, from: 'annotation' };
  const known = lookUp(SERVER_TYPE_OF_NAME, name);
  return known === undefined ? undefined : { name: known, from: 'name' };
}

function imageOf(spec: unknown): string | undefined {
  const container = listOf(fieldOf(spec, 'containers')).find((one) => fieldOf(one, 'name') === 'kserve-container');
  return textOf(fieldOf(container, 'image'));
}

const PROTOCOL_RANK: Readonly<Record<string, number>> = { v1: 1, v2: 2, 'grpc-v1': 3, 'grpc-v2': 4 };
const UNKNOWN_PROTOCOL = 5;

/** The protocols that KServe knows, in its order. */
export const KNOWN_PROTOCOLS: readonly string[] = Object.keys(PROTOCOL_RANK);

export function isKnownProtocol(protocol: string): boolean {
  return KNOWN_PROTOCOLS.includes(protocol);
}

/** KServe's order of protocols, 1 to 4; 5 for any it does not know. */
export function protocolRank(protocol: string): number {
  return lookUp(PROTOCOL_RANK, protocol) ?? UNKNOWN_PROTOCOL;
}

/** The protocol that an InferenceService gets from the runtime if it names none; undefined if the runtime lists none. */
export function lowestProtocol(runtime: Pick<ServingRuntime, 'protocolVersions'>): string | undefined {
  return runtime.protocolVersions.toSorted((a, b) => protocolRank(a) - protocolRank(b))[0];
}

/** `name`, or `name:version`: the form that KServe compares. */
export function modelFormatText(format: Pick<SupportedModelFormat, 'name' | 'version'>): string {
  return format.version === undefined ? format.name : `${format.name}:${format.version}`;
}
