import { isSet, numberAt, type Part, part } from '../../kserve/admission/read.ts';
import { textOf } from '../../kubernetes/json-value.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { isJsonObject } from '../../kubernetes/schema/schema-node.ts';
import { podSpecsOf } from './pod-specs.ts';

/** An amount by the name that a ResourceQuota has for it, such as `requests.nvidia.com/gpu`. */
export type Needs = ReadonlyMap<string, number>;

/** The least that the Pods of an InferenceService ask for, as far as its manifest says it: runtimes and defaults may add to it. */
export function needsOf(object: KubeObject): Needs {
  const needs = read.get(object) ?? readNeeds(object);
  read.set(object, needs);
  return needs;
}

/** Of many services each is added up once. */
const read = new WeakMap<KubeObject, Needs>();

function readNeeds(object: KubeObject): Needs {
  const needs = new Map<string, number>();
  if (object.kind !== 'InferenceService') return needs;
  for (const { spec, containers } of podSpecsOf(object)) {
    const replicas = Math.max(numberAt(spec, 'minReplicas') ?? 1, 1);
    add(needs, 'pods', replicas);
    for (const container of containers) addContainer(needs, part(container, 'resources'), replicas);
  }
  return needs;
}

export function sumOf(all: readonly Needs[]): Needs {
  const sum = new Map<string, number>();
  for (const needs of all) for (const [name, amount] of needs) add(sum, name, amount);
  return sum;
}

function addContainer(needs: Map<string, number>, resources: Part, replicas: number): void {
  const [limits, requests] = [part(resources, 'limits'), part(resources, 'requests')];
  // What is limited and not requested is requested as much.
  const asked = { ...amountsOf(limits), ...amountsOf(requests) };
  for (const [name, amount] of Object.entries(amountsOf(limits))) add(needs, `limits.${name}`, amount * replicas);
  for (const [name, amount] of Object.entries(asked)) {
    add(needs, `requests.${name}`, amount * replicas);
    // Quotas have two names for these.
    if (name === 'cpu' || name === 'memory') add(needs, name, amount * replicas);
  }
}

function amountsOf(list: Part): Readonly<Record<string, number>> {
  if (!isSet(list) || !isJsonObject(list.value)) return {};
  const amounts = Object.entries(list.value).map(([name, value]) => [name, parseQuantity(textOf(value) ?? '')] as const);
  return Object.fromEntries(amounts.filter(([, amount]) => amount !== undefined)) as Readonly<Record<string, number>>;
}

function add(needs: Map<string, number>, name: string, amount: number): void {
  needs.set(name, (needs.get(name) ?? 0) + amount);
}
