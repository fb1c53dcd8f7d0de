import { createPrivateKey } from 'node:crypto';
import { type Case, type Given, kubeconfig } from '../case.ts';
import { basic, secret } from '../secrets.ts';
import { base64 } from '../world.ts';

const bearer = (name: string) => ({ authorization: `Bearer ${secret(name)}` });
const CERTIFICATE = { 'client-certificate': 'DIR/me.crt', 'client-key': 'DIR/me.key' };
const EXEC = { apiVersion: 'client.authentication.k8s.io/v1', command: 'DIR/plugin', interactiveMode: 'Never' };
const PLUGIN = {
  text: `#!/bin/sh
echo ran >> DIR/plugin.log
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"${secret('plugin')}"}}'
`,
  mode: 0o755,
};

function user(name: string, entry: object, expected: Pick<Case, 'sees' | 'fails' | 'differs'>, more: Given = {}): Case {
  return {
    section: '3',
    name,
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: entry }),
      ...more,
      files: {
        'me.crt': pki.client.certificate,
        'me.key': pki.client.key,
        'other.key': pki.otherClient.key,
        token: `  ${secret('file')}\n\n`,
        empty: '',
        blank: ' \n',
        'both.pem': `${pki.client.key}some text\n${pki.client.certificate}`,
        plugin: PLUGIN,
        ...more.files,
      },
    }),
    ...expected,
  };
}

