import type { Connection } from '../../../cluster/cluster.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf as contextNamespace } from '../../../command/namespace.ts';
import { factsFromDump } from '../../../domain/doctor/dump.ts';
import { type Facts, nameOf, namespaceOf, toFacts, type Unread } from '../../../domain/doctor/facts.ts';
import { readKind } from '../../../domain/doctor/kinds.ts';
import type { Manifest } from '../../../domain/doctor/manifests/manifest.ts';
import { referencesOf, servicesNamedIn, storageKeysOf } from '../../../domain/doctor/manifests/pod-references.ts';
import { needsOf } from '../../../domain/doctor/manifests/resource-needs.ts';
import type { KubeObject } from '../../../domain/kubernetes/resource.ts';
import { type Answer, askAll, type Reading, unreadOf } from '../../../queries/doctor-reading.ts';
import type { DoctorRequest } from '../request.ts';

/** What manifests are held against. */
export interface Around {
  readonly facts: Facts;
  readonly namespace: string;
  readonly unread: readonly Unread[];
  /** What the cluster was asked for. */
  readonly answers: readonly Answer[];
}

/** Kinds that a service is held against. */
const SHARED = ['ClusterServingRuntime', 'ClusterStorageContainer'];

export function offlineFacts(
  context: Context,
  { now }: DoctorRequest,
  { manifests, examined }: { readonly manifests: readonly Manifest[]; readonly examined: readonly Manifest[] },
): Around {
  const namespace = context.connectionOptions.namespace ?? 'default';
  const facts = factsFromDump(
    manifests.map(({ object }) => inNamespace(object, namespace)),
    now,
  );
  const wanted = readingsFor(examined, namespace);
  const unread = wanted.filter(({ kind, namespace: place, keysOnly }) => keysOnly !== true && !facts.isComplete(kind, place));
  return {
    facts,
    namespace,
    answers: [],
    unread: unread.map(({ kind, namespace: place }) => ({
      kind,
      ...(place !== undefined && { namespace: place }),
      reason: 'not in the files',
      hides: readKind(kind).hides,
    })),
  };
}

export async function clusterFacts(
  context: Context,
  connection: Connection,
  { planned, examined }: { readonly planned: readonly Manifest[]; readonly examined: readonly Manifest[] },
): Promise<Around> {
  const namespace = contextNamespace(connection);
  const answers = await askAll(connection.cluster, [...readingsFor(examined, namespace), ...quotaReadings(examined, namespace)]);
  // What is applied takes the place of what is there.
  const objects = [...answers.flatMap((answer) => answer.objects), ...planned.map(({ object }) => inNamespace(object, namespace))];
  const facts = toFacts({
    objects: newest(objects),
    isComplete: completeIn(answers),
    serves: () => 'unknown',
    now: context.now(),
    clockIsExact: true,
  });
  return { facts, namespace, answers, unread: unreadOf(answers.filter((answer) => !isOfUnreadList(answer, answers))) };
}

/** Where not even the names could be read, the keys go without saying. */
function isOfUnreadList({ reading: { kind, namespace, keysOnly } }: Answer, answers: readonly Answer[]): boolean {
  return keysOnly === true && !completeIn(answers)(kind, namespace);
}

function completeIn(answers: readonly Answer[]): Facts['isComplete'] {
  return (kind, namespace) =>
    answers.some(
      ({ reading, failure }) =>
        failure === undefined && reading.name === undefined && reading.kind === kind && reading.namespace === namespace,
    );
}

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const isShared = object.kind?.startsWith('Cluster') === true;
  return isShared || namespaceOf(object) !== undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
}

function newest(objects: readonly KubeObject[]): readonly KubeObject[] {
  return [...new Map(objects.map((object) => [JSON.stringify([object.kind, namespaceOf(object), nameOf(object)]), object])).values()];
}

/** Only what the manifests give a reason for. */
function readingsFor(examined: readonly Manifest[], namespace: string): readonly Reading[] {
  const objects = examined.map(({ object }) => object);
  const services = objects.filter(({ kind }) => kind === 'InferenceService');
  const runtimes = objects.filter(({ kind }) => kind === 'ServingRuntime');
  const bindings = objects.filter(({ kind }) => kind?.endsWith('RoleBinding'));
  const places = (of: readonly KubeObject[]) => [...new Set(of.map((object) => namespaceOf(object) ?? namespace))];
  const isShared = objects.some(({ kind }) => kind === 'ClusterServingRuntime');
  const readings: readonly Reading[] = [
    ...places([...services, ...runtimes]).map((place) => ({ kind: 'ServingRuntime', namespace: place })),
    ...objects.flatMap((object) => referenceReadings(object, namespaceOf(object) ?? namespace)),
    ...(services.length > 0 ? SHARED.map((kind) => ({ kind })) : []),
    ...(isShared ? [{ kind: 'ClusterServingRuntime' }] : []),
    ...places(bindings).map((place) => ({ kind: 'Role', namespace: place })),
    ...(bindings.length > 0 ? [{ kind: 'ClusterRole' }] : []),
  ];
  return distinct(readings);
}

/** Of Secrets the names and never their contents; of ConfigMaps whose keys are named the keys too. */
function referenceReadings(object: KubeObject, namespace: string): readonly Reading[] {
  const references = referencesOf(object);
  const keyed = references.filter(({ kind, keys }) => kind === 'ConfigMap' && keys.length > 0);
  return [
    ...references.map(({ kind }) => ({ kind, namespace, namesOnly: true })),
    ...(storageKeysOf(object).length > 0 ? [{ kind: 'Secret', namespace, namesOnly: true }] : []),
    ...keyed.map(({ kind, name }) => ({ kind, namespace, name, keysOnly: true })),
    ...(servicesNamedIn(object).length > 0 ? [{ kind: 'InferenceService', namespace, namesOnly: true }] : []),
  ];
}

/** Quotas matter where Pods ask for something; offline nobody knows what is in use. */
function quotaReadings(examined: readonly Manifest[], namespace: string): readonly Reading[] {
  const asking = examined.filter(({ object }) => needsOf(object).size > 1);
  return distinct(asking.map(({ object }) => ({ kind: 'ResourceQuota', namespace: namespaceOf(object) ?? namespace })));
}

function distinct(readings: readonly Reading[]): readonly Reading[] {
  return [...new Map(readings.map((reading) => [JSON.stringify(reading), reading])).values()];
}
