import { ClusterError, type ClusterErrorOptions, type FailureReason } from '../../../errors.ts';
import { lookUp } from '../../../text/look-up.ts';

/** A connection that broke. `retry` tells when a repeatable request may be sent again (client-go rest/with_retry.go). */
export class ConnectionLost extends ClusterError {
  readonly retry: 'at once' | 'later' | 'never';

  constructor(message: string, retry: ConnectionLost['retry'], options: ClusterErrorOptions = {}) {
    super('ConnectionLost', message, options);
    this.retry = retry;
  }
}

/** `code` of a system or OpenSSL error; of several attempts to connect, the one that says most. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(codeOf);
    return codes.find((code) => code === 'ECONNREFUSED') ?? codes.at(-1) ?? '';
  }
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What Go prints for the error numbers that connecting gives (its `syscall` table). */
const GO_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EPIPE: 'broken pipe',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  EHOSTDOWN: 'host is down',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EMFILE: 'too many open files',
};

/** Thrown by `openTcp` when time ran out before a connection stood. */
export const DIAL_TIMEOUT = 'DIAL_TIMEOUT';

/** What went wrong in connecting to `host` at `port`, in Go's words. */
export function dialFault(error: unknown, host: string, port: number): ClusterError {
  const code = codeOf(error);
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const fault = (reason: FailureReason, message: string) => new ClusterError(reason, message, { cause: error });
  switch (code) {
    case 'ECONNREFUSED':
      return fault('ConnectionRefused', 'connection refused');
    case 'ENOTFOUND':
      return fault('NameNotResolved', `dial tcp: lookup ${host}: no such host`);
    case 'EAI_AGAIN':
      return fault('NameNotResolved', `dial tcp: lookup ${host}: server misbehaving`);
    case 'ETIMEDOUT':
    case DIAL_TIMEOUT:
      return fault('Unreachable', `dial tcp ${address}: i/o timeout`);
    default:
      return fault('Unreachable', `dial tcp ${address}: connect: ${lookUp(GO_WORDS, code) ?? (code || 'unknown error')}`);
  }
}

/** What went wrong on a connection that stood, before an answer was complete; undefined if it is not the connection's fault. */
export function lostConnection(error: unknown, retry: ConnectionLost['retry']): ConnectionLost | undefined {
  const code = codeOf(error);
  if (code === 'ECONNRESET' && error instanceof Error && error.message === 'socket hang up')
    return new ConnectionLost('EOF', retry, { cause: error });
  if (code === 'ETIMEDOUT') return new ConnectionLost('connection timed out', 'never', { cause: error });
  if (code === 'ECONNRESET' || code === 'EPIPE') return new ConnectionLost(GO_WORDS[code] ?? code, retry, { cause: error });
  return undefined;
}
