import type { ScopeKnowledge } from '../../../domain/kserve/selection/match.ts';
import { createSelector, type Selector } from '../../../domain/kserve/selection/selector.ts';
import type { RuntimeScope, ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import type { ClusterError, InputError } from '../../../errors.ts';
import type { ListError } from '../../../output/structured.ts';
import type { NamedService } from './request.ts';
import type { Subject } from './subject.ts';

/** An InferenceService, or all of a namespace, that could not be read. */
export interface UnreadService {
  /** Absent: all were asked for. */
  readonly name?: string | undefined;
  readonly namespace: string | undefined;
  readonly error: ClusterError;
  readonly hint: string | undefined;
  /** The server says that there is none. */
  readonly isMissing: boolean;
}

/** A list of runtimes that could not be read, or not to its end. */
export interface UnreadList {
  readonly scope: RuntimeScope;
  /** Absent: the whole cluster was asked. */
  readonly namespace: string | undefined;
  readonly plural: string;
}

/** What is to be said of lists of runtimes: the data of structured formats, and texts for stderr. */
export interface ReadingReport {
  readonly unread: readonly UnreadList[];
  readonly errors: readonly ListError[];
  /** Why lists are missing, with what would help. */
  readonly failures: readonly string[];
  /** Kinds that are not installed. */
  readonly installation: readonly string[];
  readonly isInstalled: boolean;
}

/** All that the answer is made of. */
export interface Facts {
  readonly subjects: readonly Subject[];
  readonly runtimes: readonly ServingRuntime[];
  readonly reading: ReadingReport;
  /** Runtimes that were asked for by name, where lists were refused: `scope/namespace/name`. */
  readonly askedNames: ReadonlySet<string>;
  readonly unreadServices: readonly UnreadService[];
  /** Names that the files do not have, where there is no cluster to ask. */
  readonly missingInFiles: readonly NamedService[];
  /** Files of folders that could not be read, each with the reason. */
  readonly unreadFiles: readonly InputError[];
  readonly skipped: number;
}

export function nameKey(scope: RuntimeScope, namespace: string, name: string): string {
  return scope === 'cluster' ? `cluster/${name}` : `namespace/${namespace}/${name}`;
}

/** What is known of the runtimes of one scope, seen from a namespace. */
export function knowledgeOf(facts: Facts, scope: RuntimeScope, namespace: string): ScopeKnowledge {
  const prefix = nameKey(scope, namespace, '');
  const names = [...facts.askedNames].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  return { isWhole: !isUnread(facts.reading.unread, scope, namespace), askedNames: new Set(names) };
}

/** Whether runtimes of one scope that matter in a namespace were not read. */
export function isUnread(lists: readonly UnreadList[], scope: RuntimeScope, namespace: string): boolean {
  return lists.some((list) => list.scope === scope && (scope === 'cluster' || (list.namespace ?? namespace) === namespace));
}

/** Selects for the InferenceServices of a namespace. Made once for each namespace. */
export function selectors({ runtimes }: Pick<Facts, 'runtimes'>): (namespace: string) => Selector {
  const byNamespace = Map.groupBy(runtimes, ({ namespace = '' }) => namespace);
  const known = new Map<string, Selector>();
  return (namespace) => {
    const selector = known.get(namespace) ?? createSelector([...(byNamespace.get(namespace) ?? []), ...(byNamespace.get('') ?? [])]);
    known.set(namespace, selector);
    return selector;
  };
}
