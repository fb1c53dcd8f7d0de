/** Options of Node under which the packaged programs run. */
export const NODE_OPTIONS: readonly string[] = [
  // Otherwise SIGUSR1 would open a debugger to every local user, in a process that holds credentials.
  '--disable-sigusr1',
  // Otherwise NODE_USE_ENV_PROXY would have Node read proxies before us, which ends it with a stack and code 1 where one has no scheme.
  '--no-use-env-proxy',
  // Otherwise Node parses all authorities that it knows in a thread of their own, as soon as it has TLS. Neither those nor OpenSSL's
  // are ever asked: `tls.ts` says which authorities count.
  '--use-openssl-ca',
  // Megabytes for new objects. V8 would start with one, which it collects again and again, and go on to 16, which is most of what a long list takes.
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
];
