import type { ConnectionOptions } from '../../../cluster/connection-options.ts';
import { connectionFlags } from '../../../command/connection-flags.ts';
import type { RuntimeApi } from '../../../domain/kserve/api.ts';
import { subjectOf } from '../../../domain/kubernetes/identity.ts';
import { READ_VERBS } from '../../../domain/kubernetes/verb.ts';
import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { type Denial, parseForbidden } from '../../../domain/rbac/forbidden-message.ts';
import { grantHint } from '../../../domain/rbac/grant.ts';
import { ClusterError } from '../../../errors.ts';
import { shellCommand } from '../../../text/shell.ts';

/** Who reads, for hints that can be pasted. */
export interface Reader {
  readonly programName: string;
  /** The command in use, such as `runtimes list`, as it is asked in one namespace. */
  readonly words: readonly string[];
  readonly connectionOptions: ConnectionOptions;
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
  return isAbout(denial, asked) ? grant(asked, denial.user, reader) : undefined;
}

/** A refusal of `--as`: it comes for whatever is asked. */
export function isRefusedImpersonation(result: unknown): result is ClusterError {
  if (!(result instanceof ClusterError) || result.reason !== 'Forbidden') return false;
  return parseForbidden(result.message)?.request.verb.startsWith('impersonate') === true;
}

/** A refused impersonation names other verbs and resources: no right on runtimes would help. */
function isAbout({ request }: Denial, { api }: AskedPlace): boolean {
  return (
    !isUrlRequest(request) &&
    ['get', 'list'].includes(request.verb) &&
    request.resource === api.type.plural &&
    request.group === api.type.group
  );
}

function grant({ api, namespace = '' }: AskedPlace, user: string, { programName, connectionOptions, words }: Reader): string {
  const { group, plural, namespaced } = api.type;
  const requests = READ_VERBS.map((verb) => ({ verb, group, resource: plural, namespace }));
  const hint = grantHint(requests, subjectOf(user), { kinds: [api.type], contextName: connectionOptions.context });
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
