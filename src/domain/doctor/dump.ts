import { fieldOf, textOf } from '../kubernetes/json-value.ts';
import type { KubeObject } from '../kubernetes/resource.ts';
import { demandsOf } from './demand.ts';
import { diagnose } from './diagnose.ts';
import { type Facts, namespaceOf, toFacts, type Unread } from './facts.ts';
import { readKind } from './kinds.ts';
import { toService } from './service.ts';

const WORKLOAD_KINDS = ['Pod', 'Deployment', 'Event'];

/** Observed objects of this many kinds, or the Namespace itself, make a file a dump of a namespace and not a single answer. */
const DUMP_KINDS = 2;

/** Facts from files: what they do not hold was not read, but for the kinds of a namespace that they are a dump of. */
export function factsFromDump(all: readonly KubeObject[], now: Date | undefined): Facts {
  // What is still to be applied says nothing about what is there.
  const objects = all.filter(isObserved);
  const kinds = kindsByNamespace(objects);
  const kindsRead = new Set(objects.map(({ kind }) => kind));
  const dumped = new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => textOf(metadata.name)));
  const isDumped = (namespace: string): boolean => dumped.has(namespace) || (kinds.get(namespace)?.size ?? 0) >= DUMP_KINDS;
  return toFacts({
    objects: all,
    isComplete: (kind, namespace) =>
      namespace === undefined
        ? kindsRead.has(kind)
        : (kinds.get(namespace)?.has(kind) ?? false) || (isDumped(namespace) && readKind(kind).type.namespaced),
    serves: () => 'unknown',
    now: now ?? newestTime(objects),
    clockIsExact: now !== undefined,
  });
}

/** An object that a server has given out, not one that is to be applied. */
export function isObserved({ metadata }: KubeObject): boolean {
  return metadata.uid !== undefined;
}

function kindsByNamespace(objects: readonly KubeObject[]): ReadonlyMap<string, ReadonlySet<string>> {
  const kinds = new Map<string, Set<string>>();
  for (const object of objects) {
    const namespace = namespaceOf(object);
    if (namespace === undefined) continue;
    const set = kinds.get(namespace) ?? new Set();
    kinds.set(namespace, set.add(object.kind ?? ''));
  }
  return kinds;
}

/** What the files lack for these services: what every answer takes, and what would make these findings surer. */
export function unreadInDump(objects: readonly KubeObject[], facts: Facts): readonly Unread[] {
  const wanted = objects.flatMap((object) => {
    const service = toService(object, facts);
    return [...WORKLOAD_KINDS, ...demandsOf(service, diagnose(service))].map((kind) => toUnread(kind, service.ref.namespace));
  });
  const lacking = wanted.filter(({ kind, namespace }) => !facts.isComplete(kind, namespace));
  return [...new Map(lacking.map((unread) => [JSON.stringify(unread), unread])).values()];
}

function toUnread(kind: string, namespace: string): Unread {
  const { type, hides } = readKind(kind);
  return { kind, ...(type.namespaced && { namespace }), reason: 'not in the files', hides };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** The newest time that a server wrote: the clock of a dump. */
function newestTime(objects: readonly KubeObject[]): Date {
  let newest = '';
  for (const object of objects) {
    for (const time of timesOf(object)) if (time > newest && TIME.test(time) && !Number.isNaN(Date.parse(time))) newest = time;
  }
  return new Date(newest === '' ? 0 : Date.parse(newest));
}

function timesOf(object: KubeObject): readonly string[] {
  const conditions = fieldOf(object.status, 'conditions');
  const transitions = Array.isArray(conditions) ? conditions.map((condition) => fieldOf(condition, 'lastTransitionTime')) : [];
  return [object.metadata.creationTimestamp, object.lastTimestamp, object.eventTime, ...transitions].flatMap((time) => textOf(time) ?? []);
}
