import { dump } from 'js-yaml';
import type { Case, FileContent, Given } from '../case.ts';
import { idToken } from '../identity-provider.ts';
import { secret } from '../secrets.ts';
import { base64, type World } from '../world.ts';

/*
 * Kubeconfigs of the kinds that other clients are tested with, and that tools of cloud providers write. What kubectl makes of one is right, whatever
 * it is: success, what is shown to the server and to a plugin, and the words of a failure.
 */

/** What a fixture is filled with. */
interface Parts {
  readonly url: string;
  readonly world: World;
}

type Entry = (parts: Parts) => unknown;

interface Fixture {
  readonly name: string;
  readonly config: (parts: Parts) => string | Buffer;
  readonly contexts: readonly string[];
  /** In the words of a failure. */
  readonly differs?: Case['differs'];
}

const V1 = 'client.authentication.k8s.io/v1';
const V1BETA1 = 'client.authentication.k8s.io/v1beta1';
const V1ALPHA1 = 'client.authentication.k8s.io/v1alpha1';
const token = secret('fixture');
const HOUR = 3600;

/** Writes down that it ran, and gives a token. */
const PLUGIN = `#!/bin/sh
echo "$* $KUBERNETES_EXEC_INFO" >> DIR/plugin.log
v=$(echo "$KUBERNETES_EXEC_INFO" | sed 's/.*"apiVersion":"\\([^"]*\\)".*/\\1/')
echo "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"$v\\",\\"status\\":{\\"token\\":\\"${secret('plugged')}\\"}}"
`;

const exec = (more: object) => () => ({ exec: { apiVersion: V1BETA1, command: 'DIR/plugin', ...more } });
const provider = (name: string, config: unknown) => () => ({ 'auth-provider': { name, config } });
const oidc = (config: object) =>
  provider('oidc', { 'client-id': 'fake', 'client-secret': 'fake', 'idp-issuer-url': 'https://accounts.nowhere.invalid', ...config });
const pair = ({ world: { pki } }: Parts) => ({
  'client-certificate-data': base64(pki.client.certificate),
  'client-key-data': base64(pki.client.key),
});

