import { LEGACY_GROUP } from '../../../domain/kserve/api.ts';
import { KSERVE_GROUP } from '../../../domain/kserve/kinds.ts';
import { resourceName } from '../../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../../errors.ts';
import { failureText } from '../../../output/failure.ts';
import { escapeText } from '../../../text/escape.ts';
import { filterHint } from './filter-hint.ts';
import type { KindAnswer, KindFailure, Known, Sorted } from './outcome.ts';
import type { RuntimeRow } from './view.ts';

const KINDS = { namespace: 'namespaced runtimes', cluster: 'cluster-scoped runtimes' } as const;

/** Each failure once, with what to do about it. */
export function failureMessages({ failures }: Sorted, { discoveryFailure }: Known): string[] {
  const texts = new Set(failures.map(({ error, hint }) => failureText(hint === undefined ? error : withHint(error, hint))));
  // What failed in the same way already was said.
  const isNews = failures.length > 0 && !failures.some(({ error }) => error.message === discoveryFailure?.message);
  return [...texts, ...(discoveryFailure !== undefined && isNews ? [inDoubt(discoveryFailure)] : [])];
}

function withHint(error: ClusterError, hint: string): ClusterError {
  const { message, code, details, fromStatus } = error;
  return new ClusterError(error.reason, message, { hint, code, details, fromStatus, cause: error.cause });
}

function inDoubt(failure: ClusterError): string {
  const hint = failure.hint === undefined ? '' : `\nhint: ${escapeText(failure.hint)}`;
  return `note: could not determine whether KServe is installed: ${escapeText(failure.message)}${hint}`;
}

/** That rows are missing, if there are any to be missed beside. */
export function incompleteMessage({ listed, failures }: Sorted): string[] {
  if (listed.length === 0 || failures.length === 0) return [];
  const parts = failures.map(({ answer, missing }: KindFailure) => `${missing === 'some' ? 'some ' : ''}${KINDS[answer.scope]}`);
  return [`warning: the list is incomplete: ${parts.join(' and ')} could not be read`];
}

/** What is not installed, and what that means. */
export function installationMessages(sorted: Sorted, known: Known): string[] {
  const { absent, listed } = sorted;
  if (absent.length === 0) return [];
  const isAll = listed.length === 0 && absent.length === known.answers.length;
  const main = isAll ? allAbsent(absent, known) : absent.map((answer) => kindAbsent(answer));
  return [...main, ...absent.flatMap(refusedToo)];
}

function allAbsent(absent: Sorted['absent'], { state }: Known): string[] {
  switch (state) {
    case 'notInstalled':
      return [`error: KServe is not installed in this cluster (no API group ${KSERVE_GROUP})`];
    case 'legacy':
      return [
        `error: KServe is not installed in this cluster: only KFServing is (API group ${LEGACY_GROUP}), which is older than KServe 0.7 and has no runtimes`,
      ];
    default:
      return [...absent.map(({ api }) => `error: ${resourceName(api.type)} is not installed in this cluster`), ABOUT_KINDS];
  }
}

const ABOUT_KINDS = 'hint: KServe has both kinds since 0.8; since 0.19 ClusterServingRuntimes are optional.';

function kindAbsent({ api, scope }: KindAnswer): string {
  const name = resourceName(api.type);
  return scope === 'cluster'
    ? `note: ${name} is not installed: it is optional since KServe 0.19, and this installation has no cluster-scoped runtimes`
    : `warning: the list is incomplete: ${name} is not installed, so KServe is older than 0.8 or only installed in part`;
}

function refusedToo({ api, result }: Sorted['absent'][number]): string[] {
  if (result.reason !== 'Forbidden') return [];
  const name = resourceName(api.type);
  return [`note: listing ${name} is not permitted either (the server refuses before it looks): ${escapeText(result.message)}`];
}

/** That there is nothing, where the server vouches for it, and what may be the reason. */
export function emptyMessages(sorted: Sorted, known: Known, read: readonly RuntimeRow[]): string[] {
  const places = sorted.listed.map((answer) => placeOf(answer));
  return [`No runtimes found ${places.join(' or ')}.`, ...emptyReasons(sorted, known, read)];
}

function placeOf({ scope, namespace }: KindAnswer): string {
  if (scope === 'cluster') return 'at the cluster scope';
  return namespace === undefined ? 'in any namespace' : `in ${escapeText(namespace)} namespace`;
}

function emptyReasons({ listed }: Sorted, { request, namespace, namespaceState }: Known, read: readonly RuntimeRow[]): string[] {
  const { labelSelector } = request;
  const named = listed.some((answer) => answer.namespace !== undefined);
  if (named && namespaceState === 'absent') return [`error: namespaces "${escapeText(namespace)}" not found`];
  if (read.length > 0) return [`hint: ${filterHint(read, request)}`];
  if (labelSelector !== undefined) return [`hint: None matches the label selector "${escapeText(labelSelector)}".`];
  return [
    ...(listed.some(({ scope }) => scope === 'cluster') ? [INSTALL_RUNTIMES] : []),
    ...(named && namespaceState === 'unverified' ? [UNVERIFIED] : []),
  ];
}

// https://kserve.github.io/website/docs/admin-guide/overview
const INSTALL_RUNTIMES =
  'hint: The runtimes are installed separately from KServe: apply kserve-cluster-resources.yaml of your KServe release, or install the Helm chart kserve-runtime-configs with kserve.servingruntime.enabled=true.';
const UNVERIFIED = 'note: namespace not verified: the server answers with an empty list for one that does not exist, too.';
