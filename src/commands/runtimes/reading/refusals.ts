import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import { connectionFlags } from '../../../command/connection-flags.ts';
import type { RuntimeApi } from '../../../domain/kserve/api.ts';
import { subjectOf } from '../../../domain/kubernetes/identity.ts';
import type { ResourceType } from '../../../domain/kubernetes/resource.ts';
import { READ_VERBS } from '../../../domain/kubernetes/verb.ts';
import { isUrlRequest, type ResourceAccessRequest } from '../../../domain/rbac/access-review.ts';
import { type MissingRole, missingRoleText, parseReason } from '../../../domain/rbac/allow-reason.ts';
import { type Denial, parseForbidden } from '../../../domain/rbac/forbidden-message.ts';
import { grantHint, type RolePlace } from '../../../domain/rbac/grant.ts';
import { ClusterError } from '../../../errors.ts';
import { shellCommand } from '../../../text/shell.ts';

/** Who reads, for hints that can be pasted. */
export interface Reader {
  readonly programName: string;
  /** The command in use, such as `runtimes list`, as it is asked in one namespace. */
  readonly words: readonly string[];
  readonly connectionOptions: ConnectionOptions;
  /** Where roles of hints are or can be, by the name that they would have: `rolesAfterRefusal`. Absent: as they are usually named. */
  readonly rolePlaces?: ReadonlyMap<string, RolePlace>;
}

/** The kind that was asked for, and where. */
export interface AskedPlace {
  readonly api: RuntimeApi;
  /** Absent: the whole cluster was asked. */
  readonly namespace?: string | undefined;
}

/** The next step after a refusal: the least that grants it. Undefined if the failure is no refusal, or says nothing to build on. */
export function accessHint(asked: AskedPlace, error: ClusterError, reader: Reader): string | undefined {
  if (error.reason !== 'Forbidden' || !error.fromStatus) return undefined;
  const denial = parseForbidden(error.message);
  if (denial === undefined) return undefined;
  if (denial.user === 'system:anonymous') return 'No credentials were sent. Log in, or choose a --context or --user that has some.';
  if (!isAbout(denial, asked)) return undefined;
  const hint = isWatch(denial) ? watchGrant(asked, denial.user, reader) : grant(asked, denial.user, reader);
  return [...missingRoles(denial).map(missingRoleText), hint].join(' ');
}

/** Roles that a binding of the user names, and that do not exist. */
function missingRoles({ reason = '' }: Denial): readonly MissingRole[] {
  return parseReason(reason).flatMap((part) => (part.kind === 'missingRoles' ? part.roles : []));
}

/** A refusal of `--as`: it comes for whatever is asked. */
export function isRefusedImpersonation(result: unknown): result is ClusterError {
  if (!(result instanceof ClusterError) || result.reason !== 'Forbidden') return false;
  return parseForbidden(result.message)?.request.verb.startsWith('impersonate') === true;
}

/** A refused impersonation names other verbs and resources: no right on runtimes would help. */
function isAbout({ request }: Denial, { api }: AskedPlace): boolean {
  return (
    !isUrlRequest(request) && READ_VERBS.includes(request.verb) && request.resource === api.type.plural && request.group === api.type.group
  );
}

function isWatch({ request }: Denial): boolean {
  return request.verb === 'watch';
}

/** What is granted to who could list. */
export const WATCH_VERBS = ['watch'] as const;

function watchGrant({ api, namespace = '' }: AskedPlace, user: string, { connectionOptions, rolePlaces }: Reader): string {
  const options = { kinds: [api.type], contextName: connectionOptions.context, rolePlaces };
  return `Listing was allowed: what is missing is the verb watch. ${grantHint(readerRequests(api.type, namespace, WATCH_VERBS), subjectOf(user), options)}`;
}

/** What a reader of a kind needs, as a hint grants it. */
export function readerRequests(
  type: ResourceType,
  namespace: string,
  verbs: readonly string[] = READ_VERBS,
): readonly ResourceAccessRequest[] {
  return verbs.map((verb) => ({ verb, group: type.group, resource: type.plural, namespace }));
}

function grant({ api, namespace = '' }: AskedPlace, user: string, reader: Reader): string {
  const { programName, connectionOptions, words, rolePlaces } = reader;
  const { namespaced } = api.type;
  const options = { kinds: [api.type], contextName: connectionOptions.context, rolePlaces };
  const hint = grantHint(readerRequests(api.type, namespace), subjectOf(user), options);
  if (!namespaced || namespace !== '') return hint;
  const narrower = shellCommand([...words, '-n', 'NAMESPACE', ...connectionFlags(connectionOptions)]);
  return `${hint}\nhint: One namespace may be permitted already: ${programName} ${narrower}`;
}

/** A 403 that is no `Status` does not come from the API server: https://github.com/kserve/kserve/issues/2750 */
export function isForeign(error: ClusterError): boolean {
  return error.reason === 'Forbidden' && !error.fromStatus;
}

/** Says whose answer it is; RBAC advice would mislead. */
export function foreignAnswer(error: ClusterError): ClusterError {
  return new ClusterError(error.reason, `HTTP 403, but not from Kubernetes: ${error.message}`, {
    code: error.code,
    cause: error,
    hint:
      error.hint ??
      'A gateway, proxy or service mesh in front of the API server refused the request. Check "server" and "proxy-url" of the cluster in the kubeconfig.',
  });
}
