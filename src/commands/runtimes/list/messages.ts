import { escapeText } from '../../../text/escape.ts';
import type { KindAnswer } from '../reading/reading.ts';
import { filterHint } from './filter-hint.ts';
import type { ListFacts } from './outcome.ts';
import type { RuntimeRow } from './view.ts';

/** That there is nothing, where the server vouches for it, and what may be the reason. */
export function emptyMessages(facts: ListFacts, read: readonly RuntimeRow[]): string[] {
  const places = facts.reading.listed.map((answer) => placeOf(answer));
  return [`No runtimes found ${places.join(' or ')}.`, ...emptyReasons(facts, read)];
}

function placeOf({ scope, namespace }: KindAnswer<RuntimeRow>): string {
  if (scope === 'cluster') return 'at the cluster scope';
  return namespace === undefined ? 'in any namespace' : `in ${escapeText(namespace)} namespace`;
}

function emptyReasons({ reading, request, namespace, namespaceState }: ListFacts, read: readonly RuntimeRow[]): string[] {
  const { listed } = reading;
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
