import type { Snapshot } from './folder.ts';

/** What a server was shown by one request for ServingRuntimes. */
export interface SeenRequest {
  /** Label of the server that got it. */
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly host: string;
  readonly authorization: string | undefined;
  /** `Impersonate-…` header lines in lower case names, one a line as sent, sorted. */
  readonly impersonation: readonly string[];
  readonly acceptsGzip: boolean;
  /** SNI; undefined for an address and over plain http. */
  readonly serverName: string | undefined;
  /** CN of the client's certificate. */
  readonly clientCertificate: string | undefined;
}

/** What a proxy was asked for. */
export interface SeenProxying {
  readonly proxy: string;
  /** `CONNECT`, `GET` (absolute-form) or `SOCKS5`. */
  readonly how: string;
  /** `host:port` or the URL's origin. */
  readonly target: string;
  readonly credentials: string | undefined;
}

/** Everything that one run of kubectl or of ours did which the other must have done too. */
export interface Observation {
  readonly succeeded: boolean;
  readonly requests: readonly SeenRequest[];
  readonly proxying: readonly SeenProxying[];
  /** What each different run of a credential plugin was given. */
  readonly plugins: readonly string[];
  /** Requests to the identity provider, without random parts. */
  readonly identityProvider: readonly string[];
  /** `Warning:` lines on stderr, and what a plugin says there. */
  readonly told: readonly string[];
  /** Kubeconfig files that the case watches, after the run. */
  readonly watched: Readonly<Record<string, Snapshot | undefined>>;
}

export interface Run extends Observation {
  readonly stdout: string;
  readonly stderr: string;
}
