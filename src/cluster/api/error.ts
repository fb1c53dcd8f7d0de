import { ClusterError, type FailureReason, LOCAL_REASONS, type ServerReason, type StatusCause, type StatusDetails } from '../../errors.ts';
import { goQuote } from '../../text/go-quote.ts';
import { shorten } from '../../text/shorten.ts';
import { LIMITS } from '../limits.ts';
import { parseJson } from '../transport/body.ts';
import { isSuccess, type WireAnswer } from '../transport/exchange.ts';
import { retryAfterSeconds } from '../transport/retry.ts';

/** What was asked, for the text of an answer that does not say it itself. */
export interface Asked {
  readonly method: string;
  /** `pods`, `servingruntimes.serving.kserve.io`; absent for paths that are not resources. */
  readonly resource?: string;
  readonly name?: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The object that an answer holds. Throws a ClusterError for a `Status` that is not Success whatever the HTTP status, for any
 * status outside 200 to 206, and for a body that is no JSON object.
 */
export function objectIn(answer: WireAnswer, asked: Asked, redact: (text: string) => string): Json {
  const value = parsed(answer, redact);
  throwFailure(value, answer, asked, redact);
  if (value instanceof ClusterError) throw value;
  if (isObject(value)) return value;
  throw notJson(answer, redact);
}

/** The plain text that an answer holds; a 204 is an empty one. Throws a ClusterError as `objectIn`, and for any other content. */
export function textIn(answer: WireAnswer, asked: Asked, redact: (text: string) => string): string {
  const isText = mediaType(answer) === 'text/plain' || answer.status === 204;
  if (isText && isSuccess(answer)) return redact(answer.body.toString('utf8'));
  throwFailure(parsed(answer, redact), answer, asked, redact);
  throw unexpected(`${shownType(answer, redact)} in place of plain text`);
}

function throwFailure(value: unknown, answer: WireAnswer, asked: Asked, redact: (text: string) => string): void {
  if (isFailure(value)) throw statusError(value, answer, asked);
  if (!isSuccess(answer)) throw unstructuredError(answer, asked, redact);
}

/** A failure that says what came in place of what was expected. */
export function unexpected(what: string): ClusterError {
  return new ClusterError('UnexpectedResponse', `the server's response is not what was asked for: ${what}`);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined if the body is no JSON; a ClusterError if it is beyond bounds. */
function parsed(answer: WireAnswer, redact: (text: string) => string): unknown {
  if (!/^(?:|application\/(?:[\w.-]+\+)?json)$/.test(mediaType(answer))) return undefined;
  try {
    return parseJson(answer.body, redact);
  } catch (error) {
    return error instanceof ClusterError ? error : undefined;
  }
}

function mediaType({ headers }: Pick<WireAnswer, 'headers'>): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

export function isFailure(value: unknown): value is Json {
  return isObject(value) && value.kind === 'Status' && value.status !== 'Success';
}

/** A server that uses such a name does not mean them. */
const OURS: ReadonlySet<string> = new Set(LOCAL_REASONS);

/** The failure that a `Status` tells. */
export function statusError(status: Json, answer: WireAnswer, asked: Asked): ClusterError {
  const { message, code } = status;
  const text =
    typeof message === 'string' && message !== ''
      ? shorten(message, LIMITS.messageCharacters)
      : genericText(answer, asked, 'unknown').message;
  return new ClusterError(reasonOf(status.reason), text, {
    code: typeof code === 'number' && code > 0 ? code : answer.status,
    details: detailsOf(status.details),
    fromStatus: true,
  });
}

function reasonOf(reason: unknown): FailureReason {
  if (typeof reason !== 'string' || !/^[A-Za-z]{1,64}$/.test(reason) || OURS.has(reason)) return 'Unknown';
  // An extension API server may have reasons of its own, which kubectl shows as they come.
  return reason as ServerReason;
}

function detailsOf(details: unknown): StatusDetails | undefined {
  if (!isObject(details)) return undefined;
  const { name, group, kind, retryAfterSeconds: seconds } = details;
  const causes = causesOf(details.causes);
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof group === 'string' && { group }),
    ...(typeof kind === 'string' && { kind }),
    ...(typeof seconds === 'number' && { retryAfterSeconds: seconds }),
    ...(causes.length > 0 && { causes }),
  };
}

/** Far more than anyone corrects at once. */
const MOST_CAUSES = 100;

function causesOf(causes: unknown): readonly StatusCause[] {
  return (Array.isArray(causes) ? causes : []).slice(0, MOST_CAUSES).flatMap((cause: unknown) => {
    if (!isObject(cause) || typeof cause.message !== 'string') return [];
    return [{ field: typeof cause.field === 'string' ? cause.field : '', message: shorten(cause.message, LIMITS.messageCharacters) }];
  });
}

