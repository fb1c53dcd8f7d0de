import { type AccessRequest, isUrlRequest } from '../../../domain/rbac/access-review.ts';

/** A request as reports show it. */
export function questionFields(request: AccessRequest): Readonly<Record<string, string>> {
  if (isUrlRequest(request)) return { verb: request.verb, path: request.path };
  const { verb, group, resource, subresource, namespace, name } = request;
  return { verb, group, resource, namespace, ...(subresource !== undefined && { subresource }), ...(name !== undefined && { name }) };
}
