/** Exit codes of the program; `docs/exit-codes.md` explains each. */
export const ExitCode = {
  ok: 0,
  no: 1,
  misuse: 2,
  undetermined: 3,
  partial: 4,
  timedOut: 124,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface ErrorOptionsWithHint {
  /** The next step for the user, one or more lines without a final line break. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A failure to report to the user; everything else that is thrown is a bug. */
export class KserveError extends Error {
  override readonly name: string = 'KserveError';
  readonly exitCode: ExitCode = ExitCode.undetermined;
  readonly hint: string | undefined;

  constructor(message: string, options: ErrorOptionsWithHint = {}) {
    super(message, { cause: options.cause });
    // A value that is not text would be printed as JSON, contents included.
    if (options.hint !== undefined && typeof options.hint !== 'string') throw new TypeError('a hint is a text');
    this.hint = options.hint;
  }
}

/**
 * What may be said of any failure: a message of ours, or the code of Node's own, whose message may quote what it was given: an argument, an
 * environment, a text that is no JSON.
 */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (error instanceof KserveError || !(error instanceof SyntaxError || 'code' in error)) return error.message;
  return 'code' in error ? String(error.code) : 'its message is not shown';
}

/** The command line itself is wrong: it fails everywhere, whatever the cluster is. */
export class UsageError extends KserveError {
  override readonly name: string = 'UsageError';
  override readonly exitCode: ExitCode = ExitCode.misuse;
}

/** A file of the user's cannot be read or makes no sense. The message names file, line and column where there are any. */
export class InputError extends KserveError {
  override readonly name: string = 'InputError';
  override readonly exitCode: ExitCode = ExitCode.misuse;
}

/** What our side calls the failures that it sees itself: kinds of docs/connection.md, section 8, never a server's word. */
export const LOCAL_REASONS = [
  'ConfigMissing',
  'ConfigInvalid',
  'CredentialsFailed',
  'ConnectionRefused',
  'NameNotResolved',
  'Unreachable',
  'RequestTimedOut',
  'ConnectionLost',
  'CertificateUntrusted',
  'CertificateExpired',
  'CertificateNameMismatch',
  'TLSFailed',
  'WrongProtocol',
  'ProxyFailed',
  'UnexpectedResponse',
  'Interrupted',
] as const;
type LocalReason = (typeof LOCAL_REASONS)[number];

declare const FROM_SERVER: unique symbol;
/** A reason of an extension API server's own: a word from outside, of which nothing is known. */
export type ServerReason = string & { readonly [FROM_SERVER]: true };

/**
 * `reason` of a Kubernetes `Status` (https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason), or, for what
 * failed before a server could answer, a kind of docs/connection.md section 8.
 */
export type KnownReason =
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'UnsupportedMediaType'
  | 'RequestEntityTooLarge'
  | 'TooManyRequests'
  | 'ServerTimeout'
  | 'Timeout'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable'
  | 'StoreReadError'
  | 'Unknown'
  | LocalReason;

export type FailureReason = KnownReason | ServerReason;

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The plural resource name, without a subresource. */
  readonly kind?: string;
  readonly retryAfterSeconds?: number;
  /** Of an object that was refused: a field each. */
  readonly causes?: readonly StatusCause[];
}

/** https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusCause */
export interface StatusCause {
  readonly field: string;
  readonly message: string;
}

export interface ClusterErrorOptions extends ErrorOptionsWithHint {
  /** HTTP status; absent if there was no answer. */
  readonly code?: number | undefined;
  readonly details?: StatusDetails | undefined;
  /** True if a Kubernetes `Status` object said it; a gateway's HTML 403 is not the API server's word. */
  readonly fromStatus?: boolean;
}

/** The cluster could not be reached, or answered with a failure. `message` is bare: `output/failure.ts` adds kubectl's prefix. */
export class ClusterError extends KserveError {
  override readonly name: string = 'ClusterError';
  readonly reason: FailureReason;
  readonly code: number | undefined;
  readonly details: StatusDetails | undefined;
  readonly fromStatus: boolean;

  constructor(reason: FailureReason, message: string, options: ClusterErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
    this.code = options.code;
    this.details = options.details;
    this.fromStatus = options.fromStatus ?? false;
  }
}

/** The same failure with another next step. */
export function withHint(error: ClusterError, hint: string | undefined): ClusterError {
  const { reason, message, cause, code, details, fromStatus } = error;
  return new ClusterError(reason, message, { cause, code, details, fromStatus, hint });
}
