import type { RequestMatcher } from './matcher.ts';

/** What happens in place of, or to, the server's answer. */
export type Fault =
  /** Text is sent as it is, another value as JSON. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** No byte, until the server is closed. */
  | { readonly kind: 'hang' }
  /** TCP reset in place of an answer. */
  | { readonly kind: 'reset' }
  /** The connection ends after so many bytes of the body. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** The body comes in pieces, each after a wait. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly everyMs: number }
  /** The true answer, after etcd has dropped all old versions. */
  | { readonly kind: 'compact' }
  /** The true answer, with more headers, such as `Warning`. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> };

export interface ScriptedFault {
  readonly on: RequestMatcher;
  readonly fault: Fault;
}

/** A failure as a Kubernetes `Status`. */
export function statusFault(code: number, reason: string, message: string, details?: { readonly retryAfterSeconds?: number }): Fault {
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details && { details }), code };
  const seconds = details?.retryAfterSeconds;
  const headers = seconds === undefined ? {} : { 'Retry-After': String(seconds) };
  return { kind: 'answer', status: code, contentType: 'application/json', body, headers };
}

/** What a gateway before the API server says: no `Status`. */
export function htmlFault(status: number, body: string): Fault {
  return { kind: 'answer', status, contentType: 'text/html; charset=utf-8', body };
}

/** The API server's own refusal under load. */
export function tooManyRequests(retryAfterSeconds: number): Fault {
  const message = 'Too many requests, please try again later.';
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return { kind: 'answer', status: 429, contentType: 'text/plain; charset=utf-8', body: `${message}\n`, headers };
}

/** 200 and JSON that does not parse. */
export const BAD_JSON: Fault = { kind: 'answer', status: 200, contentType: 'application/json', body: '{"kind":"List","items":[' };

/** A list that goes on gets 410 `Expired`: etcd has dropped what it began with. */
export const EXPIRED: Fault = { kind: 'compact' };
