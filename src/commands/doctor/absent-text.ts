import { escapeText } from '../../text/escape.ts';
import type { Examined, Searched } from './examined.ts';

/** What was named and is not there; in a namespace that does not exist, nothing is. */
export function absentText({ missing, searched }: Examined): readonly { readonly name: string; readonly message: string }[] {
  const { namespace = '', namespaceState } = searched;
  const absent = namespaceState === 'absent' ? [{ name: namespace, message: `namespaces "${escapeText(namespace)}" not found` }] : [];
  const place = searched.in === 'files' ? 'in the files' : `in the namespace ${JSON.stringify(escapeText(namespace))}`;
  const named = missing.map(({ kind, name, near }) => ({
    name,
    message: `there is no ${kind ?? 'InferenceService or LLMInferenceService'} ${JSON.stringify(escapeText(name))}${kind === 'ClusterServingRuntime' && searched.in === 'cluster' ? '' : ` ${place}`}${near === undefined ? '' : ` (did you mean ${JSON.stringify(escapeText(near))}?)`}`,
  }));
  return [...absent, ...named];
}

/** That there are no services is said only where that is known. */
export function emptyText({ report, missing, searched }: Examined): readonly string[] {
  const isKnown = !report.unread.some(({ kind }) => kind === 'InferenceService' || kind === 'LLMInferenceService');
  const isEmpty =
    report.services.length + report.runtimes.length + report.manifests.length + missing.length === 0 &&
    searched.namespaceState !== 'absent';
  return isEmpty && isKnown ? [`No InferenceServices or LLMInferenceServices found ${placeText(searched)}.`] : [];
}

function placeText({ in: place, namespace }: Searched): string {
  if (place === 'files') return 'in the files';
  return namespace === undefined ? 'in any namespace' : `in ${escapeText(namespace)} namespace`;
}
