import type { Installed } from '../kserve/resource-lookup.ts';
import { fieldOf, textOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';
import type { LogPlace } from './log-place.ts';

/** Objects that could not be read: nobody knows whether there are any. */
export interface Unread {
  readonly kind: string;
  /** Absent: in the whole cluster. */
  readonly namespace?: string | undefined;
  /** One clause, such as `forbidden: User "u" cannot list pods`. */
  readonly reason: string;
  /** What cannot be seen for it: one clause, such as `why Pods do not start`. */
  readonly hides: string;
}

/** What was read of a cluster, and what was not. */
export interface FactInput {
  readonly objects: readonly KubeObject[];
  /** Whether every object of the kind was read there; only then does it mean something that one is missing. */
  readonly isComplete: (kind: string, namespace: string | undefined) => boolean;
  /** Whether the server serves any kind of an API group. */
  readonly serves: (group: string) => Installed;
  /** What a container printed last; undefined if it was not read. */
  readonly logOf?: ((place: LogPlace) => string | undefined) | undefined;
  readonly now: Date;
  /** False: `now` is only the newest time in a dump. */
  readonly clockIsExact: boolean;
}

export interface Facts extends Omit<FactInput, 'objects' | 'logOf'> {
  readonly logOf: (place: LogPlace) => string | undefined;
  readonly list: (kind: string, namespace?: string) => readonly KubeObject[];
  readonly find: (kind: string, namespace: string | undefined, name: string) => KubeObject | undefined;
  /** Warnings about the object, the newest first. */
  readonly warningsOf: (object: KubeObject) => readonly Warning[];
  /** Objects that carry a label of a service, by the value of `labelKey`. */
  readonly labelled: (kind: string, namespace: string, service: string) => readonly KubeObject[];
}

/** Events of one reason and, but for pointers and Pod names, one text. */
export interface Warning {
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastSeen: string | undefined;
}

const key = (...parts: readonly (string | undefined)[]): string => parts.map((part) => part ?? '').join('\0');

export function nameOf(object: KubeObject): string {
  return textOf(object.metadata.name) ?? '';
}

export function namespaceOf(object: KubeObject): string | undefined {
  return textOf(object.metadata.namespace);
}

export function labelOf(object: KubeObject, label: string): string | undefined {
  return textOf(fieldOf(object.metadata.labels, label));
}

export function annotationOf(object: KubeObject, annotation: string): string | undefined {
  return textOf(fieldOf(object.metadata.annotations, annotation));
}

/** The name of the service that an object belongs to by its labels. */
function serviceOf(object: KubeObject): string | undefined {
  const isvc = labelOf(object, 'serving.kserve.io/inferenceservice');
  if (isvc !== undefined) return `isvc/${isvc}`;
  const isLlm = labelOf(object, 'app.kubernetes.io/part-of') === 'llminferenceservice';
  const name = isLlm ? labelOf(object, 'app.kubernetes.io/name') : undefined;
  return name === undefined ? undefined : `llmisvc/${name}`;
}

/** Puts what was read in order, so that each service finds its own without looking at all. */
export function toFacts(input: FactInput): Facts {
  const byKind = Map.groupBy(input.objects, (object) => object.kind ?? '');
  const byPlace = Map.groupBy(input.objects, (object) => key(object.kind, namespaceOf(object)));
  const byName = new Map(input.objects.map((object) => [key(object.kind, namespaceOf(object), nameOf(object)), object]));
  const byService = Map.groupBy(input.objects, (object) => key(object.kind, namespaceOf(object), serviceOf(object)));
  const events = Map.groupBy(byKind.get('Event')?.filter(isWarning) ?? [], involvedUid);
  return {
    isComplete: input.isComplete,
    serves: input.serves,
    logOf: input.logOf ?? (() => undefined),
    now: input.now,
    clockIsExact: input.clockIsExact,
    list: (kind, namespace) => (namespace === undefined ? byKind.get(kind) : byPlace.get(key(kind, namespace))) ?? [],
    find: (kind, namespace, name) => byName.get(key(kind, namespace, name)),
    labelled: (kind, namespace, service) => byService.get(key(kind, namespace, service)) ?? [],
    warningsOf: (object) => groupWarnings(events.get(textOf(object.metadata.uid) ?? '') ?? []),
  };
}

function isWarning(event: KubeObject): boolean {
  return event.type === 'Warning' && involvedUid(event) !== '';
}

function involvedUid(event: KubeObject): string {
  // events.k8s.io/v1 calls it `regarding`.
  return textOf(fieldOf(event.involvedObject ?? event.regarding, 'uid')) ?? '';
}

/** KServe prints a pointer where it means a version, a new one each time: such texts are one. */
function sameText(text: string): string {
  return text.replaceAll(/0x[0-9a-f]+/gi, '0x…');
}

function groupWarnings(events: readonly KubeObject[]): readonly Warning[] {
  const groups = Map.groupBy(events, (event) => key(textOf(event.reason), sameText(messageOf(event))));
  return [...groups.values()].map(toWarning).toSorted((a, b) => compareText(b.lastSeen ?? '', a.lastSeen ?? ''));
}

function messageOf(event: KubeObject): string {
  return textOf(event.message ?? event.note) ?? '';
}

function toWarning(events: readonly KubeObject[]): Warning {
  const newest = events.toSorted((a, b) => compareText(seenAt(b) ?? '', seenAt(a) ?? ''))[0];
  return {
    reason: textOf(newest?.reason) ?? '',
    message: newest === undefined ? '' : messageOf(newest),
    count: events.reduce((sum, event) => sum + countOf(event), 0),
    lastSeen: newest && seenAt(newest),
  };
}

function countOf(event: KubeObject): number {
  const count = event.count ?? fieldOf(event.series, 'count');
  return typeof count === 'number' && count > 0 ? count : 1;
}

/** RFC 3339; the part of a second is cut off, so that times of both kinds compare as text. */
function seenAt(event: KubeObject): string | undefined {
  const time = fieldOf(event.series, 'lastObservedTime') ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
  return textOf(time)?.replace(/\.\d+Z$/, 'Z');
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
