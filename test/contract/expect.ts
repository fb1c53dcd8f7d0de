import assert from 'node:assert/strict';
import { ClusterError, type FailureReason, type StatusDetails } from '../../src/errors.ts';

export interface ExpectedError {
  readonly reason: FailureReason;
  readonly message: string;
  readonly code: number;
  readonly details: StatusDetails | undefined;
  readonly fromStatus: boolean;
}

/** The whole of a `ClusterError` but its hint, which is the connection's. */
export async function rejectsWith(request: Promise<unknown>, expected: ExpectedError): Promise<void> {
  const error = await request.then(
    (value) => assert.fail(`resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ClusterError, String(error));
  const { reason, message, code, fromStatus } = error;
  // Causes repeat the message, field by field.
  const { causes: _, ...named } = error.details ?? {};
  const details = error.details && named;
  assert.deepEqual({ reason, message, code, details, fromStatus }, expected);
}

/** A 403 `Status`; `message` is what follows `is forbidden: `. */
export function forbidden(message: string, group: string, kind: string, name?: string): ExpectedError {
  const qualified = group === '' ? kind : `${kind}.${group}`;
  const named = name === undefined ? qualified : `${qualified} ${JSON.stringify(name)}`;
  return {
    reason: 'Forbidden',
    message: `${named} is forbidden: ${message}`,
    code: 403,
    details: { ...(name !== undefined && { name }), ...(group !== '' && { group }), kind },
    fromStatus: true,
  };
}
