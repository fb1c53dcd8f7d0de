import { type Case, kubeconfig } from '../case.ts';
import { basic, secret } from '../secrets.ts';
import { base64 } from '../world.ts';

const bearer = (name: string) => ({ authorization: `Bearer ${secret(name)}` });
const NOTHING_CONFIGURED = 'The connection to the server localhost:8080 was refused - did you specify the right host or port?';
const UNTRUSTED = 'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority';

/** docs/connection.md 2.3: merging files, choosing a context, and what flags replace. */
export const choosingCases: readonly Case[] = [...mergeCases(), ...contextCases(), ...clusterFlagCases(), ...userFlagCases()];

function mergeCases(): readonly Case[] {
  return [
    {
      section: '2.3',
      name: 'the first file with a user of that name wins, whole',
      given: (api, { clusterOf }) => ({
        files: {
          a: kubeconfig({ user: { username: 'ana' }, top: { clusters: [], contexts: [], 'current-context': '' } }),
          b: kubeconfig({ cluster: clusterOf(api), user: { username: 'bob', password: secret('merged') } }),
        },
        env: { KUBECONFIG: 'DIR/a:DIR/b' },
        flags: ['--password', secret('flag')],
      }),
      sees: { authorization: basic('ana', secret('flag')) },
    },
    {
      section: '2.3',
      name: 'the first file with a cluster of that name wins, whole',
      given: (api, { clusterOf }) => ({
        files: {
          a: kubeconfig({ cluster: { server: api.url }, top: { users: [], contexts: [], 'current-context': '' } }),
          b: kubeconfig({ cluster: clusterOf(api), user: { token: secret('b') } }),
        },
        env: { KUBECONFIG: 'DIR/a:DIR/b' },
      }),
      fails: UNTRUSTED,
    },
    {
      section: '2.3',
      name: 'the first file that sets a current-context wins',
      given: (api, { clusterOf }) => ({
        files: {
          a: kubeconfig({ top: { clusters: [], users: [], contexts: [], 'current-context': '' } }),
          b: kubeconfig({ cluster: clusterOf(api), user: { token: secret('b') } }),
          c: kubeconfig({
            top: { contexts: [{ name: 'z', context: { cluster: 'c', user: 'u', namespace: 'last' } }], 'current-context': 'z' },
          }),
        },
        env: { KUBECONFIG: 'DIR/a:DIR/b:DIR/c' },
      }),
      sees: { ...bearer('b'), path: '/apis/serving.kserve.io/v1alpha1/namespaces/team/servingruntimes' },
    },
    {
      section: '2.3',
      name: 'context, cluster and user come from three files',
      given: (api, { clusterOf }) => ({
        files: {
          a: kubeconfig({ top: { clusters: [], users: [] } }),
          b: kubeconfig({ cluster: clusterOf(api), top: { users: [], contexts: [], 'current-context': 'ignored' } }),
          c: kubeconfig({ user: { token: secret('c') }, top: { clusters: [], contexts: [] } }),
        },
        env: { KUBECONFIG: 'DIR/a:DIR/b:DIR/c' },
      }),
      sees: bearer('c'),
    },
    {
      section: '2.3',
      name: 'the same name in two files is no fault',
      given: (api, { clusterOf }) => ({
        files: {
          a: kubeconfig({ cluster: clusterOf(api), user: { token: secret('a') } }),
          b: kubeconfig({ cluster: clusterOf(api), user: { token: secret('b') }, context: { namespace: 'b' } }),
        },
        env: { KUBECONFIG: 'DIR/a:DIR/b' },
      }),
      sees: { ...bearer('a'), path: '/apis/serving.kserve.io/v1alpha1/namespaces/team/servingruntimes' },
    },
  ];
}

