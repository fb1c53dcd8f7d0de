import type { Context } from '../../command/context.ts';
import { type Facts, toFacts } from '../../domain/doctor/facts.ts';
import { logKey } from '../../domain/doctor/log-place.ts';
import { isService, type Service, toService } from '../../domain/doctor/service.ts';
import type { Installed } from '../../domain/kserve/resource-lookup.ts';
import type { Discovery, KubeObject } from '../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../errors.ts';
import type { Answer, Reading } from '../../queries/doctor-reading.ts';
import type { Logs } from '../../queries/pod-logs.ts';
import type { Place } from './readings.ts';
import { isRuntimeTarget } from './request.ts';

/** Everything that was asked so far. */
export interface Asked {
  readonly answers: readonly Answer[];
  readonly discovery: Discovery | ClusterError | undefined;
  readonly logs: Logs;
}

const OBJECTS = new WeakMap<Asked['answers'], readonly KubeObject[]>();

/** Each once: what is asked for by name may be in a list as well. Events are in one list alone, and may be very many. */
function objectsOf({ answers }: Asked): readonly KubeObject[] {
  const known = OBJECTS.get(answers);
  if (known !== undefined) return known;
  const all = answers.flatMap(({ objects }) => objects);
  const [events, others] = [all.filter(isEvent), all.filter((object) => !isEvent(object))];
  const unique = new Map(others.map((object) => [`${object.kind}\0${object.metadata.namespace}\0${object.metadata.name}`, object]));
  const objects = [...unique.values(), ...events];
  OBJECTS.set(answers, objects);
  return objects;
}

function isEvent({ kind }: KubeObject): boolean {
  return kind === 'Event';
}

/** What the answers tell. */
export function factsOf(asked: Asked, { now }: Context): Facts {
  const { answers, discovery } = asked;
  const complete = answers.filter(({ failure }) => failure === undefined);
  return toFacts({
    objects: objectsOf(asked),
    isComplete: (kind, namespace) =>
      complete.some(
        ({ reading }) =>
          reading.kind === kind && (reading.namespace === undefined || reading.namespace === namespace) && isWholeList(reading, kind),
      ),
    logOf: (place) => asked.logs.texts.get(logKey(place)),
    serves: (group) => servesGroup(discovery, group),
    now: now(),
    clockIsExact: true,
  });
}

/** One runtime that was asked for by name is not all of them. */
function isWholeList({ name }: Reading, kind: string): boolean {
  return name === undefined || !kind.endsWith('ServingRuntime');
}

function servesGroup(discovery: Asked['discovery'], group: string): Installed {
  if (discovery === undefined || discovery instanceof ClusterError) return 'unknown';
  return discovery.groups.some(({ name }) => name === group) ? 'yes' : 'no';
}

export function servicesOf(asked: Asked, context: Context, place: Place): readonly Service[] {
  const facts = factsOf(asked, context);
  return askedServices(asked, place).map((object) => toService(object, facts));
}

/** A list that is read for a runtime holds others too, that nobody asked about. */
export function askedServices(asked: Asked, place: Place): readonly KubeObject[] {
  return objectsOf(asked).filter((object) => isService(object) && isAskedFor(object, place));
}

function isAskedFor(object: KubeObject, { targets }: Place): boolean {
  const services = targets.filter((target) => !isRuntimeTarget(target));
  return targets.length === 0 || services.some(({ kind, name }) => object.metadata.name === name && (kind ?? object.kind) === object.kind);
}
