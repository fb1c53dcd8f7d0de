import type { RuntimeScope } from '../../../../domain/kserve/serving-runtime.ts';
import type { ClusterError, FailureReason } from '../../../../errors.ts';
import { failureText } from '../../../../output/failure.ts';
import { escapeText } from '../../../../text/escape.ts';
import { warningLine } from '../../../../text/warning.ts';
import { RUNTIMES_OF } from '../../scope-words.ts';
import type { WatchRequest } from '../request.ts';

/** kubectl's own words. */
export function sortMessage({ showsList }: WatchRequest): string {
  const ignored = showsList
    ? '--watch requested, --sort-by will be ignored for watch events received'
    : '--watch-only requested, --sort-by will be ignored';
  return `warning: ${ignored}\n`;
}

/** Why a kind is not followed, or no longer; the rest goes on. Lines with their ends. */
export function endMessage(scope: RuntimeScope, failure: ClusterError): string {
  return `${failureText(failure)}\n${warningLine(`changes of ${RUNTIMES_OF[scope]} are not shown`)}`;
}

/**
 * What is said of a server that fails while it is watched: what it is, once until it answers again, and then that it does. Kinds fail together, and are
 * one trouble.
 */
export function createTroubleReport(write: (text: string) => void) {
  const troubled = new Set<unknown>();
  const said = new Set<FailureReason>();
  return (kind: unknown, failure: ClusterError | undefined): void => {
    if (failure !== undefined) {
      troubled.add(kind);
      if (!said.has(failure.reason)) write(warningLine(`the watch is interrupted, trying again: ${failure.message}`));
      said.add(failure.reason);
      return;
    }
    troubled.delete(kind);
    if (troubled.size > 0) return;
    said.clear();
    write(`note: ${escapeText('the watch goes on')}\n`);
  };
}
