import { settled } from '../../async/settled.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Context } from '../../command/context.ts';
import { namespaceOf } from '../../command/namespace.ts';
import { asksForKnative, demandsOf } from '../../domain/doctor/demand.ts';
import { bySeverity, diagnose } from '../../domain/doctor/diagnose.ts';
import type { Facts, Unread } from '../../domain/doctor/facts.ts';
import { readKind } from '../../domain/doctor/kinds.ts';
import { type LogPlace, logKey } from '../../domain/doctor/log-place.ts';
import { logPlacesOf } from '../../domain/doctor/pods/log.ts';
import { reportOn } from '../../domain/doctor/report.ts';
import type { Service } from '../../domain/doctor/service.ts';
import { CONTROLLER_NAMESPACES } from '../../domain/kserve/version.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import { ClusterError, withHint } from '../../errors.ts';
import { type Answer, askAll, type Reading, unreadOf } from '../../queries/doctor-reading.ts';
import { listedNames } from '../../queries/listed-names.ts';
import { namespaceState } from '../../queries/namespace-state.ts';
import { type Logs, readLogs } from '../../queries/pod-logs.ts';
import { didYouMean } from '../../text/did-you-mean.ts';
import { type Asked, askedServices, factsOf, servicesOf } from './asked.ts';
import type { Examined, MissingTarget } from './examined.ts';
import { firstReadings, type Place, secondChance } from './readings.ts';
import { type DoctorRequest, isRuntimeTarget, kindsOf, type Target } from './request.ts';
import { rightsHint } from './unread-text.ts';

const NO_LOGS: Logs = { texts: new Map(), unread: [] };

/** Looks at KServe itself: loaded only where nothing is named. */
type OfInstallation = typeof import('./installation.ts');

/** What to look at, and whether logs and KServe itself are wanted. */
interface Wanted extends Place {
  readonly logs: boolean;
  readonly kserve: OfInstallation | undefined;
}

/** Asks the cluster: one round for most answers, a second for what makes them surer. Rejects if no service could be read at all. */
export async function examineCluster(context: Context, request: DoctorRequest): Promise<Examined> {
  const connection = await context.connection();
  const { cluster } = connection;
  const place: Place = { targets: request.targets, namespace: request.allNamespaces ? undefined : namespaceOf(connection) };
  // Without names KServe itself is looked at too.
  const kserve = request.targets.length === 0 ? await import('./installation.ts') : undefined;
  const readings = [...firstReadings(place), ...(kserve?.installationReadings(place.namespace) ?? [])];
  const [first, discovery] = await Promise.all([askAll(cluster, readings), kserve && settled(cluster.discover({}))]);
  failForAll(kserve === undefined ? first.filter(isOfTarget) : first, context);
  const wanted: Wanted = { ...place, logs: request.logs, kserve };
  const asked = await secondRound(cluster, context, wanted, { answers: first, discovery, logs: NO_LOGS });
  const result = await withNames(examined(asked, context, place), cluster, request.wait === undefined);
  return kserve === undefined ? result : withInstallation(result, kserve, asked, context);
}

/** A namespace that does not exist is never taken for one without services, and a name that is not there may be misspelt. */
async function withNames(result: Examined, cluster: Cluster, suggests: boolean): Promise<Examined> {
  const { report, missing, searched } = result;
  const isAllFound = report.services.length + report.runtimes.length > 0 && missing.length === 0;
  if (isAllFound || searched.namespace === undefined) return result;
  const [state, near] = await Promise.all([
    namespaceState(cluster, searched.namespace),
    suggests ? Promise.all(missing.map((target) => withNear(target, cluster, searched.namespace))) : missing,
  ]);
  return { ...result, missing: near, searched: { ...searched, namespaceState: state } };
}

async function withNear(target: Target, cluster: Cluster, namespace: string | undefined): Promise<MissingTarget> {
  const names = await listedNames(
    cluster,
    kindsOf(target).map((kind) => ({ type: readKind(kind).type, namespace })),
  );
  return { ...target, near: didYouMean(target.name, names) };
}

/** What was named, not what lies around it. */
function isOfTarget({ reading: { kind, name } }: Answer): boolean {
  return name !== undefined && (kind.endsWith('InferenceService') || kind.endsWith('ServingRuntime'));
}

/** What no other request would fare better with. */
function failForAll(answers: readonly Answer[], context: Context): void {
  const failures = answers.flatMap(({ failure, objects }) => (failure === undefined || objects.length > 0 ? [] : [failure]));
  const [failure] = failures;
  if (failure === undefined || failures.length !== answers.length) return;
  if (failure.reason !== 'Forbidden' || !failure.fromStatus) throw failure;
  const namespace = answers[0]?.reading.namespace;
  throw withHint(failure, rightsHint(namespace === undefined ? ['-A'] : ['-n', namespace], context));
}

