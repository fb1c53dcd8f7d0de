import { type Case, type Given, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';
import { base64 } from '../world.ts';

const V1 = 'client.authentication.k8s.io/v1';
const V1BETA1 = 'client.authentication.k8s.io/v1beta1';
const EXEC = { apiVersion: V1, command: 'DIR/plugin', interactiveMode: 'Never' };
const SENT = { authorization: `Bearer ${secret('plugin')}` };

const reply = (status: object | undefined, more: object = {}) =>
  JSON.stringify({ apiVersion: V1, kind: 'ExecCredential', ...(status === undefined ? {} : { status }), ...more });
const GOOD = reply({ token: secret('plugin') });

/** A plugin that notes what it was given and prints a file. */
const NOTING = {
  text: `#!/bin/sh
echo "info $KUBERNETES_EXEC_INFO" >> DIR/plugin.log
echo "folder $(pwd) arguments $* variables $ONE $TWO $OUTER" >> DIR/plugin.log
cat DIR/reply
`,
  mode: 0o755,
};

interface Plugin {
  readonly exec?: object;
  readonly reply?: string;
  readonly cluster?: object;
  readonly given?: Given;
}

function plugin(
  name: string,
  { exec = {}, reply: answer = GOOD, cluster = {}, given = {} }: Plugin,
  expected: Pick<Case, 'sees' | 'fails' | 'differs'> = { sees: SENT },
): Case {
  return {
    section: '3.1',
    name,
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({ cluster: { ...clusterOf(api), ...cluster }, user: { exec: { ...EXEC, ...exec } } }),
      ...given,
      files: {
        plugin: NOTING,
        reply: answer.replace('CERTIFICATE', json(pki.client.certificate)).replace('KEY', json(pki.client.key)),
        ...given.files,
      },
    }),
    ...expected,
  };
}

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const failing = (text: string) => ({ text: `#!/bin/sh\n${text}\n`, mode: 0o755 });

