// https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/core/pod/strategy.go (LogLocation), and the kubelet's words
import { fieldOf, listOf, textOf } from '../../src/domain/kubernetes/json-value.ts';
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { type Answer, badRequest, text } from './answer.ts';
import type { ApiRequest } from './api.ts';

/** What one run of a container printed. */
export interface PodLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the run before the latest start. */
  readonly previous?: boolean;
  readonly text: string;
}

export function podLog({ query }: ApiRequest, pod: KubeObject, logs: readonly PodLog[]): Answer {
  const { name = '', namespace = '' } = pod.metadata;
  const container = chosen(query.get('container'), pod);
  const previous = query.get('previous') === 'true';
  const log = logs.find((one) => isOf(one, namespace, name) && one.container === container && (one.previous ?? false) === previous);
  if (log === undefined && previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  return text(200, bounded(log?.text ?? '', query));
}

function isOf(log: PodLog, namespace: string, pod: string): boolean {
  return log.namespace === namespace && log.pod === pod;
}

function chosen(asked: string | null, pod: KubeObject): string {
  const names = ['initContainers', 'containers'].flatMap((field) =>
    listOf(fieldOf(pod.spec, field)).flatMap((container) => textOf(fieldOf(container, 'name')) ?? []),
  );
  if (asked !== null && !names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  const container = asked ?? names[0];
  if (container === undefined || (asked === null && names.length > 1)) {
    throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`);
  }
  return container;
}

/** The last lines first, and of these the first bytes. */
function bounded(log: string, query: URLSearchParams): string {
  const [lines, bytes] = ['tailLines', 'limitBytes'].map((name) => Number(query.get(name) ?? Number.POSITIVE_INFINITY)) as [number, number];
  const all = log.split(/(?<=\n)/);
  const tail = all.slice(Math.max(0, all.length - lines)).join('');
  return Buffer.from(tail).subarray(0, bytes).toString('utf8');
}
