import type { ClusterError, KnownReason } from '../../errors.ts';

/** What asking again does not change: who asks may not, or what is asked makes no sense to who answers. */
const DEFINITE: ReadonlySet<string> = new Set<KnownReason>([
  'Unauthorized',
  'Forbidden',
  'BadRequest',
  'Invalid',
  'MethodNotAllowed',
  'NotAcceptable',
  'CredentialsFailed',
  'ConfigMissing',
  'ConfigInvalid',
  'CertificateUntrusted',
  'CertificateExpired',
  'CertificateNameMismatch',
  'TLSFailed',
  'WrongProtocol',
  'UnexpectedResponse',
]);

/** Whether a failure would come again. A server that is down, overloaded or starting is asked for as long as it takes. */
export function isDefinite({ reason }: ClusterError): boolean {
  return DEFINITE.has(reason);
}

// https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go (IsTooLargeResourceVersion has the words of older servers, too)
const TOO_LARGE = /^Too large resource version: /;

/** Whether the server cannot go on from a version: it has forgotten it, or does not know it. A new list can tell. */
export function isForgotten({ code, message }: ClusterError): boolean {
  return code === 410 || TOO_LARGE.test(message);
}
