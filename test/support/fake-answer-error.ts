import { ClusterError, type FailureReason, type StatusDetails } from '../../src/errors.ts';
import type { Answer } from './api-server/answer.ts';

interface StatusBody {
  readonly reason?: FailureReason;
  readonly message: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** What the client makes of a failure that the fake server answers; `request` is such as `get pods`. */
export function answerError({ status, body }: Answer, request: string): ClusterError {
  if (typeof body === 'object' && body !== null) {
    const { reason = 'Unknown', message, details, code } = body as StatusBody;
    return new ClusterError(reason, message, { code, details: details && pick(details), fromStatus: true });
  }
  if (status === 404) return new ClusterError('NotFound', `the server could not find the requested resource (${request})`, { code: 404 });
  const text = String(body).trim();
  return new ClusterError(
    'InternalError',
    `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding (${request})`,
    {
      code: status,
    },
  );
}

function pick({ name, group, kind, retryAfterSeconds }: StatusDetails): StatusDetails {
  return {
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(kind !== undefined && { kind }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}