/** docs/connection.md 3: order and use of credentials. */
export const authenticationCases: readonly Case[] = [
  user('a token is sent as it is', { token: secret('t/+=~') }, { sees: bearer('t/+=~') }),
  user('a token with blanks around it', { token: ` ${secret('blank')} ` }, { sees: { authorization: `Bearer  ${secret('blank')}` } }),
  user(
    'a token with a line break is refused',
    { token: `${secret('a')}\nb` },
    { fails: 'net/http: invalid header field value for "Authorization"' },
  ),
  user('a tokenFile is trimmed', { tokenFile: 'DIR/token' }, { sees: bearer('file') }),
  user('a tokenFile wins over the token', { tokenFile: 'DIR/token', token: secret('t') }, { sees: bearer('file') }),
  user('an unreadable tokenFile leaves the token', { tokenFile: 'DIR/none', token: secret('t') }, { sees: bearer('t') }),
  user('an empty tokenFile leaves the token', { tokenFile: 'DIR/empty', token: secret('t') }, { sees: bearer('t') }),
  user('a tokenFile that is missing is an error', { tokenFile: 'DIR/none' }, { fails: 'open DIR/none: no such file or directory' }),
  user(
    'a tokenFile that is empty counts as no credentials in kubectl',
    { tokenFile: 'DIR/empty' },
    {
      fails: 'error: EOF',
      differs: { id: 'no-prompt', fails: 'read empty token from file "DIR/empty"' },
    },
  ),
  user(
    'user name and password as UTF-8',
    { username: 'änna', password: secret('pä:ß') },
    { sees: { authorization: basic('änna', secret('pä:ß')) } },
  ),
  user('a user name without a password', { username: 'ana' }, { sees: { authorization: basic('ana', '') } }),
  user(
    'a tokenFile of blanks is an error',
    { tokenFile: 'DIR/blank' },
    {
      fails: 'net/http: invalid header field value for "Authorization"',
      differs: { id: 'blank-token-file', fails: 'read empty token from file "DIR/blank"' },
    },
  ),
  user(
    'a user without credentials is asked for them by kubectl',
    {},
    {
      fails: 'error: EOF',
      differs: { id: 'no-prompt', sees: { authorization: undefined, clientCertificate: undefined } },
    },
  ),
  user(
    'a password without a user name is asked for it by kubectl',
    { password: secret('p') },
    {
      fails: 'error: EOF',
      differs: { id: 'no-prompt', fails: 'password' },
    },
  ),
  user('a client certificate of files', CERTIFICATE, { sees: { clientCertificate: 'cert-user', authorization: undefined } }),
  user(
    'a client certificate and a token go together',
    { ...CERTIFICATE, token: secret('t') },
    { sees: { clientCertificate: 'cert-user', ...bearer('t') } },
  ),
  user(
    'a client certificate and a password go together',
    { ...CERTIFICATE, username: 'ana', password: secret('p') },
    {
      sees: { clientCertificate: 'cert-user', authorization: basic('ana', secret('p')) },
    },
  ),
  {
    section: '3',
    name: 'a client certificate of data',
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({
        cluster: clusterOf(api),
        user: { 'client-certificate-data': base64(pki.client.certificate), 'client-key-data': base64(pki.client.key) },
      }),
    }),
    sees: { clientCertificate: 'cert-user' },
  },
  {
    section: '3',
    name: 'certificate data beside a key file',
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({
        cluster: clusterOf(api),
        user: { 'client-certificate-data': base64(pki.client.certificate), 'client-key': 'DIR/me.key' },
      }),
      files: { 'me.key': pki.client.key },
    }),
    sees: { clientCertificate: 'cert-user' },
  },
  user(
    'a key of another certificate',
    { 'client-certificate': 'DIR/me.crt', 'client-key': 'DIR/other.key' },
    { fails: 'tls: private key does not match public key' },
  ),
  user(
    'a key that is junk',
    { 'client-certificate': 'DIR/me.crt', 'client-key': 'DIR/junk' },
    { fails: 'tls: failed to find any PEM data in key input' },
    { files: { junk: 'junk' } },
  ),
  user(
    'a certificate that is junk',
    { 'client-certificate': 'DIR/junk', 'client-key': 'DIR/me.key' },
    { fails: 'tls: failed to find any PEM data in certificate input' },
    { files: { junk: 'junk' } },
  ),
  user(
    'a key where the certificate belongs',
    { 'client-certificate': 'DIR/me.key', 'client-key': 'DIR/me.key' },
    {
      fails: 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    },
  ),
  {
    section: '3',
    name: 'an encrypted key is not asked for a password',
    given: (api, { clusterOf, pki }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { 'client-certificate': 'DIR/me.crt', 'client-key': 'DIR/locked.key' } }),
      files: {
        'me.crt': pki.client.certificate,
        'locked.key': createPrivateKey(pki.client.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' }),
      },
    }),
    fails: 'tls: failed to parse private key',
  },
  user(
    'key first, then text, then certificate in one file',
    { 'client-certificate': 'DIR/both.pem', 'client-key': 'DIR/both.pem' },
    { sees: { clientCertificate: 'cert-user' } },
  ),
  user('a plugin is not run beside a token', { exec: EXEC, token: secret('t') }, { sees: bearer('t') }),
  user('a plugin is not run beside a tokenFile', { exec: EXEC, tokenFile: 'DIR/token' }, { sees: bearer('file') }),
  user(
    'a plugin is not run beside user name and password',
    { exec: EXEC, username: 'ana', password: secret('p') },
    { sees: { authorization: basic('ana', secret('p')) } },
  ),
  user(
    'a plugin is not run beside a client certificate',
    { ...CERTIFICATE, exec: EXEC },
    { sees: { clientCertificate: 'cert-user', authorization: undefined } },
  ),
  user('a plugin is not run beside --token', { exec: EXEC }, { sees: bearer('flag') }, { flags: ['--token', secret('flag')] }),
  user('a plugin is run without all of these', { exec: EXEC }, { sees: bearer('plugin') }),
  user(
    'an auth provider is not used beside a token',
    { 'auth-provider': { name: 'gcp' }, token: secret('t') },
    {
      fails: 'The gcp auth plugin has been removed.',
    },
  ),
  user('Azure has been removed', { 'auth-provider': { name: 'azure' } }, { fails: 'The azure auth plugin has been removed.' }),
  user('an unknown auth provider', { 'auth-provider': { name: 'magic' } }, { fails: 'no Auth Provider found for name "magic"' }),
  user(
    'OIDC beside a client certificate',
    { ...CERTIFICATE, 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'https://idp.test', 'client-id': 'me' } } },
    {
      fails: 'No valid id-token, and cannot refresh without refresh-token',
    },
  ),
];
