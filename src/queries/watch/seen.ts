import type { WatchEvent } from '../../cluster/cluster.ts';
import type { KubeObject, ResourceType } from '../../domain/kubernetes/resource.ts';

/** What happened to an object, as who watches has seen it. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** Nobody told of its end: of the object no more is known than its name. */
  readonly isUnknown?: true;
}

/** Of an object in a new list. */
interface Listed {
  readonly key: string;
  readonly version: string;
  /** Undefined if it is as it was seen. */
  readonly object: KubeObject | undefined;
}

/** What has been seen of a kind. Of an object nothing is kept but its version: a watch may last for days. */
export interface Seen {
  /** An object that is shown already. */
  readonly add: (object: KubeObject) => void;
  /** What an event changes; undefined if it is known, or none of what is wanted. */
  readonly take: (event: Exclude<WatchEvent, { type: 'BOOKMARK' }>) => Change | undefined;
  readonly listed: (object: KubeObject) => Listed;
  /** What a new list changes. */
  readonly replace: (objects: readonly Listed[]) => readonly Change[];
  readonly size: () => number;
}

/** `isWanted` is asked of each object: what comes to be wanted is new, and what no longer is wanted is gone, as the server does it with selectors. */
export function createSeen(type: ResourceType, isWanted: (object: KubeObject) => boolean): Seen {
  const versions = new Map<string, string>();
  const put = (key: string, version: string, object: KubeObject): Change | undefined => {
    const known = versions.get(key);
    if (known === version) return undefined;
    versions.set(key, version);
    return { type: known === undefined ? 'ADDED' : 'MODIFIED', object };
  };
  const takeAway = (key: string, object: KubeObject): Change | undefined =>
    versions.delete(key) ? { type: 'DELETED', object } : undefined;
  const takeListed = ({ key, version, object }: Listed): Change | undefined => {
    if (object === undefined) return undefined;
    return isWanted(object) ? put(key, version, object) : takeAway(key, object);
  };
  return {
    add: (object) => void versions.set(keyOf(object), versionOf(object)),
    take: ({ type: event, object, resourceVersion }) =>
      event !== 'DELETED' && isWanted(object) ? put(keyOf(object), resourceVersion, object) : takeAway(keyOf(object), object),
    listed: (object) => {
      const [key, version] = [keyOf(object), versionOf(object)];
      return { key, version, object: versions.get(key) === version ? undefined : object };
    },
    replace: (objects) => {
      const there = new Set(objects.map(({ key }) => key));
      const gone = [...versions.keys()].filter((key) => !there.has(key));
      for (const key of gone) versions.delete(key);
      const ended = gone.map((key): Change => ({ type: 'DELETED', object: unknownObject(key, type), isUnknown: true }));
      return [...ended, ...objects.flatMap((one) => takeListed(one) ?? [])];
    },
    size: () => versions.size,
  };
}

/** Neither part can hold a slash. */
function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}

function versionOf({ metadata }: KubeObject): string {
  return metadata.resourceVersion ?? '';
}

function unknownObject(key: string, { group, version, kind }: ResourceType): KubeObject {
  const [namespace = '', name = ''] = key.split('/');
  return { apiVersion: `${group}/${version}`, kind, metadata: { name, ...(namespace !== '' && { namespace }) } };
}
