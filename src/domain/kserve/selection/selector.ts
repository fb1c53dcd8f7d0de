import type { ModelRequest } from '../model.ts';
import { type Selection, selectRuntime } from '../runtime-selection.ts';
import { modelFormatText, type ServingRuntime } from '../serving-runtime.ts';
import { distance, entriesOf } from './reasons.ts';

/** Selects among the same runtimes again and again: those of one namespace and the cluster-scoped ones. */
export interface Selector {
  /** Namespaced ones first, by name. */
  readonly runtimes: readonly ServingRuntime[];
  /** Names of all model formats, sorted. */
  readonly formats: readonly string[];
  readonly select: (request: ModelRequest) => Selection;
  /** Runtimes of a name, the namespaced one first. */
  readonly named: (name: string) => readonly ServingRuntime[];
  /** Runtimes that list a format of that name, or one that could be meant by it. */
  readonly near: (request: Pick<ModelRequest, 'format' | 'version'>) => readonly ServingRuntime[];
}

/** Looks only at runtimes that could be selected, and remembers what was asked: thousands of InferenceServices ask for the same few things. */
export function createSelector(given: readonly ServingRuntime[]): Selector {
  const runtimes = given.toSorted((a, b) => scopeOrder(a) - scopeOrder(b) || (a.name < b.name ? -1 : 1));
  const byName = Map.groupBy(runtimes, ({ name }) => name);
  const byFormat = groupByFormat(runtimes);
  const named = (name: string) =>
    (byName.get(name) ?? []).toSorted((a, b) => Number(a.scope === 'cluster') - Number(b.scope === 'cluster'));
  const mayFit = ({ format, version, runtime }: ModelRequest): readonly ServingRuntime[] => {
    if (runtime !== undefined) return named(runtime);
    return [...(byFormat.get(modelFormatText({ name: format, ...(version !== undefined && { version }) })) ?? [])];
  };
  return {
    runtimes,
    formats: [...new Set(runtimes.flatMap(({ supportedModelFormats }) => supportedModelFormats.map(({ name }) => name)))].sort(),
    named,
    select: remembered((request) => selectRuntime(request, mayFit(request))),
    near: remembered((request) => {
      const names = [...byFormat.keys()].filter((name) => distance(request.format, name) < 3);
      const near = new Set(names.flatMap((name) => [...(byFormat.get(name) ?? [])]));
      return runtimes.filter((runtime) => near.has(runtime) || entriesOf(request, runtime).length > 0);
    }),
  };
}

function scopeOrder({ scope }: ServingRuntime): number {
  return scope === 'namespace' ? 0 : 1;
}

/** By the texts that KServe compares: the name of a format, and name and version. */
function groupByFormat(runtimes: readonly ServingRuntime[]): ReadonlyMap<string, ReadonlySet<ServingRuntime>> {
  const groups = new Map<string, Set<ServingRuntime>>();
  for (const runtime of runtimes) {
    for (const text of runtime.supportedModelFormats.flatMap((format) => [format.name, modelFormatText(format)])) {
      const group = groups.get(text) ?? new Set();
      groups.set(text, group.add(runtime));
    }
  }
  return groups;
}

function remembered<A extends Partial<ModelRequest>, R>(compute: (request: A) => R): (request: A) => R {
  const known = new Map<string, R>();
  return (request) => {
    const { format, version, protocol, runtime, multiNode } = request;
    const key = JSON.stringify([format, version ?? null, protocol ?? null, runtime ?? null, multiNode]);
    const result = known.get(key) ?? compute(request);
    known.set(key, result);
    return result;
  };
}
