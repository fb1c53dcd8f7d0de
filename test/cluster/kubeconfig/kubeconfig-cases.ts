import fc from 'fast-check';
import { dump } from 'js-yaml';

/** A kubeconfig file of a random case. */
interface CaseFile {
  /** Relative to the folder of the case. */
  readonly path: string;
  /** Absent: the file is in the list but not on the disk. */
  readonly text?: string;
}

export interface Case {
  readonly files: readonly CaseFile[];
  readonly context: string | undefined;
}

const name = fc.constantFrom('a', 'b', 'c', 'd');
const there = fc.constantFrom('ca.crt', 'pki/ca.crt');
const path = fc.oneof({ weight: 20, arbitrary: there }, { weight: 1, arbitrary: fc.constant('none.crt') });
const data = fc.constantFrom('Y2VydA==', 'a2V5', 'bm90\nYSBjZXJ0', 'b3RoZXI=');
const extensions = fc.array(fc.record({ name, extension: fc.constantFrom<unknown>({ b: 1, a: 'x' }, 'text', [1, 2]) }), { maxLength: 1 });

/** A file, data, neither, and seldom both. */
function pem(key: string): fc.Arbitrary<Record<string, string>> {
  const file = path.map((value) => ({ [key]: value }));
  const inline = data.map((value) => ({ [`${key}-data`]: value }));
  const both = fc.tuple(file, inline).map(([one, other]) => ({ ...one, ...other }));
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    { weight: 8, arbitrary: file },
    { weight: 8, arbitrary: inline },
    { weight: 1, arbitrary: both },
  );
}

function joined(...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> {
  return fc.tuple(...parts).map((values) => Object.assign({}, ...values) as object);
}

function sparse<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const cluster = joined(
  pem('certificate-authority'),
  sparse({
    server: fc.constantFrom('https://one:6443', 'http://two', 'three:80', ''),
    'tls-server-name': fc.constantFrom('sni', ''),
    'insecure-skip-tls-verify': fc.boolean(),
    'proxy-url': fc.constantFrom('http://proxy:3128', 'socks5://proxy'),
    'disable-compression': fc.boolean(),
    extensions,
  }),
);

const exec = sparse({
  command: fc.constantFrom('aws', 'bin/login', '/opt/login'),
  args: fc.array(fc.constantFrom('x', '', '--y=z'), { maxLength: 2 }),
  env: fc.array(fc.record({ name, value: fc.constantFrom('', 'v') }), { maxLength: 1 }),
  apiVersion: fc.constantFrom(
    'client.authentication.k8s.io/v1',
    'client.authentication.k8s.io/v1beta1',
    'client.authentication.k8s.io/v1alpha1',
  ),
  interactiveMode: fc.constantFrom('Never', 'Always', 'Sometimes'),
  installHint: fc.constantFrom('install\nit', ''),
  provideClusterInfo: fc.boolean(),
});

const user = joined(
  pem('client-certificate'),
  pem('client-key'),
  sparse({
    token: fc.constantFrom('t1', 't2', ''),
    tokenFile: fc.constantFrom('token', '/run/token', '../token'),
    as: fc.constantFrom('ana', 'ünï', ''),
    'as-uid': fc.constantFrom('7', ''),
    'as-groups': fc.array(fc.constantFrom('g1', 'g,2', ''), { maxLength: 2 }),
    'as-user-extra': fc.dictionary(fc.constantFrom('k', 'K%', 'scope'), fc.array(fc.constantFrom('v', 'w'), { maxLength: 2 }), {
      maxKeys: 2,
    }),
    username: fc.constantFrom('u', ''),
    password: fc.constantFrom('p', ''),
    'auth-provider': fc.record({
      name: fc.constantFrom('oidc', 'gcp'),
      config: fc.dictionary(name, fc.constantFrom('', 'x'), { maxKeys: 2 }),
    }),
    exec,
    extensions,
  }),
);

const context = sparse({ cluster: name, user: name, namespace: fc.constantFrom('team', 'default', ''), extensions });

function unique<T extends { readonly name: string }>(entry: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  const many = fc.uniqueArray(entry, { minLength: 3, maxLength: 4, selector: (one) => one.name });
  // A name twice in one list is an error, used or not.
  return fc.oneof({ weight: 150, arbitrary: many }, { weight: 1, arbitrary: fc.array(entry, { minLength: 2, maxLength: 4 }) });
}

/** Entries of types that kubectl refuses, in places that need not be used. */
const broken = fc.constantFrom<Record<string, unknown>>(
  { users: [{ name: 'z', user: { token: 5 } }] },
  { users: [{ name: 'z', user: { tokenFile: true, exec: 'x' } }] },
  { users: [{ name: 1 }] },
  { users: 'x' },
  { clusters: [{ name: 'z', cluster: { 'insecure-skip-tls-verify': 'yes', server: 1 } }] },
  { clusters: [{ name: 'z', cluster: { 'certificate-authority-data': 'YQ' } }] },
  { clusters: [{ name: 'z', cluster: [] }] },
  { contexts: [{ name: 'z', context: { namespace: 1.5 } }] },
  { contexts: [5] },
  { 'current-context': true },
  { kind: 'Pod', apiVersion: 'v1' },
  { kind: 7 },
);

const whole = fc
  .record(
    {
      apiVersion: fc.constant('v1'),
      kind: fc.constant('Config'),
      'current-context': fc.constantFrom('a', 'b', 'c', 'd', ''),
      clusters: unique(fc.record({ name, cluster })),
      users: unique(fc.record({ name, user })),
      contexts: unique(fc.record({ name, context })),
      unknown: fc.constant({ a: 1 }),
    },
    { requiredKeys: ['clusters', 'users', 'contexts'] },
  )
  .chain((config) =>
    fc.oneof({ weight: 60, arbitrary: fc.constant(config) }, { weight: 1, arbitrary: broken.map((fault) => ({ ...config, ...fault })) }),
  );

const text = fc
  .tuple(whole, fc.constantFrom('json', 'indented', 'yaml', 'document', 'crlf', 'flow', 'bom'))
  .map(([config, format]): string => {
    const yaml = () => dump(config, { noRefs: true });
    switch (format) {
      case 'json':
        return JSON.stringify(config);
      case 'indented':
        return JSON.stringify(config, null, '\t');
      case 'document':
        return `# comment\n---\n${yaml()}---\nnot: read\n`;
      case 'crlf':
        return yaml().replaceAll('\n', '\r\n');
      case 'flow':
        return dump(config, { noRefs: true, flowLevel: 1 });
      case 'bom':
        return `\ufeff${yaml()}`;
      default:
        return yaml();
    }
  });

const file: fc.Arbitrary<CaseFile> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ path: fc.constantFrom('one', 'two', 'sub/three', 'sub/four'), text }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { path: 'missing' },
      { path: 'empty', text: '' },
      { path: 'comment', text: '# nothing\n' },
      { path: 'bare', text: 'kind: Config\n' },
    ),
  },
);

/** A KUBECONFIG list and a context to choose. */
export const cases: fc.Arbitrary<Case> = fc.record({
  files: fc.uniqueArray(file, { minLength: 1, maxLength: 4, selector: (one) => one.path }),
  context: fc.option(fc.constantFrom('a', 'b', 'c', 'nowhere'), { nil: undefined, freq: 2 }),
});
