import type { Code } from './catalogue/catalogue.ts';
import { type Report, reaches } from './report.ts';

/** What may pass by itself: something is still coming up, or somebody else is at work on it. */
const PASSING: ReadonlySet<string> = new Set<Code>([
  'loading',
  'not-ready',
  'deleting',
  'controller-not-running',
  'controller-unavailable',
  'webhook-unreachable',
  'insufficient-resources',
  'volume-claim-unbound',
  'probe-failed',
  'route-not-ready',
]);

/** `healthy`, or `stuck` if something is found that waiting will not fix; else it is worth looking again. */
export function waitingState({ services, runtimes, findings }: Report): 'healthy' | 'stuck' | 'waiting' {
  const faults = findings.filter((finding) => reaches('error', finding) || finding.code === 'rollout-failing');
  if (faults.some(({ code, because }) => !PASSING.has(because?.code ?? code))) return 'stuck';
  const areReady = services.length + runtimes.length > 0 && services.every(({ ready, stopped }) => ready === 'True' || stopped);
  return areReady && faults.length === 0 && !findings.some(({ code }) => code === 'loading') ? 'healthy' : 'waiting';
}
