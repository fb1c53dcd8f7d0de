/** A question about a resource, as the authorizer sees it. `namespace` must be written: `''` means the cluster scope or all namespaces. */
export interface ResourceAccessRequest {
  readonly verb: string;
  readonly group: string;
  /** The plural, without a subresource. */
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace: string;
  /** Absent: no particular object. */
  readonly name?: string;
}

/** A question about a URL that is no resource, such as `/healthz`. `verb` is the HTTP method in lower case. */
export interface UrlAccessRequest {
  readonly verb: string;
  readonly path: string;
}

export type AccessRequest = ResourceAccessRequest | UrlAccessRequest;

export function isUrlRequest(request: AccessRequest): request is UrlAccessRequest {
  return 'path' in request;
}

export function isResourceRequest(request: AccessRequest): request is ResourceAccessRequest {
  return !isUrlRequest(request);
}
