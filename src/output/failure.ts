import { ClusterError, type KnownReason, type KserveError } from '../errors.ts';
import { escapeLines } from '../text/escape.ts';
import { lookUp } from '../text/look-up.ts';

/** What kubectl says before the message, for failures that are no `Status` of the server (kubectl's pkg/cmd/util/helpers.go). */
const PREFIX: Readonly<Partial<Record<KnownReason, string>>> = {
  ConnectionRefused: '',
  ConfigMissing: '',
  ConfigInvalid: 'error: ',
  CredentialsFailed: 'error: ',
  UnexpectedResponse: 'error: ',
  Interrupted: 'error: ',
  NameNotResolved: 'Unable to connect to the server: ',
  Unreachable: 'Unable to connect to the server: ',
  RequestTimedOut: 'Unable to connect to the server: ',
  ConnectionLost: 'Unable to connect to the server: ',
  CertificateUntrusted: 'Unable to connect to the server: ',
  CertificateExpired: 'Unable to connect to the server: ',
  CertificateNameMismatch: 'Unable to connect to the server: ',
  TLSFailed: 'Unable to connect to the server: ',
  WrongProtocol: 'Unable to connect to the server: ',
  ProxyFailed: 'Unable to connect to the server: ',
  // The message of a refusal is a whole sentence that starts with the refused thing; `hint:` follows it.
  Forbidden: 'error: ',
  Unknown: 'Error from server: ',
};

// kubectl prints these of client-go without a prefix of its own.
const BARE = /^(Error in configuration: |The connection to the server )/;

/** What the user reads about a failure, on one or more lines without a final line break. Control characters are made visible. */
export function failureText(error: KserveError): string {
  const hint = error.hint === undefined ? '' : `\nhint: ${error.hint}`;
  return escapeLines(`${indentAnswer(error, headline(error))}${hint}`);
}

/** The text of a failure for a place that marks errors by itself. */
export function withoutLabel(text: string): string {
  return text.replace(/^error: /, '');
}

/** What a server wrote over several lines must not pass for a line of ours, least of all for a hint. */
function indentAnswer(error: KserveError, text: string): string {
  return error instanceof ClusterError && error.code !== undefined ? text.replaceAll('\n', '\n  ') : text;
}

function headline(error: KserveError): string {
  if (BARE.test(error.message)) return error.message;
  if (!(error instanceof ClusterError)) return `error: ${error.message}`;
  if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`;
  const prefix = lookUp(PREFIX, error.reason) ?? `Error from server (${error.reason}): `;
  return `${prefix}${error.message}`;
}
