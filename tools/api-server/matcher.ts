import type { ApiRequest } from './api.ts';
import { accessRequest, resourceInfo } from './request-info.ts';

/** Which requests a script is for: all that is given must fit. */
export interface RequestMatcher {
  /** `list`, `get`, `create`, …; for a path that is no resource the HTTP method in lower case. */
  readonly verb?: string;
  /** `servingruntimes` or `servingruntimes.serving.kserve.io`. */
  readonly resource?: string;
  /** `''` is the cluster scope or all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
  /** Without the query. */
  readonly path?: string | RegExp;
  /** Of a list, from 1. */
  readonly page?: number;
  /** Fits that many requests, then no more. */
  readonly times?: number;
}

/** Finds the first of some scripts that fits a request, and counts how often each did. */
export function createMatcher<T extends { readonly on: RequestMatcher }>(scripts: readonly T[]): (request: ApiRequest) => T | undefined {
  const counts = new Map<T, number>();
  const pages = new Map<string, number>();
  return (request) => {
    const page = countPage(request, pages);
    const found = scripts.find(
      (script) => (counts.get(script) ?? 0) < (script.on.times ?? Number.POSITIVE_INFINITY) && fits(script.on, request, page),
    );
    if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1);
    return found;
  };
}

/** Pages of lists of one path are counted from its last request without `continue`. */
function countPage({ path, query }: ApiRequest, pages: Map<string, number>): number {
  const page = (query.get('continue') ?? '') === '' ? 1 : (pages.get(path) ?? 1) + 1;
  pages.set(path, page);
  return page;
}

function fits(matcher: RequestMatcher, request: ApiRequest, page: number): boolean {
  const info = resourceInfo(request);
  const { verb } = accessRequest(request, info);
  return (
    isSame(matcher.verb, verb) &&
    (matcher.resource === undefined || isResource(matcher.resource, info)) &&
    isSame(matcher.namespace, info?.namespace) &&
    isSame(matcher.name, info?.name) &&
    isSame(matcher.page, page) &&
    (matcher.path === undefined || isPath(matcher.path, request.path))
  );
}

function isSame<T>(wanted: T | undefined, actual: T | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

function isPath(wanted: string | RegExp, path: string): boolean {
  return typeof wanted === 'string' ? wanted === path : wanted.test(path);
}

function isResource(wanted: string, info: ReturnType<typeof resourceInfo>): boolean {
  return info !== undefined && (wanted === info.resource || wanted === `${info.resource}.${info.group}`);
}
