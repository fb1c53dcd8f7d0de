import type { Violation } from '../../kubernetes/schema/violation.ts';
import { isSet, items, type Part, part, refusal, textAt, unless } from './read.ts';

/** What KServe refuses of a component's `storageUris`, and of them beside a single URI of its implementation. */
export function storageUriRefusals(component: Part, hasSingle: boolean): readonly Violation[] {
  const uris = part(component, 'storageUris');
  if (!isSet(uris)) return [];
  const both = unless(!hasSingle, uris, 'Setting both StorageURI and StorageURIs is not supported.');
  const each = items(uris).flatMap(uriRefusals);
  return both.length + each.length > 0 ? [...both, ...each] : pathRefusals(uris);
}

function uriRefusals(uri: Part): readonly Violation[] {
  const mount = part(uri, 'mountPath');
  const path = textAt(mount);
  if (textAt(uri, 'uri') === '') return [refusal(part(uri, 'uri'), 'storage URI cannot be empty')];
  if (path === '/') return [refusal(mount, 'storage path cannot be empty')];
  if (!path.startsWith('/')) return [refusal(mount, `storage path must be absolute: ${path}`)];
  return unless(!path.includes('..'), mount, `storage path cannot contain '..' for security reasons: ${path}`);
}

function pathRefusals(uris: Part): readonly Violation[] {
  const all = items(uris).map((uri) => ({ uri, path: textAt(uri, 'mountPath'), isClaim: textAt(uri, 'uri').startsWith('pvc://') }));
  const paths = all.filter(({ isClaim }) => !isClaim).map(({ path }) => path);
  // KServe looks at neither unless there are two that are no claims.
  if (paths.length <= 1) return [];
  const claims = all.filter(({ isClaim }) => isClaim);
  const second = claims.find(({ path }, index) => claims.findIndex((other) => other.path === path) < index);
  if (second !== undefined) return [refusal(part(second.uri, 'mountPath'), 'PVC storage paths must be unique')];
  const text = `storage paths must have a common parent directory. Current paths: [${paths.join(' ')}] have no common parent beyond root`;
  return unless(haveCommonParent(paths), uris, text);
}

function haveCommonParent(paths: readonly string[]): boolean {
  const firsts = new Set(paths.map((path) => path.replace(/^\/+/, '').split('/')[0]));
  return firsts.size === 1 && !firsts.has('');
}