/** docs/connection.md 3.1: credential plugins. */
export const pluginCases: readonly Case[] = [
  plugin('v1 with a token', {}),
  plugin('v1beta1 with a token, interactiveMode by default', {
    exec: { apiVersion: V1BETA1, interactiveMode: undefined },
    reply: reply({ token: secret('plugin') }, { apiVersion: V1BETA1 }),
  }),
  plugin(
    'v1alpha1 is refused',
    { exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1' } },
    {
      fails: 'exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
    },
  ),
  plugin('arguments and variables, the entry before the environment', {
    exec: {
      args: ['get token', '--for=$HOME'],
      env: [
        { name: 'ONE', value: '1' },
        { name: 'TWO', value: 'two words' },
      ],
    },
    given: { env: { ONE: 'outer', OUTER: 'outer' } },
  }),
  plugin('an inherited KUBERNETES_EXEC_INFO is replaced', { given: { env: { KUBERNETES_EXEC_INFO: 'stale' } } }),
  plugin('a KUBERNETES_EXEC_INFO of the entry is replaced', { exec: { env: [{ name: 'KUBERNETES_EXEC_INFO', value: 'mine' }] } }),
  plugin('IfAvailable without a terminal', { exec: { interactiveMode: 'IfAvailable' } }),
  plugin(
    'Always without a terminal is refused',
    { exec: { interactiveMode: 'Always' } },
    {
      fails: 'exec plugin cannot support interactive mode: standard input is not a terminal',
    },
  ),
  plugin('cluster information', { exec: { provideClusterInfo: true } }),
  plugin('cluster information with everything', {
    exec: { provideClusterInfo: true },
    cluster: {
      'tls-server-name': 'api.example.test',
      'disable-compression': true,
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x', deep: { a: [1, true, null] } } }],
    },
  }),
  plugin('cluster information with a CA file and --server', {
    exec: { provideClusterInfo: true },
    cluster: { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true },
  }),
  {
    section: '3.1',
    name: 'cluster information holds a CA file as data',
    given: (api, { pki }) => ({
      config: kubeconfig({
        cluster: { server: api.url, 'certificate-authority': 'DIR/ca.crt' },
        user: { exec: { ...EXEC, provideClusterInfo: true } },
      }),
      files: { plugin: NOTING, reply: GOOD, 'ca.crt': pki.root.certificate },
    }),
    sees: SENT,
  },
  {
    section: '3.1',
    name: 'cluster information holds proxy-url',
    given: async (api, { clusterOf, proxy }) => ({
      config: kubeconfig({
        cluster: { ...clusterOf(api), 'proxy-url': (await proxy('proxy', { leadsTo: api.port })).url },
        user: { exec: { ...EXEC, provideClusterInfo: true } },
      }),
      files: { plugin: NOTING, reply: GOOD },
    }),
    sees: SENT,
  },
  plugin('a command without a separator is looked up in PATH', {
    exec: { command: 'my-plugin' },
    given: { files: { 'bin/my-plugin': NOTING } },
  }),
  plugin('a relative command belongs to the folder of the file', {
    exec: { command: './rel/plugin' },
    given: { files: { 'home/.kube/rel/plugin': NOTING } },
  }),
  plugin(
    'a variable of the entry does not change the look-up in PATH',
    {
      exec: { command: 'my-plugin', env: [{ name: 'PATH', value: 'DIR/elsewhere:/usr/bin:/bin' }] },
      given: { files: { 'elsewhere/my-plugin': NOTING } },
    },
    {
      fails: 'getting credentials: exec: executable my-plugin not found',
    },
  ),
  plugin(
    'a client certificate',
    { reply: reply({ clientCertificateData: 'CERTIFICATE', clientKeyData: 'KEY' }) },
    {
      sees: { clientCertificate: 'cert-user', authorization: undefined },
    },
  ),
  plugin(
    'a client certificate and a token',
    { reply: reply({ token: secret('plugin'), clientCertificateData: 'CERTIFICATE', clientKeyData: 'KEY' }) },
    {
      sees: { clientCertificate: 'cert-user', ...SENT },
    },
  ),
  plugin('stderr of a plugin that succeeds is passed on', {
    given: { files: { plugin: { text: `#!/bin/sh\necho 'plugin says hello' >&2\ncat DIR/reply\n`, mode: 0o755 } } },
  }),
  plugin('a reply in YAML', { reply: `apiVersion: ${V1}\nkind: ExecCredential\nstatus: {token: ${secret('plugin')}}\n` }),
  plugin('unknown fields in the reply', { reply: reply({ token: secret('plugin'), mood: 7 }) }),
  plugin('a reply that has expired serves one request', {
    reply: reply({ token: secret('plugin'), expirationTimestamp: '2001-01-01T00:00:00Z' }),
  }),
  plugin(
    'an expiry that is no time',
    { reply: reply({ token: secret('plugin'), expirationTimestamp: 'soon' }) },
    { fails: 'decoding stdout: ' },
  ),
  plugin(
    'a reply of another version',
    { reply: reply({ token: secret('plugin') }, { apiVersion: V1BETA1 }) },
    {
      fails: `getting credentials: exec plugin is configured to use API version ${V1}, plugin returned version ${V1BETA1}`,
    },
  ),
  plugin(
    'a reply of another kind',
    { reply: reply({ token: secret('plugin') }, { kind: 'Pod' }) },
    { fails: 'getting credentials: decoding stdout: ' },
  ),
  plugin('junk as a reply', { reply: 'Logged in!\n' }, { fails: 'getting credentials: decoding stdout: ' }),
  plugin('nothing as a reply', { reply: '' }, { fails: 'getting credentials: ' }),
  plugin('a reply without status', { reply: reply(undefined) }, { fails: "getting credentials: exec plugin didn't return a status field" }),
  plugin(
    'a reply without credentials',
    { reply: reply({}) },
    { fails: "getting credentials: exec plugin didn't return a token or cert/key pair" },
  ),
  plugin(
    'a certificate without a key',
    { reply: reply({ clientCertificateData: 'CERTIFICATE' }) },
    {
      fails: 'getting credentials: exec plugin returned only certificate or key, not both',
    },
  ),
  plugin(
    'a certificate that is junk',
    { reply: reply({ clientCertificateData: 'junk', clientKeyData: 'junk' }) },
    {
      fails: 'getting credentials: failed parsing client key/certificate: tls: failed to find any PEM data in certificate input',
    },
  ),
  plugin(
    'a plugin that fails',
    { given: { files: { plugin: failing('echo please log in >&2; exit 7') } } },
    {
      fails: 'getting credentials: exec: executable DIR/plugin failed with exit code 7',
    },
  ),
  plugin(
    'stderr of a plugin that fails is passed on',
    { given: { files: { plugin: failing('echo please log in >&2; exit 7') } } },
    { fails: 'please log in' },
  ),
  plugin(
    'a command that is not there',
    { exec: { command: 'no-such-plugin', installHint: 'Install it from example.com.' } },
    {
      fails: 'getting credentials: exec: executable no-such-plugin not found',
    },
  ),
  plugin(
    'the installHint of a command that is not there',
    { exec: { command: 'no-such-plugin', installHint: 'Install it from example.com.' } },
    {
      fails: 'Install it from example.com.',
    },
  ),
  plugin(
    'a path that is not there',
    { exec: { command: 'DIR/none' } },
    { fails: 'getting credentials: exec: fork/exec DIR/none: no such file or directory' },
  ),
  plugin(
    'a file that is not executable',
    { given: { files: { plugin: { text: '', mode: 0o644 } } } },
    {
      fails: 'getting credentials: exec: fork/exec DIR/plugin: permission denied',
    },
  ),
  plugin(
    'a policy that denies all plugins',
    {
      given: {
        files: { 'home/.kube/kuberc': 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n' },
      },
    },
    {
      fails: 'not allowed: policy set to "DenyAll"',
    },
  ),
  plugin('a policy that allows all plugins', {
    given: {
      files: { 'home/.kube/kuberc': 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: AllowAll\n' },
    },
  }),
  plugin('a list of allowed plugins with this one', {
    given: {
      files: {
        'home/.kube/kuberc':
          'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- name: DIR/plugin\n',
      },
    },
  }),
  plugin(
    'a list of allowed plugins without this one',
    {
      given: {
        files: {
          'home/.kube/kuberc':
            'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- name: other\n',
        },
      },
    },
    { fails: 'plugin path "DIR/plugin" is not permitted by the credential plugin allowlist' },
  ),
  plugin('KUBERC=off', {
    given: {
      env: { KUBERC: 'off' },
      files: { 'home/.kube/kuberc': 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n' },
    },
  }),
  plugin(
    'KUBERC names another file',
    {
      given: {
        env: { KUBERC: 'DIR/prefs' },
        files: { prefs: 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n' },
      },
    },
    { fails: 'not allowed: policy set to "DenyAll"' },
  ),
  plugin(
    '--kuberc names another file',
    {
      given: {
        flags: ['--kuberc', 'prefs'],
        files: { prefs: 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n' },
      },
    },
    { fails: 'not allowed: policy set to "DenyAll"' },
  ),
  {
    section: '3.1',
    name: 'a token beside the certificate of the cluster’s mutual TLS',
    api: { requiresClientCertificate: true },
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { exec: EXEC } }),
      files: { plugin: NOTING, reply: reply({ clientCertificateData: pki.client.certificate, clientKeyData: pki.client.key }) },
    }),
    sees: { clientCertificate: 'cert-user' },
  },
  {
    section: '6',
    name: 'a 401 runs the plugin anew, and only ours repeats the request',
    api: { answer: ({ authorization }) => (authorization?.endsWith('-2') ? undefined : { status: 401, body: '' }) },
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { exec: EXEC } }),
      files: {
        plugin: {
          text: `#!/bin/sh\necho run >> DIR/runs\nn=$(wc -l < DIR/runs | tr -d ' ')\necho '${reply({ token: `${secret('plugin')}-N` })}' | sed "s/-N/-$n/"\n`,
          mode: 0o755,
        },
      },
    }),
    fails: 'error: You must be logged in to the server',
    differs: { id: 'repeat-after-401', sees: { authorization: `Bearer ${secret('plugin')}-2` } },
  },
  {
    section: '3.1',
    name: 'a CA from a file and cluster information for a certificate reply',
    given: (api, { pki }) => ({
      config: kubeconfig({
        cluster: { server: api.url, 'certificate-authority-data': base64(`text before\n${pki.root.certificate}`) },
        user: { exec: { ...EXEC, provideClusterInfo: true } },
      }),
      files: { plugin: NOTING, reply: GOOD },
    }),
    sees: SENT,
  },
];
