import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { at } from '../service.ts';

/** Whether an empty node could hold the Pod, as far as requests go. */
export function fits(node: KubeObject, pod: KubeObject): boolean {
  const allocatable = at(node, 'status', 'allocatable');
  return [...requestsOf(pod)].every(([resource, wanted]) => (parseQuantity(textOf(fieldOf(allocatable, resource)) ?? '0') ?? 0) >= wanted);
}

function requestsOf(pod: KubeObject): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const container of listOf(at(pod, 'spec', 'containers'))) {
    const requests = at(container, 'resources', 'requests');
    for (const resource of Object.keys((requests as object | undefined) ?? {})) {
      sums.set(resource, (sums.get(resource) ?? 0) + (parseQuantity(textOf(fieldOf(requests, resource)) ?? '') ?? 0));
    }
  }
  return sums;
}

/** What the containers of a Pod ask for of one resource. */
export function requestText(pod: KubeObject, resource: string): string {
  const texts = listOf(at(pod, 'spec', 'containers')).flatMap(
    (container) => textOf(fieldOf(at(container, 'resources', 'requests'), resource)) ?? [],
  );
  return texts.length === 1 ? (texts[0] ?? '') : texts.join(' + ') || 'enough';
}

/** The most of a resource that a single node has, used or not. */
export function mostOf(nodes: readonly KubeObject[], resource: string): readonly string[] {
  const amounts = nodes.flatMap((node) => textOf(fieldOf(at(node, 'status', 'allocatable'), resource)) ?? []);
  const [most] = amounts.toSorted((a, b) => (parseQuantity(b) ?? 0) - (parseQuantity(a) ?? 0));
  return most === undefined ? [] : [`${most} ${resource}`];
}
