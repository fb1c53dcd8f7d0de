import type { Secret } from '../../text/secret.ts';

/** A certificate authority with where it came from, for messages. */
export interface PemSource {
  readonly pem: Buffer;
  /** `certificate-authority-data of cluster "dev"`, or a path. */
  readonly origin: string;
}

/** As `PemSource`, for what is or may hold a private key: one file may be named for certificate and key. */
export interface SecretPem {
  readonly pem: Secret<Buffer>;
  readonly origin: string;
}

/** A client certificate with its chain, and its key. */
export interface KeyPair {
  readonly certificate: SecretPem;
  readonly key: SecretPem;
}

/** How TLS to the API server is set up: docs/connection.md section 4. */
export interface TlsConfig {
  /** Absent: the system's roots. */
  readonly ca?: PemSource;
  readonly insecure: boolean;
  /** `tls-server-name`: SNI and verified name in place of the URL's host. */
  readonly serverName?: string;
  readonly clientCertificate?: KeyPair;
}

/** What is sent with a request to prove who we are, besides a client certificate of `TlsConfig`. */
export interface Credential {
  /** The whole value of `Authorization`; absent if there is none to send. */
  readonly authorization?: Secret;
  /** A certificate that an exec plugin returned; a changed one closes old connections. */
  readonly clientCertificate?: KeyPair;
}

/** Where credentials come from; built by `credentials.ts`, asked by `transport.ts` before each request. */
export interface CredentialSource {
  /** `token of user "ana"`, for messages. */
  readonly origin: string;
  readonly get: (signal: AbortSignal) => Promise<Credential>;
  /** No plugin and no identity provider has to be asked for them. */
  readonly isAtHand?: true;
  /**
   * Called after a 401: true if the next `get` may give something else, so that one more try makes sense. `rejected` is what that
   * request had sent, so that of several requests refused together only the first makes a plugin run again.
   */
  readonly refresh?: (rejected?: Credential) => boolean;
}

/** Whom to act as: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** All that `transport.ts` needs to talk to one API server as one identity. Made by `credentials/client-config.ts`. */
export interface ClientConfig {
  /** Scheme, host and port in lower case and a path prefix without a final slash; no user info. */
  readonly url: URL;
  /** Zone of a link-local IPv6 address, which `url` cannot hold. */
  readonly zone?: string;
  readonly tls: TlsConfig;
  /** `proxy-url` of the cluster entry, which may hold a password; absent: the environment decides. */
  readonly proxyUrl?: Secret<URL>;
  readonly credentials: CredentialSource;
  readonly impersonation?: Impersonation;
  readonly compression: boolean;
  /** Milliseconds; absent: no limit. */
  readonly requestTimeout?: number;
  /** The connection flags that were given, such as `--token`: for messages. */
  readonly flags?: ReadonlySet<string>;
  readonly contextName?: string;
  /** Those that there are, if none is chosen. */
  readonly contextNames?: readonly string[];
  /** The cluster entry that names the server; absent if a flag does. */
  readonly clusterName?: string;
  readonly userName?: string;
  /** Kubeconfig files that were read, or that were looked for and not there. */
  readonly files: { readonly read: readonly string[]; readonly missing: readonly string[] };
  /** True if no cluster is configured at all and `url` is client-go's last resort http://localhost:8080. */
  readonly isFallback: boolean;
  readonly inCluster: boolean;
  readonly namespace: string;
}
