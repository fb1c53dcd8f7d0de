import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Context } from '../../../command/context.ts';
import { namespaceOf, parseNamespace } from '../../../command/namespace.ts';
import type { Manifest } from '../../../documents/manifest-text.ts';
import { readManifests } from '../../../documents/manifests.ts';
import type { EditedObject } from '../../../domain/rbac/edit.ts';
import { RBAC_GROUP, RBAC_VERSION } from '../../../domain/rbac/grant-object.ts';
import { isBinding, isRole } from '../../../domain/rbac/read-objects.ts';
import { ExitCode, UsageError } from '../../../errors.ts';
import { reportText, toReportFormat } from '../../../output/report.ts';
import { askSelf } from '../../../queries/ask-self.ts';
import { askIdentity } from '../../../queries/identity.ts';
import { RBAC_TYPES } from '../../../queries/rbac-objects.ts';
import { tryEach } from '../../../queries/try-edits.ts';
import { escapeText } from '../../../text/escape.ts';
import { warningLine } from '../../../text/warning.ts';
import { filesReport, filesText } from './files-report.ts';
import type { TriedManifest } from './found.ts';

interface FileOptions {
  readonly filename: readonly string[];
  readonly recursive: boolean;
  readonly output: string | undefined;
}

/** Tries Roles and bindings of files by a dry run on the server, each for the caller. @throws UsageError if there are none */
export async function explainFiles(context: Context, { filename, recursive, output }: FileOptions): Promise<ExitCode> {
  const { manifests, skipped } = await readManifests({ paths: filename, recursive, wants: isRbac }, context);
  if (manifests.length === 0) throw new UsageError('the files hold no Role, ClusterRole, RoleBinding or ClusterRoleBinding');
  const connection = await context.connection();
  const given = context.connectionOptions.namespace;
  const place = given ? parseNamespace(given) : namespaceOf(connection);
  const trials = manifests.map((manifest) => ({ object: toObject(manifest, place), isNew: false }));
  const limit = limitInFlight(REVIEWS_IN_FLIGHT);
  const { cluster } = connection;
  const [identity, tried] = await Promise.all([
    askIdentity(cluster),
    tryEach(trials, { cluster, askSelf: askSelf(cluster, limit), limit, by: 'create' }),
  ]);
  const found = tried.map((applicability, index): TriedManifest => {
    const { object } = trials[index] as (typeof trials)[0];
    return { ...applicability, object, source: (manifests[index] as Manifest).source };
  });
  const code = exitCodeOf(found);
  if (identity.warning !== undefined) context.streams.errOut.write(warningLine(identity.warning));
  if (skipped > 0) context.streams.errOut.write(`note: ${skipped} other objects of the files are left out\n`);
  const format = toReportFormat(output);
  const who = identity.identity?.user ?? 'you';
  if (format !== undefined)
    context.streams.out.write(await reportText(filesReport(found, { identity: identity.identity, who, exitCode: code }), format));
  else context.streams.out.write(context.wrap(`${filesText(found, who).map(escapeText).join('\n')}\n`));
  return code;
}

function isRbac({ apiVersion = '', kind }: Manifest['object']): boolean {
  return apiVersion.startsWith(`${RBAC_GROUP}/`) && Object.keys(RBAC_TYPES).includes(kind);
}

/** @throws UsageError for what cannot be such an object */
function toObject({ object, source }: Manifest, place: string): EditedObject {
  const kind = Object.keys(RBAC_TYPES).find((one): one is EditedObject['kind'] => one === object.kind);
  const { name, namespace = place, labels } = object.metadata;
  const isValid = object.kind.endsWith('Role') ? isRole(object) : isBinding(object);
  if (kind === undefined || !name || !isValid) {
    throw new UsageError(
      `${source.file}:${source.line}:${source.column}: this is no ${object.kind}: its name, rules, roleRef or subjects are missing or malformed`,
    );
  }
  const metadata = { name, ...(RBAC_TYPES[kind].namespaced && { namespace }), ...(labels !== undefined && { labels }) };
  return { ...(object as object), apiVersion: RBAC_VERSION, kind, metadata };
}

function exitCodeOf(found: readonly TriedManifest[]): ExitCode {
  if (found.some(({ applicable }) => applicable === 'no')) return ExitCode.no;
  const untested = found.filter(({ applicable }) => applicable === 'untested').length;
  if (untested === 0) return ExitCode.ok;
  return untested === found.length ? ExitCode.undetermined : ExitCode.partial;
}
