import { KSERVE_GROUP, LEGACY_GROUP } from '../../../domain/kserve/kinds.ts';
import { resourceName } from '../../../domain/kubernetes/resource.ts';
import { type ClusterError, withHint } from '../../../errors.ts';
import { failureText } from '../../../output/failure.ts';
import type { AskedKind } from '../../../queries/runtimes.ts';
import { escapeText } from '../../../text/escape.ts';
import { RUNTIMES_OF } from '../scope-words.ts';
import type { RuntimeReading } from './reading.ts';

/** Each failure once, with what to do about it. */
export function failureMessages<T>({ failures, discoveryFailure }: RuntimeReading<T>): string[] {
  const texts = new Set(failures.map(({ error, hint }) => failureText(hint === undefined ? error : withHint(error, hint))));
  // What failed in the same way already was said.
  const isNews = failures.length > 0 && !failures.some(({ error }) => error.message === discoveryFailure?.message);
  return [...texts, ...(discoveryFailure !== undefined && isNews ? [inDoubt(discoveryFailure)] : [])];
}

function inDoubt(failure: ClusterError): string {
  const hint = failure.hint === undefined ? '' : `\nhint: ${escapeText(failure.hint)}`;
  return `note: could not determine whether KServe is installed: ${escapeText(failure.message)}${hint}`;
}

/** That rows are missing, if there are any to be missed beside. */
export function incompleteMessage<T>({ answers, listed, failures }: RuntimeReading<T>): string[] {
  if (listed.length === 0 || failures.length === 0) return [];
  const isOneOf = ({ scope }: AskedKind<T>) => answers.filter((answer) => answer.scope === scope).length > 1;
  const placeOf = (answer: AskedKind<T>) => (isOneOf(answer) ? ` of ${escapeText(answer.namespace ?? '')}` : '');
  const parts = failures.map(({ answer, missing }) => `${missing === 'some' ? 'some ' : ''}${RUNTIMES_OF[answer.scope]}${placeOf(answer)}`);
  return [`Warning: the list is incomplete: ${parts.join(' and ')} could not be read`];
}

/** What is not installed, and what that means. */
export function installationMessages<T>(reading: RuntimeReading<T>): string[] {
  const { absent, listed, answers } = reading;
  if (absent.length === 0) return [];
  const isAll = listed.length === 0 && answers.every(({ scope }) => absent.some((one) => one.scope === scope));
  const main = isAll ? allAbsent(reading) : absent.map((answer) => kindAbsent(answer));
  return [...main, ...absent.flatMap(refusedToo)];
}

function allAbsent<T>({ absent, state }: RuntimeReading<T>): string[] {
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

function kindAbsent<T>({ api, scope }: AskedKind<T>): string {
  const name = resourceName(api.type);
  return scope === 'cluster'
    ? `note: ${name} is not installed: it is optional since KServe 0.19, and this installation has no cluster-scoped runtimes`
    : `Warning: the list is incomplete: ${name} is not installed, so KServe is older than 0.8 or only installed in part`;
}

function refusedToo<T>({ api, result }: RuntimeReading<T>['absent'][number]): string[] {
  if (result.reason !== 'Forbidden') return [];
  const name = resourceName(api.type);
  return [`note: listing ${name} is not permitted either (the server refuses before it looks): ${escapeText(result.message)}`];
}
