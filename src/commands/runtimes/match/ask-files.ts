import type { Context } from '../../../command/context.ts';
import { InputError } from '../../../errors.ts';
import type { Facts, ReadingReport } from './facts.ts';
import { type FileObjects, layOver, readFiles, toFileObjects } from './files.ts';
import type { MatchRequest, NamedService } from './request.ts';
import type { Subject } from './subject.ts';

/** With --offline the files are all there is. */
const NOTHING_UNREAD: ReadingReport = { unread: [], errors: [], failures: [], installation: [], isInstalled: true };

/** Everything from files, and nothing from a cluster. */
export async function askFiles(request: MatchRequest, context: Context): Promise<Facts> {
  const namespace = request.namespace ?? 'default';
  const files = toFileObjects(await readFiles(request, context), request, namespace);
  const { subjects, missing } = pick(request, files, namespace);
  if (subjects.length + missing.length === 0) throw new InputError(`no InferenceService in ${request.paths.join(', ')}`);
  return {
    subjects,
    runtimes: layOver([], files.runtimes, undefined),
    reading: NOTHING_UNREAD,
    askedNames: new Set(),
    unreadServices: [],
    missingInFiles: missing,
    unreadFiles: files.failures,
    skipped: files.skipped,
  };
}

/** What is asked about of what the files hold, and the names that they do not. */
export function pick(
  { names, model }: MatchRequest,
  files: FileObjects,
  namespace: string,
): { subjects: readonly Subject[]; missing: readonly NamedService[] } {
  if (model !== undefined)
    return {
      subjects: [{ kind: 'InferenceService', namespace, source: { from: 'flags' }, object: model, origin: 'manifest' }],
      missing: [],
    };
  if (names.length === 0) return { subjects: files.subjects, missing: [] };
  const isNamed = (name: NamedService) => (subject: Subject) => subject.name === name.name && subject.kind === name.kind;
  return {
    subjects: files.subjects.filter((subject) => names.some((name) => isNamed(name)(subject))),
    missing: names.filter((name) => !files.subjects.some(isNamed(name))),
  };
}
