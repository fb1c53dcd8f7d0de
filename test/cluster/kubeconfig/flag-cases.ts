import fc from 'fast-check';
import type { ConnectionOptions } from '../../../src/cluster/connection-options.ts';

/** A kubeconfig and flags. Clusters are at `origin`, each below a path of its own, so that a request shows which was chosen. */
export interface FlagCase {
  readonly kubeconfig: object;
  readonly options: ConnectionOptions;
}

const FLAGS: Readonly<Record<string, string>> = {
  context: '--context',
  cluster: '--cluster',
  user: '--user',
  server: '--server',
  token: '--token',
  username: '--username',
  password: '--password',
  as: '--as',
  asGroup: '--as-group',
  asUid: '--as-uid',
  asUserExtra: '--as-user-extra',
  certificateAuthority: '--certificate-authority',
  clientCertificate: '--client-certificate',
  clientKey: '--client-key',
  insecureSkipTlsVerify: '--insecure-skip-tls-verify',
  tlsServerName: '--tls-server-name',
  disableCompression: '--disable-compression',
  requestTimeout: '--request-timeout',
};

/** The flags as words of a command line. */
export function toWords(options: ConnectionOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) => [value].flat().map((one) => `${FLAGS[name]}=${one}`));
}

function rarely<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 14, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one });
}

function sparse(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(model).map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
}

const name = fc.constantFrom('a', 'a', 'a', 'b', 'b', 'b', 'gone', '');
const file = fc.constantFrom('there', 'missing', '');
const data = fc.constant('Q0E=');
const extra = fc.dictionary(fc.constantFrom('k', 'K%'), fc.array(fc.constantFrom('v', 'w'), { maxLength: 2 }), { maxKeys: 2 });

const user = sparse({
  token: rarely(fc.constantFrom('t', '')),
  username: rarely(fc.constantFrom('u', '')),
  password: rarely(fc.constantFrom('p', '')),
  as: fc.option(fc.constantFrom('ana', 'ünï', ''), { nil: undefined }),
  'as-uid': rarely(fc.constantFrom('7', '')),
  'as-groups': rarely(fc.array(fc.constantFrom('g', 'g,h'), { maxLength: 2 })),
  'as-user-extra': rarely(extra),
  'client-certificate': rarely(file),
  'client-certificate-data': rarely(data),
  'client-key': rarely(file),
  'client-key-data': rarely(data),
  exec: rarely(sparse({ command: rarely(fc.constant('x')), apiVersion: rarely(fc.constant('client.authentication.k8s.io/v1beta1')) })),
  'auth-provider': rarely(fc.constant({ name: 'oidc' })),
});

function cluster(origin: string, own: string): fc.Arbitrary<Record<string, unknown>> {
  const server = fc.constantFrom(`${origin}/${own}/`, `${origin}/${own}?q=1`, `${origin}//${own}/x/..`);
  return sparse({
    server: fc.oneof({ weight: 12, arbitrary: server }, { weight: 1, arbitrary: fc.constantFrom('', 'ftp://x', 'https://', 'a/b') }),
    'tls-server-name': rarely(fc.constant('sni')),
    'insecure-skip-tls-verify': rarely(fc.boolean()),
    'certificate-authority': rarely(file),
    'certificate-authority-data': rarely(data),
    'proxy-url': rarely(fc.constantFrom('ftp://p', '://p', 'p:1', '127.0.0.1:1')),
    'disable-compression': rarely(fc.boolean()),
  });
}

/** Random cases around an http server at `origin`. */
export function flagCases(origin: string): fc.Arbitrary<FlagCase> {
  const context = sparse({ cluster: name, user: name });
  const entries = <T>(key: string, entry: (own: string) => fc.Arbitrary<T>) =>
    fc.tuple(entry('a'), entry('b')).map(([a, b]) => [
      { name: 'a', [key]: a },
      { name: 'b', [key]: b },
    ]);
  const kubeconfig = sparse({
    'current-context': fc.constantFrom('a', 'b', 'a', 'b', 'gone', ''),
    contexts: entries('context', () => context),
    clusters: entries('cluster', (own) => cluster(origin, own)),
    users: entries('user', () => user),
  });
  const options = sparse({
    context: rarely(name),
    cluster: fc.option(name, { nil: undefined }),
    user: rarely(name),
    server: rarely(fc.constantFrom(`${origin}/flag`, '')),
    token: rarely(fc.constantFrom('f', '')),
    username: rarely(fc.constantFrom('f', '')),
    password: rarely(fc.constantFrom('f', '')),
    as: rarely(fc.constantFrom('bob', '')),
    asGroup: rarely(fc.array(fc.constantFrom('x', 'x,y', ''), { minLength: 1, maxLength: 2 })),
    asUid: rarely(fc.constantFrom('9', '')),
    asUserExtra: rarely(fc.array(fc.constantFrom('k=1', 'k=2=3', 'junk', 'z='), { minLength: 1, maxLength: 3 })),
    certificateAuthority: rarely(file),
    clientCertificate: rarely(file),
    clientKey: rarely(file),
    insecureSkipTlsVerify: rarely(fc.boolean()),
    tlsServerName: rarely(fc.constantFrom('x', '')),
    disableCompression: rarely(fc.boolean()),
    requestTimeout: rarely(fc.constantFrom('5', '1m', '0', '1x')),
  });
  return fc.record({ kubeconfig, options }) as fc.Arbitrary<FlagCase>;
}
