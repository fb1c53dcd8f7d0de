import { limitInFlight } from '../../../async/in-flight.ts';
import { settled } from '../../../async/settled.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import { runtimeApis, serviceApi } from '../../../domain/kserve/api.ts';
import { namedRuntimes } from '../../../domain/kserve/model.ts';
import { type RuntimeScope, type ServingRuntime, toServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import type { ResourceType } from '../../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../../errors.ts';
import { type AskedServices, getService, listServices } from '../../../queries/inference-services.ts';
import { listedNames } from '../../../queries/listed-names.ts';
import type { FoundRole } from '../../../queries/role-places.ts';
import { type AskedKind, askRuntimes, bothKinds, type RuntimePlace } from '../../../queries/runtimes.ts';
import { didYouMean } from '../../../text/did-you-mean.ts';
import { failureMessages, installationMessages } from '../reading/messages.ts';
import { listErrors, type RuntimeReading, toReading } from '../reading/reading.ts';
import { accessHint, foreignAnswer, isForeign, type Reader } from '../reading/refusals.ts';
import { rolesAfterRefusal } from '../reading/roles-after-refusal.ts';
import { pick } from './ask-files.ts';
import { type Facts, isUnread, nameKey, type ReadingReport, type UnreadService } from './facts.ts';
import { layOver, readFiles, toFileObjects } from './files.ts';
import type { MatchRequest } from './request.ts';
import type { Subject } from './subject.ts';

/** As many requests as a busy API server minds not. */
const IN_FLIGHT = 16;

/** Files and the cluster: InferenceServices and both lists of runtimes go out together. Rejects with a ClusterError if nothing could be asked at all. */
export async function askCluster(request: MatchRequest, context: Context): Promise<Facts> {
  const manifests = await readFiles(request, context);
  const connection = await context.connection();
  const { cluster } = connection;
  const namespace = request.allNamespaces ? connection.namespace : namespaceOf(connection);
  const files = toFileObjects(manifests, request, namespace);
  const { subjects, missing } = pick(request, files, namespace);
  const llms = missing.filter(({ kind }) => kind === 'LLMInferenceService').map(({ name }) => unreadLlm(name, namespace));
  const names = missing.filter(({ kind }) => kind === 'InferenceService').map(({ name }) => name);
  const listsAll = request.names.length === 0 && subjects.length === 0;
  const reader = { programName: context.programName, words: ['runtimes', 'match'], connectionOptions: context.connectionOptions };
  const places = placesOf(request, subjects, listsAll || names.length > 0 ? namespace : undefined);
  const [readings, services] = await Promise.all([
    readRuntimes(cluster, places, reader),
    askServices(cluster, listsAll ? undefined : names, request.allNamespaces ? undefined : namespace, reader),
  ]);
  const reading = toReadingReport(readings);
  const facts: Facts = {
    // Without KServe nothing is picked for anybody.
    subjects: reading.isInstalled ? [...subjects, ...services.found, ...llms] : [],
    runtimes: readings.flatMap(({ listed }) => listed.flatMap(({ result }) => result.items)),
    reading,
    askedNames: new Set(),
    unreadServices: reading.isInstalled ? services.unread : [],
    missingInFiles: [],
    unreadFiles: files.failures,
    skipped: files.skipped,
  };
  const named = await askNamedRuntimes(cluster, facts, readings);
  return {
    ...facts,
    runtimes: layOver([...facts.runtimes, ...named.runtimes], files.runtimes, context.now()),
    askedNames: named.askedNames,
  };
}

/** Nothing in it matters: it uses no runtimes. */
function unreadLlm(name: string, namespace: string): Subject {
  return { kind: 'LLMInferenceService', namespace, name, source: { from: 'cluster' }, origin: 'stored' };
}

/** Namespaces to list ServingRuntimes in; undefined: all of them at once. */
function placesOf({ allNamespaces }: MatchRequest, subjects: readonly Subject[], own: string | undefined): readonly (string | undefined)[] {
  if (allNamespaces) return [undefined];
  return [...new Set([...(own === undefined ? [] : [own]), ...subjects.map(({ namespace }) => namespace)])];
}

/** Both kinds in the first place; the cluster-scoped one is the same seen from the others. */
function readRuntimes(
  cluster: Cluster,
  places: readonly (string | undefined)[],
  reader: Reader,
): Promise<readonly RuntimeReading<ServingRuntime>[]> {
  const limit = limitInFlight(IN_FLIGHT);
  const read = async (asked: readonly RuntimePlace[]) => {
    const hinted: Promise<readonly FoundRole[]>[] = [];
    const answers = await askRuntimes(cluster, asked, (type, { scope, namespace }) => {
      const list = cluster.list(type, { namespace }, (object) => toServingRuntime(object, scope));
      hinted.push(rolesAfterRefusal(cluster, list, type, namespace));
      return list;
    });
    const roles = (await Promise.all(hinted)).flat();
    return toReading(answers, { ...reader, rolePlaces: new Map(roles.map((role) => [role.usualName, role])) });
  };
  return Promise.all(places.map((place, index) => limit(() => read(bothKinds(place).slice(0, index === 0 ? 2 : 1)))));
}

function toReadingReport(readings: readonly RuntimeReading<ServingRuntime>[]): ReadingReport {
  return {
    unread: readings.flatMap(({ failures }) =>
      failures.map(({ answer: { scope, namespace, api } }) => ({ scope, namespace, plural: api.type.plural })),
    ),
    errors: readings.flatMap(listErrors),
    failures: [...new Set(readings.flatMap(failureMessages))],
    installation: [...new Set(readings.flatMap(installationMessages))],
    // Without its kinds there is no KServe that could pick anything.
    isInstalled: readings.every(({ state }) => state !== 'notInstalled' && state !== 'legacy'),
  };
}

interface Services {
  readonly found: readonly Subject[];
  readonly unread: readonly UnreadService[];
}

/** InferenceServices by name, or all if `names` is undefined. */
async function askServices(
  cluster: Cluster,
  names: readonly string[] | undefined,
  namespace: string | undefined,
  reader: Reader,
): Promise<Services> {
  const limit = limitInFlight(IN_FLIGHT);
  if (names === undefined) return toServices(await listServices(cluster, namespace), undefined, namespace, reader);
  const each = await Promise.all(
    names.map(async (name) => toServices(await limit(() => getService(cluster, name, namespace ?? '')), name, namespace, reader)),
  );
  const unread = each.flatMap((one) => one.unread);
  const isMissing = unread.some((one) => one.isMissing);
  const others = isMissing ? await listedNames(cluster, [{ type: serviceApi(undefined).type, namespace }]) : [];
  return { found: each.flatMap(({ found }) => found), unread: unread.map((one) => withNear(one, others)) };
}

function withNear(one: UnreadService, names: readonly string[]): UnreadService {
  const near = one.isMissing ? didYouMean(one.name ?? '', names) : undefined;
  return near === undefined ? one : { ...one, hint: `Did you mean ${near}?` };
}

function toServices(
  { api, items, failure }: AskedServices,
  name: string | undefined,
  namespace: string | undefined,
  reader: Reader,
): Services {
  const found = items.map((object): Subject => {
    const { metadata } = object;
    return {
      kind: 'InferenceService',
      namespace: metadata.namespace ?? namespace ?? '',
      name: metadata.name,
      source: { from: 'cluster' },
      object,
      origin: 'stored',
    };
  });
  if (failure === undefined) return { found, unread: [] };
  const error = isForeign(failure) ? foreignAnswer(failure) : failure;
  const isMissing = error.reason === 'NotFound' && error.fromStatus;
  return { found, unread: [{ name, namespace, error, hint: accessHint({ api, namespace }, error, reader), isMissing }] };
}

/** Runtimes that InferenceServices name, one by one, where the lists were refused: to get one may be permitted. */
async function askNamedRuntimes(
  cluster: Cluster,
  facts: Facts,
  readings: readonly RuntimeReading<ServingRuntime>[],
): Promise<{ readonly runtimes: readonly ServingRuntime[]; readonly askedNames: ReadonlySet<string> }> {
  const limit = limitInFlight(IN_FLIGHT);
  const types = typesOf(readings.flatMap(({ answers }) => answers));
  const wanted = new Map(wantedNames(facts).map((name) => [nameKey(name.scope, name.namespace, name.name), name]));
  const answers = await Promise.all(
    [...wanted].map(async ([key, { scope, namespace, name }]) => {
      const place = scope === 'cluster' ? {} : { namespace };
      const answer = await limit(() => settled(cluster.get(types[scope], name, place)));
      if (!(answer instanceof ClusterError)) return { key, runtime: toServingRuntime(answer, scope) };
      return answer.reason === 'NotFound' && answer.fromStatus ? { key } : {};
    }),
  );
  return {
    runtimes: answers.flatMap(({ runtime }) => runtime ?? []),
    askedNames: new Set(answers.flatMap(({ key }) => key ?? [])),
  };
}

function typesOf(answers: readonly AskedKind<unknown>[]): Readonly<Record<RuntimeScope, ResourceType>> {
  const usual = runtimeApis(undefined);
  const typeOf = (scope: RuntimeScope) => answers.find((answer) => answer.scope === scope)?.api.type;
  return {
    namespace: typeOf('namespace') ?? usual.servingRuntimes.type,
    cluster: typeOf('cluster') ?? usual.clusterServingRuntimes.type,
  };
}

function wantedNames(facts: Facts) {
  return facts.subjects.flatMap(({ object, namespace, origin }) => {
    const names = object === undefined ? [] : namedRuntimes(object, origin);
    return names.flatMap((name) =>
      (['namespace', 'cluster'] as const)
        .filter((scope) => isUnread(facts.reading.unread, scope, namespace))
        .map((scope) => ({ scope, namespace, name })),
    );
  });
}
