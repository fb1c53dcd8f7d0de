// https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/storage/cacher/cache_watcher.go
import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { type Refusal, refuse } from './answer.ts';
import type { ApiRequest } from './api.ts';
import { inVersion, selects } from './lists.ts';
import type { ResourceInfo } from './request-info.ts';
import type { Change, ObjectStore } from './store.ts';
import { apiVersion, type ServedType } from './types.ts';

/** An open watch. `start` sends what has happened and what will; its answer ends that. */
export interface Watch {
  readonly start: (send: (event: object) => void) => () => void;
  /** What tells, at any time, that nothing else has happened; undefined for who does not want that. */
  readonly bookmark: (() => object) | undefined;
}

export function watch(request: ApiRequest, info: ResourceInfo, type: ServedType, store: ObjectStore): Watch {
  const isSelected = selects(request, info);
  const since = parseVersion(request.query.get('resourceVersion') ?? '');
  const isOfType = ({ of }: Change) => of.group === type.group && of.plural === type.plural;
  const wantsBookmarks = ['1', 'true'].includes(request.query.get('allowWatchBookmarks') ?? '');
  const follow = (from: number, send: (event: object) => void) =>
    store.watch(from, (change) => {
      const event = isOfType(change) ? seenThrough(change, isSelected) : undefined;
      if (event !== undefined) send({ type: event.type, object: inVersion(type, event.object) });
    });
  return {
    bookmark: wantsBookmarks ? bookmarks(type, store, since) : undefined,
    start: (send) => {
      if (since > 0 && since < store.compacted) {
        send({ type: 'ERROR', object: tooOld(since, store).answer.body as object });
        return () => undefined;
      }
      if (since > 0) return follow(since, send);
      // Of no version: what is there, as if it were new.
      for (const [, object] of store.list(type)) if (isSelected(object)) send({ type: 'ADDED', object: inVersion(type, object) });
      return follow(store.resourceVersion, send);
    },
  };
}

/** To who looks at a part, what comes into it is new and what leaves it is gone. */
function seenThrough(change: Change, isSelected: (object: KubeObject) => boolean): Pick<Change, 'type' | 'object'> | undefined {
  const { previous, resourceVersion } = change;
  const was = previous !== undefined && isSelected(previous);
  const is = change.type !== 'DELETED' && isSelected(change.object);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!was) return undefined;
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion: String(resourceVersion) } } };
}

/** The first one of a watch that began with what is there says that all of that has come (KEP-3157). */
function bookmarks(type: ServedType, store: ObjectStore, since: number): () => object {
  let isFirst = since === 0;
  return () => {
    const annotations = isFirst ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
    isFirst = false;
    const metadata = { ...annotations, resourceVersion: String(store.resourceVersion) };
    return { type: 'BOOKMARK', object: { kind: type.kind, apiVersion: apiVersion(type), metadata } };
  };
}

function tooOld(since: number, { compacted }: ObjectStore): Refusal {
  return refuse({ code: 410, reason: 'Expired', message: `too old resource version: ${since} (${compacted})` });
}

function parseVersion(text: string): number {
  if (/^\d*$/.test(text)) return Number(text);
  const message = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw refuse({ code: 500, message });
}
