import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../../src/domain/kubernetes/resource.ts';
import type { ServedType } from './types.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly of: ServedType;
  /** Of a deletion what was there last, in the version of the deletion. */
  readonly object: KubeObject;
  /** What was there before. */
  readonly previous?: KubeObject;
  readonly resourceVersion: number;
}

/** The objects of one cluster: every change gets the next resourceVersion, as in etcd. */
export class ObjectStore {
  readonly #kinds = new Map<string, Map<string, KubeObject>>();
  #changes: Change[] = [];
  readonly #watchers = new Set<(change: Change) => void>();
  readonly #now: () => Date;
  #resourceVersion = 0;
  #compacted = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  /** Lists cannot go on from before this version. */
  get compacted(): number {
    return this.#compacted;
  }

  /** Drops what all lists so far have begun with, as etcd does every few minutes. */
  compact(): void {
    this.#resourceVersion += 1;
    this.#compacted = this.#resourceVersion;
    this.#changes = [];
  }

  /** In the order of etcd's keys, `namespace/name`. */
  list(type: ServedType): readonly (readonly [key: string, object: KubeObject])[] {
    return [...this.#kind(type)].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** In no particular order. */
  all(type: Pick<ServedType, 'group' | 'plural'>): readonly KubeObject[] {
    return [...this.#kind(type).values()];
  }

  get(type: ServedType, namespace: string, name: string): KubeObject | undefined {
    return this.#kind(type).get(key(namespace, name));
  }

  /** The new object with what the server fills in; metadata that it brings (uid, time) stays. */
  completed(type: ServedType, object: KubeObject): KubeObject {
    const metadata = {
      uid: `00000000-0000-4000-8000-${(this.#resourceVersion + 1).toString(16).padStart(12, '0')}`,
      creationTimestamp: this.#now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
      ...(type.builtIn ? {} : { generation: 1 }),
      ...object.metadata,
    };
    return { ...object, metadata };
  }

  add(type: ServedType, object: KubeObject): KubeObject {
    return this.#put('ADDED', type, this.completed(type, object));
  }

  /** The changed object with what the server keeps of the old one, or counts. */
  kept(type: ServedType, old: KubeObject, object: KubeObject): KubeObject {
    const { uid, creationTimestamp, generation } = old.metadata as Required<ObjectMeta>;
    const next = Number(generation) + (isDeepStrictEqual(old.spec, object.spec) ? 0 : 1);
    const metadata = { ...object.metadata, uid, creationTimestamp, ...(type.builtIn ? {} : { generation: next }) };
    return { ...object, metadata };
  }

  replace(type: ServedType, old: KubeObject, object: KubeObject): KubeObject {
    return this.#put('MODIFIED', type, this.kept(type, old, object), old);
  }

  delete(type: ServedType, object: KubeObject): void {
    const { namespace = '', name = '' } = object.metadata;
    this.#kind(type).delete(key(namespace, name));
    const metadata = { ...object.metadata, resourceVersion: String(this.#resourceVersion + 1) };
    this.#record('DELETED', type, { ...object, metadata }, object);
  }

  /** Changes after `resourceVersion`, those to come included; the answer ends the watch. */
  watch(resourceVersion: number, listener: (change: Change) => void): () => void {
    for (const change of this.#changes) if (change.resourceVersion > resourceVersion) listener(change);
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  #kind({ group, plural }: Pick<ServedType, 'group' | 'plural'>): Map<string, KubeObject> {
    const id = `${group}/${plural}`;
    const objects = this.#kinds.get(id) ?? new Map<string, KubeObject>();
    this.#kinds.set(id, objects);
    return objects;
  }

  #put(change: Change['type'], type: ServedType, object: KubeObject, previous?: KubeObject): KubeObject {
    const metadata = { ...object.metadata, resourceVersion: String(this.#resourceVersion + 1) };
    const stored = { ...object, metadata };
    this.#kind(type).set(key(metadata.namespace ?? '', metadata.name ?? ''), stored);
    this.#record(change, type, stored, previous);
    return stored;
  }

  #record(change: Change['type'], of: ServedType, object: KubeObject, previous?: KubeObject): void {
    this.#resourceVersion += 1;
    const entry = { type: change, of, object, ...(previous && { previous }), resourceVersion: this.#resourceVersion };
    this.#changes.push(entry);
    for (const watcher of this.#watchers) watcher(entry);
  }
}

function key(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