const USERS: Readonly<Record<string, Entry>> = {
  'a token': () => ({ token }),
  'a token file beside the kubeconfig': () => ({ tokenFile: 'token' }),
  'a token file that is missing': () => ({ tokenFile: 'nowhere/token' }),
  'a token and a token file that is missing': () => ({ token, tokenFile: '/nowhere/token' }),
  'user name and password': () => ({ username: 'admin', password: secret('password') }),
  'a user name without a password': () => ({ username: 'admin' }),
  'a client certificate as data': pair,
  'a client certificate in files': () => ({ 'client-certificate': 'client.crt', 'client-key': 'client.key' }),
  'a client certificate as data and the key in a file': (parts) => ({
    'client-certificate-data': pair(parts)['client-certificate-data'],
    'client-key': 'client.key',
  }),
  'a certificate without a key': () => ({ 'client-certificate': 'client.crt' }),
  'a key without a certificate': (parts) => ({ token, 'client-key-data': pair(parts)['client-key-data'] }),
  'a client certificate that is missing': () => ({ 'client-certificate': '/nowhere/client.crt', 'client-key': '/nowhere/client.key' }),
  'a client certificate as data and in a file': (parts) => ({ ...pair(parts), 'client-certificate': 'client.crt' }),
  'certificate data that is no base64': () => ({ 'client-certificate-data': 'USER_CADATA', 'client-key-data': 'USER_CKDATA' }),
  'gcp with a command': provider('gcp', {
    'cmd-path': 'gcloud',
    'cmd-args': 'config config-helper --format=json',
    'token-key': '{.credential.access_token}',
    'expiry-key': '{.credential.token_expiry}',
  }),
  'gcp with a token': provider('gcp', { 'access-token': token, expiry: '2091-01-01T00:00:00Z' }),
  'azure with a token': provider('azure', { 'access-token': token, 'apiserver-id': 'x', 'client-id': 'y', 'tenant-id': 'z' }),
  openstack: provider('openstack', { ttl: '10m' }),
  'OIDC with a current token': oidc({ 'id-token': idToken(secret('held'), HOUR) }),
  'OIDC with a token that is none': oidc({ 'id-token': 'fake-id-token' }),
  'OIDC with an expired token': oidc({ 'id-token': idToken(secret('held'), -HOUR) }),
  'OIDC without a client': provider('oidc', { 'id-token': idToken(secret('held'), HOUR) }),
  'an auth-provider without config': provider('oidc', null),
  'a plugin': exec({}),
  'a plugin with arguments and environment': exec({ args: ['token', '-i', 'cluster'], env: [{ name: 'AWS_PROFILE', value: 'dev' }] }),
  'a plugin of the first alpha version': exec({ apiVersion: V1ALPHA1, args: ['eks', 'get-token'] }),
  'a plugin of v1 without interactiveMode': exec({ apiVersion: V1 }),
  'a plugin of v1 that is told the cluster': exec({ apiVersion: V1, interactiveMode: 'IfAvailable', provideClusterInfo: true }),
  'a plugin that wants a terminal': exec({ apiVersion: V1, interactiveMode: 'Always' }),
  'a plugin with null lists': exec({ args: null, env: null }),
  'a plugin with a number as argument': exec({ args: ['--port', 8000] }),
  'a plugin that is not installed': exec({ command: 'aws-iam-authenticator', installHint: 'Install aws-iam-authenticator.' }),
  'a plugin without a version': exec({ apiVersion: undefined }),
  'a plugin beside a token': () => ({ token, ...exec({})() }),
  'a plugin beside a client certificate': (parts) => ({ ...pair(parts), ...exec({})() }),
  'a plugin beside an auth-provider': () => ({ ...exec({})(), ...provider('gcp', {})() }),
  impersonation: () => ({ token, as: 'bob', 'as-groups': ['a', 'b'], 'as-user-extra': { Reason: ['x', 'y'] }, 'as-uid': '7' }),
  'impersonation with empty lists': () => ({ token, as: 'bob', 'as-groups': [], 'as-user-extra': {} }),
  'impersonation of groups alone': () => ({ token, 'as-groups': ['a'] }),
  'a token and user name and password': () => ({ token, username: 'admin', password: secret('password') }),
  'an empty token and user name and password': () => ({ token: '', username: 'admin', password: secret('password') }),
  'a number as user name': () => ({ username: 123, password: 456 }),
  'true as token': () => ({ token: true }),
  'unknown keys': () => ({ token, 'some-tool': { kept: true }, Token: 'not this' }),
  extensions: () => ({ token, extensions: [{ name: 'minikube.sigs.k8s.io', extension: { version: 'v1.30' } }] }),
};

const trusted = ({ url, world: { pki } }: Parts) => ({ server: url, 'certificate-authority-data': base64(pki.root.certificate) });

const CLUSTERS: Readonly<Record<string, Entry>> = {
  'a CA in a file': ({ url }) => ({ server: url, 'certificate-authority': 'ca.crt' }),
  'a CA that is missing': ({ url }) => ({ server: url, 'certificate-authority': '/nowhere/ca.crt' }),
  'several CAs': ({ url, world: { pki } }) => ({
    server: url,
    'certificate-authority-data': base64(pki.stranger.certificate + pki.root.certificate),
  }),
  'a CA that is none': ({ url }) => ({ server: url, 'certificate-authority-data': base64('CADATA2') }),
  'a CA that is no base64': ({ url }) => ({ server: url, 'certificate-authority-data': 'Q0FEQVRB!' }),
  'no verification': ({ url }) => ({ server: url, 'insecure-skip-tls-verify': true }),
  'no verification, and a CA': (parts) => ({ ...trusted(parts), 'insecure-skip-tls-verify': true }),
  'a text for a switch': ({ url }) => ({ server: url, 'insecure-skip-tls-verify': 'true' }),
  'a server name': (parts) => ({ ...trusted(parts), 'tls-server-name': 'api.example.test' }),
  'another server name': (parts) => ({ ...trusted(parts), 'tls-server-name': 'kube.example2.com' }),
  'a proxy of an unknown kind': (parts) => ({ ...trusted(parts), 'proxy-url': 'ftp://proxy:1' }),
  'a proxy that is empty': (parts) => ({ ...trusted(parts), 'proxy-url': '' }),
  'a path': (parts) => ({ ...trusted(parts), server: `${parts.url}/k8s/clusters/c-1/` }),
  'a server without a scheme': ({ url }) => ({ server: url.replace('https://', '') }),
  'no server': () => ({ 'insecure-skip-tls-verify': true }),
  'a server that is null': (parts) => ({ ...trusted(parts), server: null }),
  'nothing at all': () => null,
  'no compression': (parts) => ({ ...trusted(parts), 'disable-compression': true }),
  'extensions of minikube': (parts) => ({
    ...trusted(parts),
    extensions: [{ name: 'cluster_info', extension: { provider: 'minikube.sigs.k8s.io', version: 'v1.30' } }],
  }),
};

