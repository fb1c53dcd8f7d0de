import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { type Answer, badRequest, json, type Refusal, refuse } from './answer.ts';
import type { ApiRequest } from './api.ts';
import type { ResourceInfo } from './request-info.ts';
import { fieldPredicate, labelPredicate } from './selectors.ts';
import type { ObjectStore } from './store.ts';
import { apiVersion, type ServedType } from './types.ts';

interface ContinueToken {
  readonly v: 'meta.k8s.io/v1';
  /** resourceVersion of the first page; -1 for what is there now. */
  readonly rv: number;
  /** The last key before the page, and a zero. */
  readonly start: string;
}

/** Whether an object is in the namespace and fits the selectors of the request. */
export function selects(request: ApiRequest, { namespace, resource }: ResourceInfo): (object: KubeObject) => boolean {
  const hasLabels = labelPredicate(request.query.get('labelSelector') ?? '');
  const hasFields = fieldPredicate(request.query.get('fieldSelector') ?? '', resource);
  return (object) => (namespace === '' || object.metadata.namespace === namespace) && hasLabels(object) && hasFields(object);
}

/** One page of a list. */
export function listPage(request: ApiRequest, info: ResourceInfo, type: ServedType, store: ObjectStore): Answer {
  const limit = integer(request.query.get('limit') ?? '0');
  const token = parseToken(request.query.get('continue') ?? '');
  const isSelected = selects(request, info);
  const selected = store.list(type).filter(([key, object]) => isSelected(object) && (token === undefined || key >= token.start));
  const page = limit > 0 ? selected.slice(0, limit) : selected;
  const rest = selected.length - page.length;
  if (token !== undefined && token.rv >= 0 && token.rv < store.compacted) throw expired(token);
  const resourceVersion = token === undefined || token.rv < 0 ? store.resourceVersion : token.rv;
  const last = page.at(-1)?.[0];
  const more = {
    continue: rest > 0 && last !== undefined ? formatToken({ v: 'meta.k8s.io/v1', rv: resourceVersion, start: `${last}\u0000` }) : '',
    ...(rest > 0 && !hasSelector(request) ? { remainingItemCount: rest } : {}),
  };
  return json(
    200,
    list(
      type,
      page.map(([, object]) => object),
      String(resourceVersion),
      more,
    ),
  );
}

/** An object as a version of its kind shows it. */
export function inVersion(type: ServedType, object: KubeObject): KubeObject {
  return { ...object, apiVersion: apiVersion(type), kind: type.kind };
}

/** Built-in lists leave kind and apiVersion out of their items, and an empty `continue` out of their metadata. */
function list(type: ServedType, objects: readonly KubeObject[], resourceVersion: string, more: { continue: string }): object {
  const kind = `${type.kind}List`;
  const group = apiVersion(type);
  if (!type.builtIn) {
    return { apiVersion: group, items: objects.map((object) => inVersion(type, object)), kind, metadata: { ...more, resourceVersion } };
  }
  const { continue: token, ...remaining } = more;
  const metadata = { resourceVersion, ...(token === '' ? {} : { continue: token }), ...remaining };
  return { kind, apiVersion: group, metadata, items: objects.map(({ kind: _, apiVersion: __, ...object }) => object) };
}

function hasSelector({ query }: ApiRequest): boolean {
  return (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '';
}

function integer(text: string): number {
  if (!/^[-+]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

/** Comes with a token that goes on regardless. */
function expired(token: ContinueToken): Refusal {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
  return refuse({ code: 410, reason: 'Expired', message, continue: formatToken({ ...token, rv: -1 }) });
}

function formatToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function parseToken(text: string): ContinueToken | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as ContinueToken;
  } catch {
    throw badRequest("invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value");
  }
}