function contextCases(): readonly Case[] {
  const other = { name: 'other', context: { cluster: 'c', user: 'v', namespace: 'elsewhere' } };
  const both = (cluster: object, context = 'x') =>
    kubeconfig({
      top: {
        clusters: [{ name: 'c', cluster }],
        users: [
          { name: 'u', user: { token: secret('u') } },
          { name: 'v', user: { token: secret('v') } },
        ],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'team' } }, other],
        'current-context': context,
      },
    });
  return [
    {
      section: '2.3',
      name: '--context chooses user and namespace',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api)), flags: ['--context=other'] }),
      sees: { ...bearer('v'), path: '/apis/serving.kserve.io/v1alpha1/namespaces/elsewhere/servingruntimes' },
    },
    {
      section: '2.3',
      name: '--context must exist',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api)), flags: ['--context', 'zzz'] }),
      fails: 'Error in configuration: context was not found for specified context: zzz',
    },
    {
      section: '2.3',
      name: 'current-context must exist',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api), 'stale') }),
      fails: 'Error in configuration: context was not found for specified context: stale',
    },
    {
      section: '2.3',
      name: 'a stale current-context does not matter to --context',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api), 'stale'), flags: ['--context=other'] }),
      sees: bearer('v'),
    },
    {
      section: '2.3',
      name: 'an empty --context counts as not given',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api)), flags: ['--context', ''] }),
      sees: bearer('u'),
    },
    {
      section: '2.3',
      name: 'without a current-context no context is used, even if there is just one',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u') }, top: { 'current-context': '' } }),
        flags: ['--token', secret('flag')],
      }),
      fails: NOTHING_CONFIGURED,
    },
    {
      section: '2.3',
      name: '--cluster and --user without a context are enough',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api), ''), flags: ['--cluster=c', '--user=v'] }),
      sees: { ...bearer('v'), path: '/apis/serving.kserve.io/v1alpha1/namespaces/default/servingruntimes' },
    },
    {
      section: '2.3',
      name: '--user replaces the user of the context',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api)), flags: ['--user', 'v'] }),
      sees: { ...bearer('v'), path: '/apis/serving.kserve.io/v1alpha1/namespaces/team/servingruntimes' },
    },
    {
      section: '2.3',
      name: '--cluster replaces the cluster of the context',
      given: async (api, { clusterOf, api: start }) => {
        const clusters = [
          { name: 'c', cluster: clusterOf(api) },
          { name: 'd', cluster: clusterOf(await start('other api')) },
        ];
        return { config: kubeconfig({ user: { token: secret('u') }, top: { clusters } }), flags: ['--cluster', 'd'] };
      },
      sees: { ...bearer('u'), server: 'other api' },
    },
    {
      section: '2.3',
      name: '--cluster must exist',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api)), flags: ['--cluster', 'zzz'] }),
      fails: 'no server found for cluster "zzz"',
    },
    {
      section: '2.3',
      name: '--user must exist',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api)), flags: ['--user', 'zzz'] }),
      fails: 'auth info "zzz" does not exist',
    },
    {
      section: '2.3',
      name: 'a cluster that only the context names is silently empty',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u') }, context: { cluster: 'zzz' } }),
      }),
      fails: NOTHING_CONFIGURED,
    },
    {
      section: '2.3',
      name: 'a user that only the context names is silently empty',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: clusterOf(api), context: { user: 'zzz' } }),
        flags: ['--token', secret('flag')],
      }),
      sees: bearer('flag'),
    },
    {
      section: '2.3',
      name: '-n replaces the namespace of the context',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api)), flags: ['-n', 'flagged'] }),
      sees: { path: '/apis/serving.kserve.io/v1alpha1/namespaces/flagged/servingruntimes' },
    },
    {
      section: '2.5',
      name: 'an empty -n counts as not given',
      given: (api, { clusterOf }) => ({ config: both(clusterOf(api)), flags: ['-n', ''] }),
      sees: { path: '/apis/serving.kserve.io/v1alpha1/namespaces/team/servingruntimes' },
    },
    {
      section: '2.5',
      name: 'the namespace is default if nothing says otherwise, whatever POD_NAMESPACE says',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u') }, context: { namespace: '' } }),
        env: { POD_NAMESPACE: 'pod' },
      }),
      sees: { path: '/apis/serving.kserve.io/v1alpha1/namespaces/default/servingruntimes' },
    },
  ];
}