const CONTEXTS = ['main', 'without-a-user', 'of-a-missing-user'];

function document(cluster: unknown, user: unknown): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [{ name: 'cluster', cluster }],
    users: [{ name: 'user', user }],
    contexts: [
      { name: 'main', context: { cluster: 'cluster', user: 'user', namespace: 'team' } },
      { name: 'without-a-user', context: { cluster: 'cluster' } },
      { name: 'of-a-missing-user', context: { cluster: 'cluster', user: 'nobody', namespace: '' } },
    ],
    'current-context': 'main',
  };
}

const yaml = (value: object) => dump(value, { noRefs: true, lineWidth: 60 });

const ofUsers = Object.entries(USERS).flatMap(([name, user]): Fixture[] => [
  { name: `${name} in YAML`, config: (parts) => yaml(document(trusted(parts), user(parts))), contexts: CONTEXTS.slice(0, 1) },
  {
    name: `${name} in JSON`,
    config: (parts) => JSON.stringify(document(trusted(parts), user(parts)), undefined, 4),
    contexts: CONTEXTS.slice(0, 1),
  },
]);

const ofClusters = Object.entries(CLUSTERS).map(
  ([name, cluster]): Fixture => ({
    name: `a cluster with ${name}`,
    config: (parts) => yaml(document(cluster(parts), { token })),
    contexts: CONTEXTS,
  }),
);

/** Each of a person's contexts, in one file. */
function whole(
  name: string,
  contexts: readonly string[],
  config: (parts: Parts, usual: Readonly<Record<string, unknown>>) => object | string | Buffer,
): Fixture {
  const text = (parts: Parts) => {
    const made = config(parts, { ...document(trusted(parts), { token }) });
    return typeof made === 'string' || Buffer.isBuffer(made) ? made : yaml(made);
  };
  return { name, config: text, contexts };
}

const named = (names: readonly string[], entry: string, value: unknown) => names.map((name) => ({ name, [entry]: value }));

