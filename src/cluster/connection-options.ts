/** kubectl's connection flags as given; absent = not given. Names are the flags', in camel case. */
export interface ConnectionOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUid?: string;
  readonly asUserExtra?: readonly string[];
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly requestTimeout?: string;
  readonly disableCompression?: boolean;
  readonly proxyUrl?: string;
  readonly cacheDir?: string;
  /** Path of kubectl's preferences file, read for `credentialPluginPolicy`. */
  readonly kuberc?: string;
  /** `-v`: 0 to 10. */
  readonly verbosity?: number;
}
