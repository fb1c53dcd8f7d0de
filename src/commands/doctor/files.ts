import type { Context } from '../../command/context.ts';
import { namespaceOf as contextNamespace } from '../../command/namespace.ts';
import { readManifests } from '../../documents/manifests.ts';
import { bySeverity } from '../../domain/doctor/diagnose.ts';
import { factsFromDump, isObserved, unreadInDump } from '../../domain/doctor/dump.ts';
import { type Facts, nameOf, namespaceOf, toFacts, type Unread } from '../../domain/doctor/facts.ts';
import { readKind } from '../../domain/doctor/kinds.ts';
import { examineManifest, isExamined } from '../../domain/doctor/manifests/examine.ts';
import type { Manifest } from '../../domain/doctor/manifests/manifest.ts';
import { reportOn } from '../../domain/doctor/report.ts';
import { isService } from '../../domain/doctor/service.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import { InputError } from '../../errors.ts';
import { type Answer, askAll, type Reading, unreadOf } from '../../queries/doctor-reading.ts';
import type { Examined } from './examined.ts';
import type { DoctorRequest, Target } from './request.ts';

/** Looks at files: objects that a server gave out are a dump, others are manifests to be applied. @throws InputError if one cannot be read */
export async function examineFiles(context: Context, request: DoctorRequest): Promise<Examined> {
  const { streams, signal } = context;
  const { manifests } = await readManifests({ paths: request.files, recursive: request.recursive, wants: () => true }, { streams, signal });
  if (manifests.length === 0) throw new InputError(`no object in ${request.files.join(', ')}`);
  const planned = manifests.filter(({ object }) => !isObserved(object));
  const examined = planned.filter(({ object }) => isExamined(object) && isAskedFor(object, request));
  const dumped = examineDump(
    manifests.map(({ object }) => object),
    context,
    request,
  );
  const missing = dumped.missing.filter((target) => !examined.some(({ object }) => isNamed(object, target)));
  if (examined.length === 0) return { ...dumped, missing };
  const around = request.offline
    ? offlineFacts(context, request, { manifests, examined })
    : await clusterFacts(context, { planned, examined });
  const findings = examined.flatMap((manifest) => examineManifest({ manifest, all: planned, ...around }));
  const { report } = dumped;
  return {
    ...dumped,
    missing,
    report: {
      ...report,
      manifests: examined.length,
      findings: bySeverity([...findings, ...report.findings]),
      unread: [...report.unread, ...around.unread],
    },
  };
}

/** With names only the services that have them are looked at; the rest of the files is what they are held against. */
function isAskedFor(object: KubeObject, { targets }: DoctorRequest): boolean {
  return targets.length === 0 || targets.some((target) => isNamed(object, target));
}

function examineDump(objects: readonly KubeObject[], context: Context, { now, targets }: DoctorRequest): Examined {
  const facts = factsFromDump(objects, now);
  const { namespace } = context.connectionOptions;
  const observed = servicesIn(facts, namespace).filter(isObserved);
  const services = observed.filter((service) => targets.length === 0 || targets.some((target) => isNamed(service, target)));
  const missing = targets.filter((target) => !services.some((service) => isNamed(service, target)));
  return {
    report: reportOn(services, facts, unreadInDump(services, facts)),
    missing,
    searched: { in: 'files', namespace },
    now: facts.now,
  };
}

/** A file without a namespace is of the one that was given. */
function servicesIn(facts: Facts, namespace: string | undefined): readonly KubeObject[] {
  const all = [...facts.list('InferenceService'), ...facts.list('LLMInferenceService')].filter(isService);
  return namespace === undefined ? all : all.filter((service) => (namespaceOf(service) ?? namespace) === namespace);
}

function isNamed(service: KubeObject, { kind, name }: Target): boolean {
  return isService(service) && nameOf(service) === name && (kind === undefined || kind === service.kind);
}

interface Around {
  readonly facts: Facts;
  readonly namespace: string;
  readonly unread: readonly Unread[];
}

/** Kinds that a manifest is held against, and those of RBAC. */
const NAMESPACED = ['ServingRuntime', 'ServiceAccount', 'PersistentVolumeClaim'];
const SHARED = ['ClusterServingRuntime', 'ClusterStorageContainer'];

function offlineFacts(
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
  const unread = wanted.filter(({ kind, namespace: place }) => !facts.isComplete(kind, place));
  return {
    facts,
    namespace,
    unread: unread.map(({ kind, namespace: place }) => ({
      kind,
      ...(place !== undefined && { namespace: place }),
      reason: 'not in the files',
      hides: readKind(kind).hides,
    })),
  };
}

async function clusterFacts(
  context: Context,
  { planned, examined }: { readonly planned: readonly Manifest[]; readonly examined: readonly Manifest[] },
): Promise<Around> {
  const connection = await context.connection();
  const namespace = contextNamespace(connection);
  const answers = await askAll(connection.cluster, readingsFor(examined, namespace));
  // What is applied takes the place of what is there.
  const objects = [...answers.flatMap((answer) => answer.objects), ...planned.map(({ object }) => inNamespace(object, namespace))];
  const facts = toFacts({
    objects: newest(objects),
    isComplete: completeIn(answers),
    serves: () => 'unknown',
    now: context.now(),
    clockIsExact: true,
  });
  return { facts, namespace, unread: unreadOf(answers) };
}

function completeIn(answers: readonly Answer[]): Facts['isComplete'] {
  return (kind, namespace) =>
    answers.some(({ reading, failure }) => failure === undefined && reading.kind === kind && reading.namespace === namespace);
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
  const services = examined.filter(({ object }) => object.kind === 'InferenceService');
  const runtimes = examined.filter(({ object }) => object.kind === 'ServingRuntime');
  const shared = examined.some(({ object }) => object.kind === 'ClusterServingRuntime');
  const bindings = examined.filter(({ object }) => object.kind?.endsWith('RoleBinding'));
  const places = (of: readonly Manifest[]) => [...new Set(of.map(({ object }) => namespaceOf(object) ?? namespace))];
  const readings: readonly Reading[] = [
    ...places(services).flatMap((place) => NAMESPACED.map((kind) => ({ kind, namespace: place }))),
    ...(services.length > 0 ? SHARED.map((kind) => ({ kind })) : []),
    ...places(runtimes).map((place) => ({ kind: 'ServingRuntime', namespace: place })),
    ...(shared ? [{ kind: 'ClusterServingRuntime' }] : []),
    ...places(bindings).map((place) => ({ kind: 'Role', namespace: place })),
    ...(bindings.length > 0 ? [{ kind: 'ClusterRole' }] : []),
  ];
  return [...new Map(readings.map((reading) => [JSON.stringify(reading), reading])).values()];
}