const wholes: readonly Fixture[] = [
  whole('all contexts that are usual', CONTEXTS, (_, usual) => usual),
  whole('lists that are null', ['main'], () => ({ apiVersion: 'v1', kind: 'Config', clusters: null, contexts: null, users: null })),
  whole('a context that is empty', ['main'], (_, usual) => ({ ...usual, contexts: [{ name: 'main', context: {} }] })),
  whole('a context that is null', ['main'], (_, usual) => ({ ...usual, contexts: [{ name: 'main', context: null }] })),
  whole('a context without a name', [''], (_, usual) => ({ ...usual, contexts: [{ context: { cluster: 'cluster', user: 'user' } }] })),
  whole('a context of a missing cluster', ['main'], (_, usual) => ({
    ...usual,
    contexts: [{ name: 'main', context: { cluster: 'nowhere', user: 'user' } }],
  })),
  {
    ...whole('a cluster twice', ['main'], (parts, usual) => ({
      ...usual,
      clusters: named(['cluster', 'cluster'], 'cluster', trusted(parts)),
    })),
    differs: { id: 'duplicate-entries' },
  },
  {
    ...whole('a user twice', ['main'], (_, usual) => ({ ...usual, users: named(['user', 'user'], 'user', { token }) })),
    differs: { id: 'duplicate-entries' },
  },
  whole('a context that is missing', ['nowhere'], (_, usual) => usual),
  whole('another kind', ['main'], (_, usual) => ({ ...usual, kind: 'Pod' })),
  whole('another version', ['main'], (_, usual) => ({ ...usual, apiVersion: 'v2' })),
  whole('neither kind nor version', ['main'], (_, { apiVersion: __, kind: ___, ...usual }) => usual),
  whole('lists in place of objects', ['main'], (_, usual) => ({ ...usual, users: { user: { token } } })),
  whole('names of OpenShift', ['team/api-host:6443/ana'], (parts, usual) => ({
    ...usual,
    clusters: [{ name: 'api-host:6443', cluster: trusted(parts) }],
    users: [{ name: 'ana/api-host:6443', user: { token } }],
    contexts: [{ name: 'team/api-host:6443/ana', context: { cluster: 'api-host:6443', user: 'ana/api-host:6443', namespace: 'team' } }],
  })),
  whole('names of EKS', ['arn:aws:eks:eu-west-1:123456789012:cluster/dev'], (parts, usual) => {
    const name = 'arn:aws:eks:eu-west-1:123456789012:cluster/dev';
    return {
      ...usual,
      clusters: [{ name, cluster: trusted(parts) }],
      users: [{ name, user: exec({ args: ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', 'dev'] })() }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    };
  }),
  whole('a byte order mark and line breaks of Windows', CONTEXTS, (_, usual) => `\uFEFF${yaml(usual).replaceAll('\n', '\r\n')}`),
  whole('UTF-16', CONTEXTS, (_, usual) => Buffer.from(`\uFEFF${yaml(usual)}`, 'utf16le')),
  whole('comments and blank lines', CONTEXTS, (_, usual) => `# mine\n\n${yaml(usual).replaceAll('\n', ' # why\n\n')}`),
  whole('a second document', CONTEXTS, (_, usual) => `---\n${yaml(usual)}---\nkind: Secret\n`),
  whole('anchors and merge keys', ['main', 'copy'], (parts) => {
    const { server, 'certificate-authority-data': ca } = trusted(parts);
    return `clusters:
- &c {name: cluster, cluster: {server: "${server}", certificate-authority-data: ${ca}}}
users:
- {name: user, user: &u {token: ${token}}}
- {name: copy, user: {<<: *u, as: bob}}
contexts:
- {name: main, context: &x {cluster: cluster, user: user, namespace: team}}
- {name: copy, context: {<<: *x, user: copy}}
current-context: main
`;
  }),
  whole('a CA in a folded text', ['main'], (parts, usual) => {
    const { server, 'certificate-authority-data': ca } = trusted(parts);
    const lines = ca.match(/.{1,64}/g)?.map((line) => `      ${line}`) ?? [];
    const { clusters: _, ...rest } = usual;
    return `${yaml(rest)}clusters:\n- name: cluster\n  cluster:\n    server: ${server}\n    certificate-authority-data: |\n${lines.join('\n')}\n`;
  }),
  { ...whole('tabs', ['main'], (_, usual) => yaml(usual).replaceAll('  ', '\t')), differs: { id: 'yaml-wording' } },
  whole('numbers and booleans as names', ['main'], (_, usual) => ({ ...usual, contexts: [{ name: 1, context: { cluster: 'cluster' } }] })),
];

const FIXTURES: readonly Fixture[] = [...ofUsers, ...ofClusters, ...wholes];

function files({ pki }: World): Given['files'] {
  return {
    plugin: { text: PLUGIN, mode: 0o700 },
    'home/.kube/token': secret('from-file'),
    'home/.kube/ca.crt': pki.root.certificate,
    'home/.kube/client.crt': pki.client.certificate,
    'home/.kube/client.key': pki.client.key,
  };
}

/** Some user entries are no place for an API server to answer 200: what matters is that both programs do the same. */
export const fixtureCases: readonly Case[] = FIXTURES.flatMap(({ name, config, contexts, differs }) =>
  contexts.map(
    (context): Case => ({
      section: '2.3',
      name: `fixture: ${name}, context ${JSON.stringify(context)}`,
      agrees: true,
      ...(differs && { differs }),
      given: (api, world) => {
        const content: FileContent = config({ url: api.url, world });
        return { config: content, files: files(world) ?? {}, flags: [`--context=${context}`] };
      },
    }),
  ),
);
