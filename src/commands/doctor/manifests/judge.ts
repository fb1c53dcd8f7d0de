import type { Context } from '../../../command/context.ts';
import { namespaceOf } from '../../../command/namespace.ts';
import type { Unread } from '../../../domain/doctor/facts.ts';
import type { Judgement } from '../../../domain/doctor/manifests/judgement.ts';
import type { Manifest, ManifestFacts } from '../../../domain/doctor/manifests/manifest.ts';
import type { ManifestReport } from '../../../domain/doctor/report.ts';
import { refOf } from '../../../domain/doctor/service.ts';
import type { Finding } from '../../../domain/finding.ts';
import { ClusterError, withHint } from '../../../errors.ts';
import { reasonText } from '../../../queries/doctor-reading.ts';
import { asLoginFailure, endsEverything } from '../../../queries/review-failure.ts';
import type { DoctorRequest } from '../request.ts';
import { type Around, clusterFacts, offlineFacts } from './around.ts';
import { examineManifests } from './examine.ts';
import { judgeOnline } from './judge-online.ts';

interface Input {
  readonly manifests: readonly Manifest[];
  /** Those that are to be applied. */
  readonly planned: readonly Manifest[];
  /** Those of them that are looked at. */
  readonly examined: readonly Manifest[];
}

export interface Judged {
  readonly manifests: readonly ManifestReport[];
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
}

/** What would come of applying manifests. */
export async function judgeManifests(context: Context, request: DoctorRequest, input: Input): Promise<Judged> {
  const { around, judgements } = request.offline ? await offline(context, request, input) : await online(context, input);
  const { planned, examined } = input;
  const looked = examineManifests(
    examined.map((manifest, index) => ({ manifest, all: planned, ...around, ...(judgements[index] ?? NOT_JUDGED) })),
  );
  const judged = looked.map(({ facts }) => facts);
  return {
    manifests: judged.map(toManifestReport),
    findings: looked.flatMap(({ findings }) => findings),
    unread: [...around.unread, ...unreadSchemas(judged)],
  };
}

const NOT_JUDGED: Judgement = { verdict: { state: 'untried', why: 'not tried' } };

interface Held {
  readonly around: Around;
  readonly judgements: readonly Judgement[];
}

async function offline(context: Context, request: DoctorRequest, { manifests, examined }: Input): Promise<Held> {
  const { judgeOffline } = await import('./judge-offline.ts');
  return {
    around: offlineFacts(context, request, { manifests, examined }),
    judgements: examined.map(({ object }) => judgeOffline(object)),
  };
}

async function online(context: Context, { planned, examined }: Input): Promise<Held> {
  const connection = await context.connection();
  const [around, judgements] = await Promise.all([
    clusterFacts(context, connection, { planned, examined }),
    judgeOnline(connection.cluster, examined, namespaceOf(connection)),
  ]);
  failForAll(around, judgements);
  return { around, judgements };
}

/** Where no request reached the server, or it let none in, nothing was looked at. @throws the failure that all of them share */
function failForAll({ answers }: Around, judgements: readonly Judgement[]): void {
  const tries = judgements.flatMap(({ verdict }) => (verdict.state === 'untried' ? (verdict.failure ?? []) : [undefined]));
  const failures = [...answers.map(({ failure }) => failure), ...tries].map(asLoginFailure);
  const [failure] = failures;
  if (failure === undefined || !failures.every((one) => one instanceof Error && endsEverything(one))) return;
  throw failure instanceof ClusterError ? withHint(failure, [failure.hint ?? [], OFFLINE_HINT].flat().join('\n')) : failure;
}

const OFFLINE_HINT = 'To check the files without a cluster, add --offline.';

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
