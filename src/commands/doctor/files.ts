import type { Context } from '../../command/context.ts';
import { namespaceOf as contextNamespace } from '../../command/namespace.ts';
import { type Manifests, readManifests } from '../../documents/manifests.ts';
import { bySeverity } from '../../domain/doctor/diagnose.ts';
import { factsFromDump, isObserved, unreadInDump } from '../../domain/doctor/dump.ts';
import { type Facts, nameOf, namespaceOf, type Unread } from '../../domain/doctor/facts.ts';
import { isExamined } from '../../domain/doctor/manifests/examine.ts';
import type { Judgement } from '../../domain/doctor/manifests/judgement.ts';
import type { Manifest, ManifestFacts } from '../../domain/doctor/manifests/manifest.ts';
import { type ManifestReport, reportOn } from '../../domain/doctor/report.ts';
import { isService, refOf } from '../../domain/doctor/service.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import { InputError } from '../../errors.ts';
import { reasonText } from '../../queries/doctor-reading.ts';
import { didYouMean } from '../../text/did-you-mean.ts';
import { escapeText } from '../../text/escape.ts';
import type { Examined } from './examined.ts';
import { type Around, clusterFacts, offlineFacts } from './manifests/around.ts';
import { examineManifests } from './manifests/examine.ts';
import { judgeOnline } from './manifests/judge-online.ts';
import { type DoctorRequest, isRuntimeTarget, kindsOf, type Target } from './request.ts';

interface Input {
  readonly manifests: readonly Manifest[];
  /** Those that are to be applied. */
  readonly planned: readonly Manifest[];
  /** Those of them that are looked at. */
  readonly examined: readonly Manifest[];
}

/** Looks at files: objects that a server gave out are a dump, others are manifests to be applied. @throws InputError if one cannot be read */
export async function examineFiles(context: Context, request: DoctorRequest): Promise<Examined> {
  const { streams, signal } = context;
  const read = await readManifests(
    { paths: request.files, recursive: request.recursive, wants: () => true, isTolerant: true },
    { streams, signal },
  );
  const { manifests } = read;
  const [failure] = read.failures;
  if (manifests.length === 0 && failure !== undefined) throw failure;
  if (manifests.length === 0) throw new InputError(`no object in ${request.files.join(', ')}`);
  const planned = manifests.filter(({ object }) => !isObserved(object));
  const examined = planned.filter(({ object }) => isExamined(object) && isAskedFor(object, request));
  const dumped = examineDump(
    manifests.map(({ object }) => object),
    context,
    request,
  );
  const missing = dumped.missing
    .filter((target) => !examined.some(({ object }) => isNamed(object, target)))
    .map((target) => ({ ...target, near: didYouMean(target.name, namesLike(target, manifests)) }));
  const unread = unreadFiles(read);
  const notes = ignoredNote(read);
  // Of a dump not all has to be readable.
  const lacksFile = read.failures.length > 0 && !manifests.some(({ object }) => isObserved(object));
  if (examined.length === 0)
    return { ...dumped, missing, notes, lacksFile, report: { ...dumped.report, unread: [...dumped.report.unread, ...unread] } };
  const input = { manifests, planned, examined };
  const { around, judgements } = request.offline ? await offline(context, request, input) : await online(context, input);
  const looked = examineManifests(
    examined.map((manifest, index) => ({ manifest, all: planned, ...around, ...(judgements[index] ?? NOT_JUDGED) })),
  );
  const judged = looked.map(({ facts }) => facts);
  const { report } = dumped;
  return {
    ...dumped,
    missing,
    notes,
    lacksFile,
    report: {
      ...report,
      manifests: judged.map(toManifestReport),
      findings: bySeverity([...looked.flatMap(({ findings }) => findings), ...report.findings]),
      unread: [...report.unread, ...unread, ...around.unread, ...unreadSchemas(judged)],
    },
  };
}

/** Of a dump may be thousands. */
const MOST_UNREAD = 10;
const MOST_IGNORED = 3;

/** The other files are looked at all the same. */
function unreadFiles({ failures }: Manifests): readonly Unread[] {
  const toUnread = (reason: string): Unread => ({ kind: 'File', reason, hides: 'what it holds' });
  const more = failures.length - MOST_UNREAD;
  const rest = more > 0 ? [toUnread(`${more} more file${more === 1 ? '' : 's'} could not be read`)] : [];
  return [...failures.slice(0, MOST_UNREAD).map(({ message }) => toUnread(message)), ...rest];
}

function ignoredNote({ ignored, manifests }: Manifests): readonly string[] {
  if (ignored.length === 0 || !manifests.some(({ object }) => isObserved(object))) return [];
  const [names, more] = [ignored.slice(0, MOST_IGNORED).map(escapeText), ignored.length - MOST_IGNORED];
  return [
    `note: ${ignored.length === 1 ? 'a file that is' : `${ignored.length} files that are`} neither YAML nor JSON ${ignored.length === 1 ? 'was' : 'were'} not read: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  ];
}

const NOT_JUDGED: Judgement = { verdict: { state: 'untried', why: 'not tried' } };

interface Held {
  readonly around: Around;
  readonly judgements: readonly Judgement[];
}

async function offline(context: Context, request: DoctorRequest, { manifests, examined }: Input): Promise<Held> {
  const { judgeOffline } = await import('./manifests/judge-offline.ts');
  return {
    around: offlineFacts(context, request, { manifests, examined }),
    judgements: examined.map(({ object }) => judgeOffline(object)),
  };
}

async function online(context: Context, { planned, examined }: Input): Promise<Held> {
  const connection = await context.connection();
  const [around, judgements] = await Promise.all([
    clusterFacts(context, connection, { planned, examined }),
    judgeOnline(connection.cluster, examined, contextNamespace(connection)),
  ]);
  return { around, judgements };
}

function toManifestReport({ manifest, verdict, schemaFrom }: ManifestFacts): ManifestReport {
  return {
    ...refOf(manifest.object),
    source: manifest.placeOf([]),
    dryRun: verdict.state,
    ...(verdict.state === 'untried' && { why: verdict.why }),
    ...(schemaFrom !== undefined && { schema: schemaFrom }),
  };
}

/** Schemas that the cluster publishes and could not be read: nobody knows what they would refuse. */
function unreadSchemas(judgements: readonly Judgement[]): readonly Unread[] {
  const [failure] = judgements.flatMap(({ schemaFailure }) => schemaFailure ?? []);
  if (failure === undefined) return [];
  return [{ kind: 'CustomResourceDefinition', reason: reasonText(failure), hides: 'what the schemas of the cluster refuse' }];
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
  const wanted = targets.filter(isRuntimeTarget);
  const runtimes = wanted.flatMap(({ kind = '', name }) =>
    facts.list(kind, kind === 'ServingRuntime' ? namespace : undefined).filter((object) => isObserved(object) && nameOf(object) === name),
  );
  const missing = targets.filter((target) => ![...services, ...runtimes].some((object) => isNamed(object, target)));
  return {
    report: reportOn([...services, ...runtimes], facts, unreadInDump(services, facts)),
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

function namesLike(target: Target, manifests: readonly Manifest[]): readonly string[] {
  const kinds = kindsOf(target);
  return manifests.flatMap(({ object }) => (kinds.includes(object.kind ?? '') ? (nameOf(object) ?? []) : []));
}

function isNamed(service: KubeObject, { kind, name }: Target): boolean {
  return nameOf(service) === name && (kind === undefined ? isService(service) : kind === service.kind);
}