/** Findings about KServe before those about services: they may be their cause. */
function withInstallation({ report, ...rest }: Examined, kserve: OfInstallation, asked: Asked, context: Context): Examined {
  const discovery = asked.discovery instanceof ClusterError ? undefined : asked.discovery;
  const installation = kserve.installationOf(factsOf(asked, context), discovery);
  const unread =
    asked.discovery instanceof ClusterError
      ? [{ kind: 'CustomResourceDefinition', reason: asked.discovery.message, hides: 'which kinds of KServe are installed' }]
      : [];
  const findings = bySeverity([...installation.findings, ...report.findings]);
  const elsewhere = report.unread.filter((one) => !isElsewhere(one, installation.namespace));
  return { ...rest, report: { ...report, installation, findings, unread: [...elsewhere, ...unread] } };
}

/** Where the controller is not: KServe is installed in one namespace. */
function isElsewhere({ kind, namespace }: Unread, found: string | undefined): boolean {
  const isSearched = (kind === 'Deployment' || kind === 'ConfigMap') && CONTROLLER_NAMESPACES.some((name) => name === namespace);
  return isSearched && found !== undefined && found !== namespace;
}

async function secondRound(cluster: Cluster, context: Context, place: Wanted, asked: Asked): Promise<Asked> {
  const first = asked.answers;
  const services = servicesOf(asked, context, place);
  const late = secondChance(place, first);
  const known = asked.discovery instanceof ClusterError ? undefined : asked.discovery;
  const ofKserve = place.kserve?.laterInstallationReadings(factsOf(asked, context), known) ?? [];
  const readings = unique([...late, ...ofKserve, ...demands(services)]);
  const places = place.logs ? logPlaces(asked, context, place) : [];
  const wantsDiscovery = asked.discovery === undefined && asksForKnative(services);
  if (readings.length === 0 && places.length === 0 && !wantsDiscovery) return asked;
  const [discovery, more, logs] = await Promise.all([
    wantsDiscovery ? settled(cluster.discover({})) : undefined,
    askAll(cluster, readings),
    readLogs(cluster, places),
  ]);
  const second = { answers: [...first, ...more], discovery: discovery ?? asked.discovery, logs };
  // A service that only now was found has its log read last.
  if (!place.logs || late.length === 0) return second;
  const read = new Set(places.map(logKey));
  const later = logPlaces(second, context, place).filter((one) => !read.has(logKey(one)));
  return { ...second, logs: bothLogs(logs, await readLogs(cluster, later)) };
}

function bothLogs(one: Logs, other: Logs): Logs {
  return { texts: new Map([...one.texts, ...other.texts]), unread: [...one.unread, ...other.unread] };
}

function logPlaces(asked: Asked, context: Context, place: Place): readonly LogPlace[] {
  return logPlacesOf(servicesOf(asked, context, place).flatMap(diagnose), factsOf(asked, context));
}

/** Each kind once a place, however many services want it. */
function demands(services: readonly Service[]): readonly Reading[] {
  return services.flatMap((service) => demandsOf(service, diagnose(service)).map((kind) => toReading(kind, service)));
}

function unique(readings: readonly Reading[]): readonly Reading[] {
  return [...new Map(readings.map((reading) => [JSON.stringify(reading), reading])).values()];
}

function toReading(kind: string, { ref: { namespace } }: Service): Reading {
  if (kind === 'Namespace') return { kind, name: namespace };
  // A route names a Gateway of any namespace.
  return kind === 'Gateway' || !readKind(kind).type.namespaced ? { kind } : { kind, namespace };
}

function examined(asked: Asked, context: Context, place: Place): Examined {
  const facts = factsOf(asked, context);
  const services = askedServices(asked, place);
  const runtimes = place.targets.filter(isRuntimeTarget).flatMap((target) => runtimeOf(target, place, facts) ?? []);
  const missing = place.targets.filter(({ kind, name }) => {
    const answers = asked.answers.filter(({ reading }) => reading.name === name && (kind === undefined || reading.kind === kind));
    return answers.length > 0 && answers.every(({ absent }) => absent !== undefined);
  });
  return {
    report: reportOn([...services, ...runtimes], facts, [...unreadOf(asked.answers), ...asked.logs.unread]),
    missing,
    searched: { in: 'cluster', namespace: place.namespace },
    now: facts.now,
  };
}

function runtimeOf({ kind, name }: Target, { namespace }: Place, { find }: Facts): KubeObject | undefined {
  return find(kind ?? '', kind === 'ServingRuntime' ? namespace : undefined, name);
}