const LONGEST_UNSTRUCTURED_BODY = 2048;

function unstructuredError(answer: WireAnswer, asked: Asked, redact: (text: string) => string): ClusterError {
  const body = shownBody(answer, redact);
  if (/^client sent an http request to an https server/i.test(body))
    return new ClusterError('WrongProtocol', lowerFirst(body), { code: answer.status });
  const { reason, message } = genericText(answer, asked, body);
  const retryAfter = retryAfterSeconds(answer.headers);
  const [kind, ...group] = (asked.resource ?? '').split('.');
  return new ClusterError(reason, message, {
    code: answer.status,
    details: {
      ...(asked.name !== undefined && { name: asked.name }),
      ...(kind && { kind, group: group.join('.') }),
      ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
    },
  });
}

/** What of the body of a failure is shown. */
function shownBody(answer: WireAnswer, redact: (text: string) => string): string {
  if (answer.isTooLarge === true) return `unknown: the server's response is larger than ${LIMITS.failureBytes} bytes`;
  const type = mediaType(answer);
  return type === '' || type.startsWith('text/') ? startOf(answer, redact) : 'unknown';
}

/** What of a body is shown. Masked as a whole before it is cut: of a secret across the cut the first part would be left. */
function startOf({ body }: WireAnswer, redact: (text: string) => string): string {
  return Buffer.from(redact(body.toString('utf8')))
    .subarray(0, LONGEST_UNSTRUCTURED_BODY)
    .toString('utf8')
    .trim();
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, '')}`;
}

interface GenericText {
  readonly reason: FailureReason;
  readonly message: string;
}

/** https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go (NewGenericServerResponse) */
function genericText({ status }: WireAnswer, { method, resource, name }: Asked, body: string): GenericText {
  const { reason, message } = textOf(status, method, body);
  if (resource === undefined) return { reason, message };
  return { reason, message: `${message} (${[method.toLowerCase(), resource, name].filter(Boolean).join(' ')})` };
}

const TEXTS: Readonly<Record<number, GenericText>> = {
  400: { reason: 'BadRequest', message: 'the server rejected our request for an unknown reason' },
  401: { reason: 'Unauthorized', message: 'the server has asked for the client to provide credentials' },
  404: { reason: 'NotFound', message: 'the server could not find the requested resource' },
  405: { reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource' },
  409: { reason: 'Conflict', message: 'the server reported a conflict' },
  422: { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' },
  429: { reason: 'TooManyRequests', message: 'the server has received too many requests and has asked us to try again later' },
  503: { reason: 'ServiceUnavailable', message: 'the server is currently unable to handle the request' },
  504: {
    reason: 'Timeout',
    message: 'the server was unable to return a response in the time allotted, but may still be processing the request',
  },
};

const NOT_ACCEPTABLE = 'the server was unable to respond with a content type that the client supports';

function textOf(status: number, method: string, body: string): GenericText {
  const text = TEXTS[status];
  if (status === 409 && method === 'POST') return { reason: 'AlreadyExists', message: 'the server reported a conflict' };
  if (text) return text;
  if (status === 403) return { reason: 'Forbidden', message: body };
  if (status === 406) return { reason: 'NotAcceptable', message: body === '' || body === 'unknown' ? NOT_ACCEPTABLE : body };
  if (status === 415) return { reason: 'UnsupportedMediaType', message: body };
  if (status >= 500)
    return { reason: 'InternalError', message: `an error on the server (${goQuote(body)}) has prevented the request from succeeding` };
  return { reason: 'Unknown', message: `the server responded with the status code ${status} but did not return more information` };
}

/** Longest part of a body that is shown in a message. */
const FIRST_LINE = 80;

function notJson(answer: WireAnswer, redact: (text: string) => string): ClusterError {
  const shown = startOf(answer, redact).split(/\r?\n/, 1)[0]?.slice(0, FIRST_LINE) ?? '';
  const isJson = /^application\/(?:[\w.-]+\+)?json$/.test(mediaType(answer));
  const what = isJson ? 'a body that is no JSON object' : `${shownType(answer, redact)} in place of JSON`;
  const message = `the server answered ${answer.status} ${redact(answer.statusText)} with ${what}: ${goQuote(shown)}`;
  return new ClusterError('UnexpectedResponse', message, { code: answer.status });
}

/** Masked as it came: in lower case a secret is not recognized. */
function shownType({ headers }: WireAnswer, redact: (text: string) => string): string {
  return mediaType({ headers: { 'content-type': redact(headers['content-type'] ?? '') } }) || 'no content type';
}
