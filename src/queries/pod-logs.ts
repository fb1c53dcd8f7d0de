import { settled } from '../async/settled.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Unread } from '../domain/doctor/facts.ts';
import { type LogPlace, logKey } from '../domain/doctor/log-place.ts';
import { ClusterError, UsageError } from '../errors.ts';
import { reasonText } from './doctor-reading.ts';

/** What was read of some logs, by `logKey`, and what was not. */
export interface Logs {
  readonly texts: ReadonlyMap<string, string>;
  readonly unread: readonly Unread[];
}

const TAIL_LINES = 20;

/** Of one look: each is a request of its own. */
const MOST_LOGS = 20;

/** Asks for all at once. Failures are values. */
export async function readLogs(cluster: Cluster, places: readonly LogPlace[]): Promise<Logs> {
  const answers = await Promise.all(places.slice(0, MOST_LOGS).map(async (place) => ({ place, answer: await readLog(cluster, place) })));
  return {
    texts: new Map(answers.flatMap(({ place, answer }) => (typeof answer === 'string' ? [[logKey(place), answer]] : []))),
    unread: [
      ...answers.flatMap(({ place, answer }) =>
        typeof answer === 'string' ? [] : [unread(place, answer instanceof ClusterError ? reasonText(answer) : answer.message)],
      ),
      ...places.slice(MOST_LOGS).map((place) => unread(place, `more than ${MOST_LOGS} logs: name a service`)),
    ],
  };
}

function readLog(cluster: Cluster, { namespace, pod, container, previous }: LogPlace): Promise<string | ClusterError | UsageError> {
  const log = cluster.podLog(pod, { namespace, container, previous, tailLines: TAIL_LINES });
  // The name is the server's: one that no path can hold is no fault of the user's.
  return settled(log, (error): error is ClusterError | UsageError => error instanceof ClusterError || error instanceof UsageError);
}

function unread({ namespace, pod, container }: LogPlace, reason: string): Unread {
  return { kind: 'Pod log', namespace, reason, hides: `what container ${container} of Pod ${pod} printed` };
}
