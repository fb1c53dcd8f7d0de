import type { Context } from '../../command/context.ts';
import { readManifests } from '../../documents/manifests.ts';
import { bySeverity } from '../../domain/doctor/diagnose.ts';
import { isObserved } from '../../domain/doctor/dump.ts';
import { nameOf } from '../../domain/doctor/facts.ts';
import { isExamined } from '../../domain/doctor/manifests/examine.ts';
import type { Manifest } from '../../domain/doctor/manifests/manifest.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import { InputError } from '../../errors.ts';
import { didYouMean } from '../../text/did-you-mean.ts';
import { examineDump } from './dump.ts';
import type { Examined } from './examined.ts';
import { ignoredNote, otherKindsNote, unreadFiles } from './file-notes.ts';
import { type Judged, judgeManifests } from './manifests/judge.ts';
import { type DoctorRequest, isNamed, kindsOf, type Target } from './request.ts';

const NONE_JUDGED: Judged = { manifests: [], findings: [], unread: [] };

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
  // With names the rest is only what they are held against.
  const others = request.targets.length > 0 ? [] : planned.map(({ object }) => object).filter((object) => !isExamined(object));
  const dumped = examineDump(
    manifests.map(({ object }) => object),
    context,
    request,
  );
  const missing = dumped.missing
    .filter((target) => !examined.some(({ object }) => isNamed(object, target)))
    .map((target) => ({ ...target, near: didYouMean(target.name, namesLike(target, manifests)) }));
  const judged = examined.length === 0 ? NONE_JUDGED : await judgeManifests(context, request, { manifests, planned, examined });
  const { report } = dumped;
  return {
    ...dumped,
    missing,
    notes: [...ignoredNote(read), ...otherKindsNote(others)],
    // Of a dump not all has to be readable.
    lacksFile: read.failures.length > 0 && !manifests.some(({ object }) => isObserved(object)),
    report: {
      ...report,
      manifests: judged.manifests,
      findings: bySeverity([...judged.findings, ...report.findings]),
      unread: [...report.unread, ...unreadFiles(read), ...judged.unread],
    },
  };
}

/** With names only the services that have them are looked at; the rest of the files is what they are held against. */
function isAskedFor(object: KubeObject, { targets }: DoctorRequest): boolean {
  return targets.length === 0 || targets.some((target) => isNamed(object, target));
}

function namesLike(target: Target, manifests: readonly Manifest[]): readonly string[] {
  const kinds = kindsOf(target);
  return manifests.flatMap(({ object }) => (kinds.includes(object.kind ?? '') ? (nameOf(object) ?? []) : []));
}
