import { type Case, type Entries, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';
import { base64 } from '../world.ts';

type Parts = Required<Pick<Entries, 'cluster' | 'user'>> & { readonly pem: { readonly certificate: string; readonly key: string } };

/** A good cluster with a client certificate's PEM at hand, and what a case makes of it. */
function invalid(name: string, change: (parts: Parts) => Entries, fails: string, flags: readonly string[] = []): Case {
  return {
    section: '2.4',
    name,
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig(change({ cluster: clusterOf(api), user: { token: secret('u') }, pem: pki.client })),
      files: { 'ca.crt': pki.root.certificate, 'me.crt': pki.client.certificate, 'me.key': pki.client.key, token: secret('file') },
      flags,
    }),
    fails,
  };
}

const EXEC = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin', interactiveMode: 'Never' };

/** docs/connection.md 2.4: what is refused before any request. */
export const validationCases: readonly Case[] = [
  invalid(
    'CA as file and as data',
    ({ cluster, user }) => ({ cluster: { ...cluster, 'certificate-authority': 'DIR/ca.crt' }, user }),
    'error: certificate-authority-data and certificate-authority are both specified for c. certificate-authority-data will override.',
  ),
  invalid(
    'client certificate as file and as data',
    ({ cluster, pem }) => ({
      cluster,
      user: { 'client-certificate': 'DIR/me.crt', 'client-certificate-data': base64(pem.certificate), 'client-key': 'DIR/me.key' },
    }),
    'error: client-cert-data and client-cert are both specified for u. client-cert-data will override.',
  ),
  invalid(
    'client key as file and as data',
    ({ cluster, pem }) => ({
      cluster,
      user: { 'client-certificate': 'DIR/me.crt', 'client-key-data': base64(pem.key), 'client-key': 'DIR/me.key' },
    }),
    'error: client-key-data and client-key are both specified for u; client-key-data will override',
  ),
  invalid(
    'client certificate without a key',
    ({ cluster }) => ({ cluster, user: { 'client-certificate': 'DIR/me.crt' } }),
    'error: client-key-data or client-key must be specified for u to use the clientCert authentication method.',
  ),
  invalid(
    'CA file that is missing',
    ({ cluster, user }) => ({ cluster: { ...cluster, 'certificate-authority-data': '', 'certificate-authority': 'DIR/none' }, user }),
    'error: unable to read certificate-authority DIR/none for c due to open DIR/none: no such file or directory',
  ),
  invalid(
    'client certificate file that is missing',
    ({ cluster }) => ({ cluster, user: { 'client-certificate': 'DIR/none', 'client-key': 'DIR/me.key' } }),
    'error: unable to read client-cert DIR/none for u due to open DIR/none: no such file or directory',
  ),
  invalid(
    'client key file that is missing',
    ({ cluster }) => ({ cluster, user: { 'client-certificate': 'DIR/me.crt', 'client-key': 'DIR/none' } }),
    'error: unable to read client-key DIR/none for u due to open DIR/none: no such file or directory',
  ),
  invalid(
    'token beside user name and password',
    ({ cluster }) => ({ cluster, user: { token: secret('u'), username: 'ana', password: secret('p') } }),
    'error: more than one authentication method found for u; found [token basicAuth], only one is allowed',
  ),
  invalid(
    'tokenFile beside user name',
    ({ cluster }) => ({ cluster, user: { tokenFile: 'DIR/token', username: 'ana', password: secret('p') } }),
    'username/password or bearer token may be set, but not both',
  ),
  invalid(
    'exec beside auth-provider',
    ({ cluster }) => ({ cluster, user: { exec: EXEC, 'auth-provider': { name: 'oidc' } } }),
    'error: authProvider cannot be provided in combination with an exec plugin for u',
  ),
  invalid(
    'exec without a command',
    ({ cluster }) => ({ cluster, user: { exec: { ...EXEC, command: '' } } }),
    'error: command must be specified for u to use exec authentication plugin',
  ),
  invalid(
    'exec without an apiVersion',
    ({ cluster }) => ({ cluster, user: { exec: { command: 'plugin', interactiveMode: 'Never' } } }),
    'error: apiVersion must be specified for u to use exec authentication plugin',
  ),
  invalid(
    'exec v1 without an interactiveMode',
    ({ cluster }) => ({ cluster, user: { exec: { command: 'plugin', apiVersion: EXEC.apiVersion } } }),
    'error: interactiveMode must be specified for u to use exec authentication plugin',
  ),
  invalid(
    'exec with an unknown interactiveMode',
    ({ cluster }) => ({ cluster, user: { exec: { ...EXEC, interactiveMode: 'Sometimes' } } }),
    'error: invalid interactiveMode for u: "Sometimes"',
  ),
  invalid(
    'exec with an env of no name',
    ({ cluster }) => ({ cluster, user: { exec: { ...EXEC, env: [{ name: '', value: 'x' }] } } }),
    'error: env variable name must be specified for u to use exec authentication plugin',
  ),
  invalid(
    'groups without a user to act as',
    ({ cluster, user }) => ({ cluster, user: { ...user, 'as-groups': ['g'] } }),
    'error: requesting uid, groups or user-extra for u without impersonating a user',
  ),
  invalid(
    '--as-group without a user to act as',
    ({ cluster, user }) => ({ cluster, user }),
    'error: requesting uid, groups or user-extra for u without impersonating a user',
    ['--as-group=g'],
  ),
  invalid(
    '--as-uid without a user to act as',
    ({ cluster, user }) => ({ cluster, user }),
    'error: requesting uid, groups or user-extra for u without impersonating a user',
    ['--as-uid=7'],
  ),
  invalid(
    'proxy-url of an unknown scheme',
    ({ cluster, user }) => ({ cluster: { ...cluster, 'proxy-url': 'ftp://proxy.test:21' }, user }),
    `error: invalid 'proxy-url' "ftp://proxy.test:21" for cluster "c": unsupported scheme "ftp", must be http, https, or socks5`,
  ),
  invalid(
    'proxy-url that is no URL',
    ({ cluster, user }) => ({ cluster: { ...cluster, 'proxy-url': 'http://a b' }, user }),
    `error: invalid 'proxy-url' "http://a b" for cluster "c": could not parse: http://a b`,
  ),
  invalid(
    'insecure beside a CA',
    ({ cluster, user }) => ({ cluster: { ...cluster, 'insecure-skip-tls-verify': true }, user }),
    'specifying a root certificates file with the insecure flag is not allowed',
  ),
  invalid(
    '--insecure-skip-tls-verify beside --certificate-authority',
    ({ cluster, user }) => ({ cluster, user }),
    'specifying a root certificates file with the insecure flag is not allowed',
    ['--insecure-skip-tls-verify', '--certificate-authority=ca.crt'],
  ),
  invalid(
    'several faults, first the user’s',
    ({ cluster, user }) => ({
      cluster: { ...cluster, 'certificate-authority': 'DIR/none' },
      user: { ...user, username: 'ana', password: secret('p') },
    }),
    'more than one authentication method found for u; found [token basicAuth], only one is allowed',
  ),
  invalid(
    'several faults, then the cluster’s',
    ({ cluster, user }) => ({
      cluster: { ...cluster, 'certificate-authority': 'DIR/none' },
      user: { ...user, username: 'ana', password: secret('p') },
    }),
    'unable to read certificate-authority DIR/none for c due to open DIR/none: no such file or directory',
  ),
  {
    section: '2.4',
    name: 'entries that are not chosen are not checked',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({
        top: {
          clusters: [
            { name: 'c', cluster: clusterOf(api) },
            { name: 'd', cluster: { server: api.url, 'certificate-authority': 'DIR/none', 'proxy-url': 'ftp://x' } },
          ],
          users: [
            { name: 'u', user: { token: secret('u') } },
            { name: 'v', user: { token: 'a', username: 'b', 'client-certificate': 'DIR/none' } },
          ],
        },
      }),
    }),
    sees: { authorization: `Bearer ${secret('u')}` },
  },
];
