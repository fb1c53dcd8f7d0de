import type { Evidence, Finding } from '../../finding.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { type Facts, nameOf, namespaceOf } from '../facts.ts';
import { type LogPlace, logKey } from '../log-place.ts';
import { refOf } from '../service.ts';
import { containerField, containersOf } from './container-status.ts';

/** What a container may have said the reason of. */
const EXPLAINED: ReadonlySet<string> = new Set<Code>(['crash', 'probe-failed', 'storage-failed', 'out-of-memory', 'storage-out-of-memory']);

/** The log that may explain a finding about a Pod; undefined if none can. */
function logPlaceOf({ code, field = '' }: Finding, pod: KubeObject): LogPlace | undefined {
  const container = containersOf(pod).find((one) => field.startsWith(containerField(one)));
  if (!EXPLAINED.has(code) || container === undefined) return undefined;
  const { name, terminated, last } = container;
  return { namespace: namespaceOf(pod) ?? '', pod: nameOf(pod), container: name, previous: terminated === undefined && last !== undefined };
}

/** Logs that are worth reading for findings, each once. */
export function logPlacesOf(findings: readonly Finding[], facts: Facts): readonly LogPlace[] {
  const places = findings.flatMap((finding) => {
    const { object, ...root } = finding.because ?? finding;
    const pod = object.kind === 'Pod' ? facts.find('Pod', object.namespace, object.name) : undefined;
    return (pod && logPlaceOf({ object, ...root }, pod)) ?? [];
  });
  return [...new Map(places.map((place) => [logKey(place), place])).values()];
}

/** With the log that was read for it, if one was. */
export function withLog(finding: Finding<Code>, pod: KubeObject, facts: Facts): Finding<Code> {
  const place = logPlaceOf(finding, pod);
  const text = place && facts.logOf(place);
  return place === undefined || text === undefined
    ? finding
    : { ...finding, evidence: [...finding.evidence, logEvidence(place, text, pod)] };
}

const FIELD = 'log of container';

function logEvidence({ container, previous }: LogPlace, text: string, pod: KubeObject): Evidence {
  const value = lastLines(text);
  return {
    object: refOf(pod),
    field: `${FIELD} ${container}${previous ? ', before its restart' : ''}`,
    value: value === '' ? '<empty>' : value,
  };
}

export function isLog({ field }: Evidence): boolean {
  return field.startsWith(FIELD);
}

const LONGEST_LINE = 500;
const MOST = 4096;

/** Whole lines from the end on, as many as fit. */
function lastLines(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const cut = lines.map((line) => (line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`));
  let first = cut.length;
  for (let size = 0; first > 0 && size + (cut[first - 1]?.length ?? 0) < MOST; first--) size += (cut[first - 1]?.length ?? 0) + 1;
  return cut.slice(first).join('\n');
}
