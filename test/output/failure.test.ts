import assert from 'node:assert/strict';
import { ClusterError, type FailureReason, KserveError, UsageError } from '../../src/errors.ts';
import { failureText } from '../../src/output/failure.ts';

const REFUSED = 'The connection to the server h:1 was refused - did you specify the right host or port?';

describe('failureText', () => {
  const cases: readonly [FailureReason, string, boolean, string][] = [
    ['Unauthorized', 'Unauthorized', true, 'error: You must be logged in to the server (Unauthorized)'],
    ['Forbidden', 'pods is forbidden: User "ana" cannot list', true, 'error: pods is forbidden: User "ana" cannot list'],
    ['NotFound', 'servingruntimes "x" not found', true, 'Error from server (NotFound): servingruntimes "x" not found'],
    ['ServiceUnavailable', 'busy', true, 'Error from server (ServiceUnavailable): busy'],
    ['Unknown', 'what', true, 'Error from server: what'],
    ['ServiceUnavailable', 'a gateway said 503', false, 'Error from server (ServiceUnavailable): a gateway said 503'],
    ['ConnectionRefused', REFUSED, false, REFUSED],
    ['ConfigMissing', REFUSED, false, REFUSED],
    ['ConfigInvalid', 'auth info "x" does not exist', false, 'error: auth info "x" does not exist'],
    [
      'ConfigInvalid',
      'Error in configuration: context was not found for specified context: x',
      false,
      'Error in configuration: context was not found for specified context: x',
    ],
    ['NameNotResolved', 'dial tcp: lookup h: no such host', false, 'Unable to connect to the server: dial tcp: lookup h: no such host'],
    ['CertificateExpired', 'x509', false, 'Unable to connect to the server: x509'],
    ['UnexpectedResponse', 'the server answered with HTML', false, 'error: the server answered with HTML'],
  ];
  for (const [reason, message, fromStatus, expected] of cases) {
    it(`is "${expected}"`, () => assert.equal(failureText(new ClusterError(reason, message, { fromStatus })), expected));
  }

  it('adds the hint', () => {
    assert.equal(failureText(new UsageError('bad', { hint: 'one\n  two' })), 'error: bad\nhint: one\n  two');
  });

  it('makes control characters visible', () => {
    assert.equal(failureText(new KserveError('a\u001b[31mb\rc', { hint: '\u202ex' })), 'error: a^[[31mb^Mc\nhint: \\u202ex');
  });

  it('keeps what a server wrote over several lines apart from its own', () => {
    const error = new ClusterError('Forbidden', 'no\nhint: run this', { code: 403, hint: 'ours' });
    assert.equal(failureText(error), 'error: no\n  hint: run this\nhint: ours');
  });
});