function clusterFlagCases(): readonly Case[] {
  return [
    {
      section: '2.3',
      name: 'KUBERNETES_MASTER is the server if no cluster is found',
      api: { http: true },
      given: (api) => ({ env: { KUBERNETES_MASTER: api.url }, flags: ['--token', secret('flag')] }),
      sees: { authorization: undefined },
    },
    {
      section: '2.3',
      name: 'KUBERNETES_MASTER does not matter beside a cluster entry',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u') } }),
        env: { KUBERNETES_MASTER: 'http://127.0.0.1:9' },
      }),
      sees: bearer('u'),
    },
    {
      section: '2.3',
      name: '--server keeps CA and user',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: { ...clusterOf(api), server: 'https://127.0.0.1:9' }, user: { token: secret('u') } }),
        flags: ['--server', api.url],
      }),
      sees: bearer('u'),
    },
    {
      section: '2.3',
      name: '-s is --server',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: { ...clusterOf(api), server: 'https://127.0.0.1:9' }, user: { token: secret('u') } }),
        flags: [`-s=${api.url}`],
      }),
      sees: bearer('u'),
    },
    {
      section: '2.3',
      name: '--server clears tls-server-name',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: { ...clusterOf(api), 'tls-server-name': 'wrong.test' }, user: { token: secret('u') } }),
        flags: ['--server', api.url],
      }),
      sees: { ...bearer('u'), serverName: undefined },
    },
    {
      section: '2.3',
      name: 'an empty --server keeps server and tls-server-name',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: { ...clusterOf(api), 'tls-server-name': 'api.example.test' }, user: { token: secret('u') } }),
        flags: ['--server', ''],
      }),
      sees: { ...bearer('u'), serverName: 'api.example.test' },
    },
    {
      section: '2.3',
      name: '--tls-server-name replaces that of the entry',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: { ...clusterOf(api), 'tls-server-name': 'wrong.test' }, user: { token: secret('u') } }),
        flags: ['--tls-server-name', 'api.example.test'],
      }),
      sees: { ...bearer('u'), serverName: 'api.example.test' },
    },
    {
      section: '2.3',
      name: '--insecure-skip-tls-verify=false does not switch verification on',
      given: (api) => ({
        config: kubeconfig({ cluster: { server: api.url, 'insecure-skip-tls-verify': true }, user: { token: secret('u') } }),
        flags: ['--insecure-skip-tls-verify=false'],
      }),
      sees: bearer('u'),
    },
    {
      section: '2.3',
      name: '--insecure-skip-tls-verify takes the CA of the entry away',
      given: (api, { pki }) => ({
        config: kubeconfig({
          cluster: { server: api.url, 'certificate-authority-data': base64(pki.stranger.certificate) },
          user: { token: secret('u') },
        }),
        flags: ['--insecure-skip-tls-verify'],
      }),
      sees: bearer('u'),
    },
    {
      section: '2.3',
      name: '--certificate-authority replaces data and switches insecure off',
      given: (api, { pki }) => ({
        config: kubeconfig({ cluster: { server: api.url, 'insecure-skip-tls-verify': true }, user: { token: secret('u') } }),
        files: { 'stranger.crt': pki.stranger.certificate },
        flags: ['--certificate-authority', 'stranger.crt'],
      }),
      fails: UNTRUSTED,
    },
    {
      section: '2.3',
      name: '--certificate-authority is relative to the working folder and replaces data',
      given: (api, { pki }) => ({
        config: kubeconfig({
          cluster: { server: api.url, 'certificate-authority-data': base64(pki.stranger.certificate) },
          user: { token: secret('u') },
        }),
        files: { 'sub/root.crt': pki.root.certificate },
        flags: ['--certificate-authority=sub/root.crt'],
      }),
      sees: bearer('u'),
    },
    {
      section: '2.3',
      name: 'an empty --certificate-authority keeps the CA of the entry',
      given: (api, { clusterOf }) => ({
        config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u') } }),
        flags: ['--certificate-authority='],
      }),
      sees: bearer('u'),
    },
  ];
}

