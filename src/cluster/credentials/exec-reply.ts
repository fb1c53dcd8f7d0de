import { DecodeError } from '../../documents/decode-error.ts';
import { secret, struct, text } from '../../documents/go-json.ts';
import { parseDocument } from '../../documents/yaml.ts';
import type { Secret } from '../../text/secret.ts';
import { decodeTypeMeta, type TypeMeta } from '../kubeconfig/type-meta.ts';

/** What a plugin answered. */
export interface ExecReply {
  readonly token?: Secret;
  readonly certificate?: { readonly certificate: Secret; readonly key: Secret };
  /** Milliseconds since 1970; absent: until a 401. */
  readonly expiresAt?: number;
}

interface Status {
  readonly token?: Secret;
  readonly clientCertificateData?: Secret;
  readonly clientKeyData?: Secret;
  readonly expirationTimestamp?: string;
}

const GROUP = 'client.authentication.k8s.io';
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

const string = text();
const reply = struct<{ readonly status?: Status }>('ExecCredential', {
  status: struct<Status>('ExecCredentialStatus', {
    token: secret(string),
    clientCertificateData: secret(string),
    clientKeyData: secret(string),
    expirationTimestamp: string,
  }),
});

function kindAndVersion(document: unknown): Required<TypeMeta> {
  const { apiVersion = `${GROUP}/__internal`, kind = 'ExecCredential' } = decodeTypeMeta(document);
  return { apiVersion, kind };
}

function time(timestamp: string): number {
  const parsed = RFC3339.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(parsed)) throw new DecodeError('parsing time of expirationTimestamp as "2006-01-02T15:04:05Z07:00"');
  return parsed;
}

// Names of the API may be shown; a plugin that writes a bare `kind: PASSWORD` has written something else.
function unregistered({ kind, apiVersion }: Required<TypeMeta>): string {
  const areNames =
    /^[A-Z][A-Za-z0-9]{0,62}$/.test(kind) && /^(?:[a-z0-9.-]+\/)?(?:v\d{1,3}(?:(?:alpha|beta)\d{1,3})?|__internal)$/.test(apiVersion);
  return areNames ? `no kind "${kind}" is registered for version "${apiVersion}"` : `no ExecCredential of ${GROUP}`;
}

async function decodeStatus(stdout: string, apiVersion: string): Promise<Status> {
  const document = await parseDocument(stdout);
  const returned = kindAndVersion(document);
  if (
    returned.kind !== 'ExecCredential' ||
    !/\/(?:v1|v1beta1|__internal)$/.test(returned.apiVersion) ||
    !returned.apiVersion.startsWith(`${GROUP}/`)
  ) {
    throw new DecodeError(unregistered(returned));
  }
  const status = reply.decode(document, { struct: '', path: '' })?.status;
  if (returned.apiVersion !== apiVersion) {
    throw new Error(`exec plugin is configured to use API version ${apiVersion}, plugin returned version ${returned.apiVersion}`);
  }
  if (status === undefined) throw new Error("exec plugin didn't return a status field");
  return status;
}

function toReply(status: Status): ExecReply {
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = status;
  if (token === undefined && certificate === undefined && key === undefined) {
    throw new Error("exec plugin didn't return a token or cert/key pair");
  }
  if ((certificate === undefined) !== (key === undefined)) throw new Error('exec plugin returned only certificate or key, not both');
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined ? {} : { certificate: { certificate, key } }),
    ...(expirationTimestamp === undefined ? {} : { expiresAt: time(expirationTimestamp) }),
  };
}

/**
 * Reads the ExecCredential, JSON or YAML, that a plugin wrote. Throws an Error in client-go's words that never quotes the reply: it may hold
 * a token. https://github.com/kubernetes/client-go/blob/master/plugin/pkg/client/auth/exec/exec.go
 */
export async function readExecReply(stdout: string, apiVersion: string): Promise<ExecReply> {
  try {
    return toReply(await decodeStatus(stdout, apiVersion));
  } catch (cause) {
    throw cause instanceof DecodeError ? new Error(`decoding stdout: ${cause.message}`, { cause }) : cause;
  }
}
