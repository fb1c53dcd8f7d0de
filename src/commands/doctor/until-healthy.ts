import type { Context } from '../../command/context.ts';
import { waitingState } from '../../domain/doctor/waiting.ts';
import { escapeText } from '../../text/escape.ts';
import { createProgress } from '../progress.ts';
import { pause, timedOutLine } from '../wait.ts';
import type { Examined } from './examined.ts';

/** Milliseconds between two looks. */
const LOOK_AGAIN_AFTER = 2_000;

export interface Waited {
  readonly examined: Examined;
  readonly timedOut: boolean;
}

/** Looks again until all is healthy, until something is found that waiting will not fix, or until the time is over. */
export async function untilHealthy(context: Context, milliseconds: number, look: () => Promise<Examined>): Promise<Waited> {
  const end = performance.now() + milliseconds;
  const progress = createProgress(context, 'lines');
  const over = (examined: Examined, timedOut: boolean): Waited => {
    progress.clear();
    if (timedOut) context.streams.errOut.write(timedOutLine('all to be healthy'));
    return { examined, timedOut };
  };
  for (;;) {
    const examined = await look();
    if (examined.missing.length === 0 && waitingState(examined.report) !== 'waiting') return over(examined, false);
    progress.show(progressText(examined));
    const left = end - performance.now();
    if (left <= 0) return over(examined, true);
    await pause(Math.min(left, LOOK_AGAIN_AFTER), context.signal);
  }
}

function progressText({ report, missing }: Examined): string {
  const ready = report.services.filter(({ ready: is }) => is === 'True').length;
  const [finding] = report.findings;
  const why = finding === undefined ? '' : `: ${escapeText(finding.message)}`;
  const absent = missing.length === 0 ? '' : `, ${missing.length} not there yet`;
  return `waiting: ${ready} of ${report.services.length} ready${absent}${why}`;
}
