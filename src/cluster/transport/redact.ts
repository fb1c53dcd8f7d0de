import { reveal, type Secret } from '../../text/secret.ts';
import { createSecrets, MASK, type Secrets } from '../../text/secrets.ts';
import type { SecretPem } from '../kubeconfig/client-config.ts';
import { endOfString, excessOf } from './body.ts';

/** Knows the secrets in use, so that a server that echoes them does not bring them onto the terminal. */
export interface Redactor {
  /** Adds what a value of `Authorization` or `Proxy-Authorization` keeps secret. */
  readonly add: (authorization: Secret | undefined) => void;
  readonly redact: (text: string) => string;
}

/** Finds the secrets of one run, and those that it adds to them. */
export function createRedactor(secrets: Secrets = createSecrets()): Redactor {
  const add = (authorization: Secret | undefined) => {
    if (authorization === undefined) return;
    const [, scheme = '', credentials = ''] = /^(\S+)\s+(.+)$/s.exec(reveal(authorization)) ?? [];
    secrets.add(credentials.trim());
    if (scheme.toLowerCase() === 'basic') secrets.add(passwordOf(credentials));
  };
  return { add, redact: secrets.redact };
}

/** Adds a private key: what its PEM has between the lines that name it. */
export function addKey(key: SecretPem | undefined, secrets: Secrets | undefined): void {
  if (key === undefined) return;
  const [, body = ''] = /-----BEGIN [^-]*-----\s+([^-]*?)\s+-----END/.exec(reveal(key.pem).toString('latin1')) ?? [];
  secrets?.add(body);
}

function passwordOf(credentials: string): string {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'www-authenticate',
  'x-remote-extra-token',
]);
const SCHEMES: ReadonlySet<string> = new Set(['bearer', 'basic', 'negotiate']);

/** A header value that may be shown: https://github.com/kubernetes/client-go/blob/master/transport/round_trippers.go (maskValue) */
export function maskHeader(name: string, value: string): string {
  if (!SECRET_HEADERS.has(name.toLowerCase())) return value;
  const [scheme = ''] = value.split(' ');
  return SCHEMES.has(scheme.toLowerCase()) && scheme !== value ? `${scheme} ${MASK}` : MASK;
}

const SECRET_FIELDS =
  /^(?:token|id[_-]?token|access[_-]?token|refresh[_-]?token|client[_-]?secret|password|client[_-]?key[_-]?data|client[_-]?assertion|api[_-]?key)$/i;
const SECRET_PARAMETERS = /\b((?:id_|access_|refresh_)?token|client_secret|password|assertion|code)=[^&\s]*/gi;

/** A request or answer body that may be shown: without the tokens of TokenRequest, TokenReview and OIDC, and a Secret's data. */
export function maskBody(text: string): string {
  return excessOf(text) ? maskText(text) : maskJson(text);
}

function maskJson(text: string): string {
  try {
    return JSON.stringify(maskValue(JSON.parse(text), false));
  } catch {
    return maskText(text);
  }
}

const SECRET_NAME = /token|secret|password|key/i;
const START_OF_VALUE = /\s*:\s*"/y;

/** What is no JSON, cut short perhaps: values behind names that sound secret, string by string, for a pattern over all would take for ever. */
function maskText(text: string): string {
  const kept: string[] = [];
  let from = 0;
  for (let start = text.indexOf('"'); start !== -1; start = text.indexOf('"', start)) {
    const end = endOfString(text, start);
    START_OF_VALUE.lastIndex = end + 1;
    const isName = START_OF_VALUE.test(text) && SECRET_NAME.test(text.slice(start + 1, end));
    if (isName) {
      const value = START_OF_VALUE.lastIndex - 1;
      kept.push(text.slice(from, value), `"${MASK}"`);
      from = endOfString(text, value) + 1;
    }
    start = isName ? from : end + 1;
  }
  return [...kept, text.slice(from)].join('').replace(SECRET_PARAMETERS, `$1=${MASK}`);
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function maskValue(value: unknown, inSecretList: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => maskValue(item, inSecretList));
  if (typeof value !== 'object' || value === null) return value;
  const kind = 'kind' in value ? value.kind : undefined;
  const isSecret = kind === 'Secret' || (inSecretList && 'metadata' in value);
  const inList = inSecretList || kind === 'SecretList';
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, maskField(name, field, isSecret, inList)]));
}

function maskField(name: string, field: unknown, isSecret: boolean, inSecretList: boolean): unknown {
  if (typeof field === 'string' && (SECRET_FIELDS.test(name) || name === LAST_APPLIED)) return MASK;
  if (isSecret && (name === 'data' || name === 'stringData')) return maskAll(field);
  return maskValue(field, inSecretList);
}

function maskAll(field: unknown): unknown {
  return typeof field === 'object' && field !== null ? Object.fromEntries(Object.keys(field).map((name) => [name, MASK])) : MASK;
}