function userFlagCases(): readonly Case[] {
  const flagged = (name: string, user: object, flags: readonly string[], expected: Pick<Case, 'sees' | 'fails' | 'differs'>): Case => ({
    section: '2.3',
    name,
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user }),
      files: {
        token: secret('file'),
        empty: '',
        'other.crt': pki.otherClient.certificate,
        'other.key': pki.otherClient.key,
        'me.crt': pki.client.certificate,
        'me.key': pki.client.key,
      },
      flags,
    }),
    ...expected,
  });
  const certificate = { 'client-certificate': 'DIR/me.crt', 'client-key': 'DIR/me.key' };
  return [
    flagged('--token replaces the token', { token: secret('u') }, ['--token', secret('flag')], { sees: bearer('flag') }),
    flagged('an empty --token keeps the token', { token: secret('u') }, ['--token='], { sees: bearer('u') }),
    flagged('a tokenFile wins over --token', { tokenFile: 'DIR/token' }, ['--token', secret('flag')], { sees: bearer('file') }),
    flagged('--token serves while the tokenFile is not readable', { tokenFile: 'DIR/none' }, ['--token', secret('flag')], {
      sees: bearer('flag'),
    }),
    flagged('--token serves while the tokenFile is empty', { tokenFile: 'DIR/empty' }, ['--token', secret('flag')], {
      sees: bearer('flag'),
    }),
    flagged('--username and --password', {}, ['--username=ana', '--password', secret('flag')], {
      sees: { authorization: basic('ana', secret('flag')) },
    }),
    flagged('--password replaces the password', { username: 'ana', password: secret('u') }, ['--password', secret('flag')], {
      sees: { authorization: basic('ana', secret('flag')) },
    }),
    flagged('--token beside user name and password is refused', { username: 'ana', password: secret('u') }, ['--token', secret('flag')], {
      fails: 'error: more than one authentication method found for u; found [token basicAuth], only one is allowed',
    }),
    flagged('--username beside a token is refused', { token: secret('u') }, ['--username', 'ana', '--password', secret('flag')], {
      fails: 'error: more than one authentication method found for u; found [token basicAuth], only one is allowed',
    }),
    flagged(
      '--client-certificate and --client-key replace files',
      certificate,
      ['--client-certificate=other.crt', '--client-key=other.key'],
      {
        sees: { clientCertificate: 'other-cert-user', authorization: undefined },
      },
    ),
    flagged('--token keeps the client certificate', certificate, ['--token', secret('flag')], {
      sees: { clientCertificate: 'cert-user', ...bearer('flag') },
    }),
    {
      section: '2.3',
      name: '--client-certificate and --client-key replace data',
      given: (api, { clusterOf, pki }) => ({
        config: kubeconfig({
          cluster: clusterOf(api),
          user: { 'client-certificate-data': base64(pki.client.certificate), 'client-key-data': base64(pki.client.key) },
        }),
        files: { 'other.crt': pki.otherClient.certificate, 'other.key': pki.otherClient.key },
        flags: ['--client-certificate', 'other.crt', '--client-key', 'other.key'],
      }),
      sees: { clientCertificate: 'other-cert-user' },
    },
    flagged(
      '--as keeps groups, uid and extra of the entry',
      { token: secret('u'), as: 'eve', 'as-groups': ['g1', 'g2'], 'as-uid': '7', 'as-user-extra': { k: ['a', 'b'] } },
      ['--as', 'bob'],
      {
        sees: {
          impersonation: [
            'impersonate-extra-k: a',
            'impersonate-extra-k: b',
            'impersonate-group: g1',
            'impersonate-group: g2',
            'impersonate-uid: 7',
            'impersonate-user: bob',
          ],
        },
      },
    ),
    flagged(
      '--as-group replaces all groups',
      { token: secret('u'), as: 'eve', 'as-groups': ['g1', 'g2'] },
      ['--as-group', 'g3', '--as-group=g4'],
      {
        sees: { impersonation: ['impersonate-group: g3', 'impersonate-group: g4', 'impersonate-user: eve'] },
      },
    ),
    flagged(
      '--as-user-extra merges by key',
      { token: secret('u'), as: 'eve', 'as-user-extra': { k: ['a'], l: ['b'] } },
      ['--as-user-extra', 'l=c', '--as-user-extra=m=d'],
      {
        sees: { impersonation: ['impersonate-extra-k: a', 'impersonate-extra-l: c', 'impersonate-extra-m: d', 'impersonate-user: eve'] },
      },
    ),
  ];
}
