/** What the server sends back; `body` is text, or a value to be sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export interface StatusFields {
  readonly code: number;
  readonly reason?: string;
  readonly message: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly causes?: readonly StatusCause[];
    readonly retryAfterSeconds?: number;
  };
  /** `metadata.continue` of an expired list. */
  readonly continue?: string;
}

/** Thrown by a handler in place of an answer. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`answered ${answer.status}`);
    this.answer = answer;
  }
}

export function json(status: number, body: unknown): Answer {
  return { status, contentType: 'application/json', body };
}

export function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

/** A Kubernetes `Status` of a failure. */
function statusAnswer({ code, reason, message, details, continue: token }: StatusFields): Answer {
  return json(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: token === undefined ? {} : { continue: token },
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

export function refuse(fields: StatusFields): Refusal {
  return new Refusal(statusAnswer(fields));
}

export function badRequest(message: string): Refusal {
  return refuse({ code: 400, reason: 'BadRequest', message });
}

/** What a path outside every group gives: no `Status`. */
export function pageNotFound(): Refusal {
  return new Refusal(text(404, '404 page not found\n'));
}

/** What a built-in group gives for a kind or version that it does not have. */
export function resourceNotFound(): Refusal {
  return refuse({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource', details: {} });
}
