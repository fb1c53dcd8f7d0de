import { type Case, type Given, kubeconfig } from '../case.ts';
import type { Pki } from '../pki.ts';
import { basic, secret } from '../secrets.ts';

const LOCALHOST = 'The connection to the server localhost:8080 was refused - did you specify the right host or port?';
const path = (namespace: string) => ({ path: `/apis/serving.kserve.io/v1alpha1/namespaces/${namespace}/servingruntimes` });
const MOUNTED = { authorization: `Bearer ${secret('mounted')}` };
type Expected = Pick<Case, 'sees' | 'fails' | 'differs'>;

const files = (pki: Pki) => ({ token: `${secret('mounted')}\n`, 'ca.crt': pki.root.certificate, namespace: 'podspace\n' });

/** A program in a pod whose service is the case's API server. */
function pod(name: string, expected: Expected, given: Given = {}, mounted: (pki: Pki) => Readonly<Record<string, string>> = files): Case {
  return {
    section: '2.5',
    name,
    needs: 'service account',
    given: (api, { pki }) => ({
      ...given,
      serviceAccount: mounted(pki),
      files: {
        'stranger.crt': pki.stranger.certificate,
        'root.crt': pki.root.certificate,
        'me.crt': pki.client.certificate,
        'me.key': pki.client.key,
        ...given.files,
      },
      env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(api.port), ...given.env },
    }),
    ...expected,
  };
}

const SERVER_ONLY = { 'x-note': 'a kubeconfig without a current context' };

/** docs/connection.md 2.5: in a pod. */
export const podCases: readonly Case[] = [
  pod('the service account serves if nothing is configured', { sees: { ...MOUNTED, ...path('podspace'), serverName: undefined } }),
  pod('POD_NAMESPACE comes before the mounted namespace', { sees: path('named') }, { env: { POD_NAMESPACE: 'named' } }),
  pod('-n comes before POD_NAMESPACE', { sees: path('flagged') }, { env: { POD_NAMESPACE: 'named' }, flags: ['-n', 'flagged'] }),
  pod('without a mounted namespace it is default', { sees: path('default') }, {}, (pki) => ({
    token: secret('mounted'),
    'ca.crt': pki.root.certificate,
  })),
  pod('KUBERNETES_MASTER does not count', { sees: MOUNTED }, { env: { KUBERNETES_MASTER: 'http://127.0.0.1:9' } }),
  pod('a kubeconfig without clusters does not count', { sees: MOUNTED }, { config: { json: SERVER_ONLY } }),
  pod(
    '--token replaces the mounted token',
    { sees: { authorization: `Bearer ${secret('flag')}`, ...path('podspace') } },
    { flags: ['--token', secret('flag')] },
  ),
  pod(
    '--certificate-authority replaces the mounted CA',
    { fails: 'x509: certificate signed by unknown authority' },
    { flags: ['--certificate-authority=stranger.crt'] },
  ),
  pod('a mounted CA that does not parse leaves the system’s roots', { sees: MOUNTED }, { env: { SSL_CERT_FILE: 'DIR/root.crt' } }, () => ({
    token: secret('mounted'),
    'ca.crt': 'junk',
  })),
  pod('no mounted CA leaves the system’s roots', { sees: MOUNTED }, { env: { SSL_CERT_FILE: 'DIR/root.crt' } }, () => ({
    token: secret('mounted'),
  })),
  pod('without a mounted token it is no pod', { fails: LOCALHOST }, { flags: ['--token', secret('flag')] }, (pki) => ({
    'ca.crt': pki.root.certificate,
  })),
  pod(
    'without KUBERNETES_SERVICE_HOST it is no pod',
    { fails: LOCALHOST },
    { env: { KUBERNETES_SERVICE_HOST: undefined }, flags: ['--token', secret('flag')] },
  ),
  pod(
    'with an empty KUBERNETES_SERVICE_PORT it is no pod',
    { fails: LOCALHOST },
    { env: { KUBERNETES_SERVICE_PORT: '' }, flags: ['--token', secret('flag')] },
  ),
  pod(
    'client certificate flags are ignored',
    { sees: { ...MOUNTED, clientCertificate: undefined } },
    { flags: ['--client-certificate=me.crt', '--client-key=me.key'] },
  ),
  pod(
    '--insecure-skip-tls-verify is ignored',
    { fails: 'x509: certificate signed by unknown authority' },
    { flags: ['--insecure-skip-tls-verify'] },
    (pki) => ({ token: secret('mounted'), 'ca.crt': pki.stranger.certificate }),
  ),
  pod('--tls-server-name is ignored', { sees: { ...MOUNTED, serverName: undefined } }, { flags: ['--tls-server-name=api.example.test'] }),
  pod('user name and password flags are ignored', { sees: MOUNTED }, { flags: ['--username=ana', '--password', secret('p')] }),
  pod(
    '--server: no service account',
    { fails: 'The connection to the server 127.0.0.1:9 was refused' },
    { flags: ['--server=https://127.0.0.1:9', '--token', secret('flag')] },
  ),
  pod(
    '--as is applied by ours',
    { fails: LOCALHOST, differs: { id: 'pod-options', sees: { ...MOUNTED, impersonation: ['impersonate-user: bob'] } } },
    { flags: ['--as=bob'] },
  ),
  pod(
    '--request-timeout is applied by ours',
    { fails: LOCALHOST, differs: { id: 'pod-options', sees: { ...MOUNTED, query: { limit: '500', timeout: '30s' } } } },
    { flags: ['--request-timeout=30s'] },
  ),
  pod(
    '--disable-compression is applied by ours',
    { fails: LOCALHOST, differs: { id: 'pod-options', sees: { ...MOUNTED, acceptsGzip: false } } },
    { flags: ['--disable-compression'] },
  ),
  {
    section: '2.5',
    name: 'an IPv6 address of the service',
    needs: 'IPv6 and service account',
    api: { listenOn: '::1' },
    given: (api, { pki }) => ({
      serviceAccount: files(pki),
      env: { KUBERNETES_SERVICE_HOST: '::1', KUBERNETES_SERVICE_PORT: String(api.port) },
    }),
    sees: { ...MOUNTED, ...path('podspace') },
  },
  {
    section: '2.5',
    name: 'beside a kubeconfig the mounted namespace still counts',
    needs: 'service account',
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { username: 'ana', password: secret('p') }, context: { namespace: '' } }),
      serviceAccount: files(pki),
      env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '9' },
    }),
    sees: { authorization: basic('ana', secret('p')), ...path('podspace') },
  },
  {
    section: '2.5',
    name: 'the namespace of the context comes before that of the pod',
    needs: 'service account',
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u') } }),
      serviceAccount: files(pki),
      env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '9', POD_NAMESPACE: 'named' },
    }),
    sees: path('team'),
  },
];
