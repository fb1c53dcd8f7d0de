import { settled } from '../async/settled.ts';
import type { Cluster, ListResult } from '../cluster/cluster.ts';
import type { Unread } from '../domain/doctor/facts.ts';
import { type ReadKind, readKind } from '../domain/doctor/kinds.ts';
import { fieldOf, textOf } from '../domain/kubernetes/json-value.ts';
import type { KubeObject } from '../domain/kubernetes/resource.ts';
import { isJsonObject } from '../domain/kubernetes/schema/schema-node.ts';
import { ClusterError } from '../errors.ts';

/** A list to ask for, or one object. */
export interface Reading {
  readonly kind: string;
  /** Absent: all namespaces, or a cluster-scoped kind. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Whether they are there is all that is asked. */
  readonly namesOnly?: boolean | undefined;
  /** Of one ConfigMap: which keys it has, and nothing of the values. */
  readonly keysOnly?: boolean | undefined;
}

/** What the server said to one reading. */
export interface Answer {
  readonly reading: Reading;
  readonly objects: readonly KubeObject[];
  /** The server does not serve the kind, or has no object of that name. */
  readonly absent: 'kind' | 'object' | undefined;
  readonly failure: ClusterError | undefined;
}

/** Sends all readings at once. Failures are values. */
export function askAll(cluster: Cluster, readings: readonly Reading[]): Promise<readonly Answer[]> {
  return Promise.all(readings.map((reading) => ask(cluster, reading)));
}

async function ask(cluster: Cluster, reading: Reading): Promise<Answer> {
  const result = await send(cluster, reading, readKind(reading.kind));
  if (!(result instanceof ClusterError)) return { reading, objects: result.items, absent: undefined, failure: result.failure };
  const absent = absence(reading, result, readKind(reading.kind));
  return { reading, objects: [], absent, failure: absent === undefined ? result : undefined };
}

async function send(cluster: Cluster, reading: Reading, { type }: ReadKind): Promise<ListResult<KubeObject> | ClusterError> {
  const { namespace, name, labelSelector, fieldSelector, namesOnly, keysOnly } = reading;
  if (name !== undefined) {
    const object = await settled(cluster.get(type, name, { namespace }));
    if (object instanceof ClusterError) return object;
    return { items: [keysOnly === true ? keysAlone(object, type.kind) : object] };
  }
  const select = namesOnly === true ? (object: KubeObject) => nameAlone(object, type.kind) : slim;
  return settled(cluster.list(type, { namespace, labelSelector, fieldSelector, metadataOnly: namesOnly }, select));
}

/** A server that does not serve a kind answers with a 404 that is no Status, or names no object in it. */
function absence({ name }: Reading, error: ClusterError, { type }: ReadKind): Answer['absent'] {
  if (error.reason !== 'NotFound') return undefined;
  if (name !== undefined && error.fromStatus && error.details?.name !== undefined) return 'object';
  // Every server has the kinds of Kubernetes: a 404 for one of them comes from something in between.
  return isOptional(type) ? 'kind' : undefined;
}

function isOptional({ group }: ReadKind['type']): boolean {
  return group === 'serving.kserve.io' || group === 'serving.knative.dev' || group === 'gateway.networking.k8s.io';
}

/** Whatever else the server sent is dropped at once. */
function nameAlone({ metadata: { name, namespace } }: KubeObject, kind: string): KubeObject {
  return { kind, metadata: { name, namespace } as KubeObject['metadata'] };
}

/** Values are dropped at once. */
function keysAlone(object: KubeObject, kind: string): KubeObject {
  const keys = [object.data, object.binaryData].filter(isJsonObject).flatMap((part) => Object.keys(part));
  return { ...nameAlone(object, kind), data: Object.fromEntries(keys.map((key) => [key, ''])) };
}

/** Far more than a kubelet or KServe writes. */
const MOST_TEXT = 8192;

/** What is looked at of an Event: there may be 100,000. */
function slim(object: KubeObject): KubeObject {
  if (object.kind !== 'Event') return object;
  const { metadata, involvedObject, type, reason, message, count, lastTimestamp, eventTime, series } = object;
  const { name, namespace, creationTimestamp } = metadata;
  const text = textOf(message) ?? '';
  return {
    kind: 'Event',
    metadata: { name, namespace, creationTimestamp } as KubeObject['metadata'],
    involvedObject: { uid: fieldOf(involvedObject, 'uid') },
    type,
    reason,
    message: text.length > MOST_TEXT ? text.slice(0, MOST_TEXT) : text,
    count,
    lastTimestamp,
    eventTime,
    series,
  };
}

/** What could not be read, and what that hides. */
export function unreadOf(answers: readonly Answer[]): readonly Unread[] {
  return answers.flatMap(({ reading: { kind, namespace, name, keysOnly }, failure }) => {
    if (failure === undefined) return [];
    const { hides } = readKind(kind);
    return [
      {
        kind,
        ...(namespace !== undefined && { namespace }),
        reason: reasonText(failure),
        hides: keysOnly === true ? `which keys "${name}" has` : name === undefined ? hides : `${hides} ("${name}")`,
      },
    ];
  });
}

/** A refusal without the name of what it is about: one for many objects. */
export function reasonText({ reason, message, fromStatus }: ClusterError): string {
  return reason === 'Forbidden' && fromStatus ? message.replace(/^[^:]*\bis forbidden: /, 'forbidden: ') : message;
}
