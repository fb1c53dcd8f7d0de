import { createSelfSigned } from '../../../tools/certificates.ts';
import { type ApiSetup, type Case, type Given, kubeconfig } from '../case.ts';
import type { Pki } from '../pki.ts';
import { secret } from '../secrets.ts';
import { base64 } from '../world.ts';

const USER = { token: secret('u') };
const BEARER = { authorization: `Bearer ${secret('u')}` };
const FAILED = 'Unable to connect to the server: tls: failed to verify certificate: x509: ';
const UNTRUSTED = `${FAILED}certificate signed by unknown authority`;
const DAY = 86_400_000;

interface Setting {
  readonly api?: ApiSetup;
  /** Replaces fields of the cluster entry; undefined takes one away. */
  readonly cluster?: (pki: Pki) => object;
  readonly files?: (pki: Pki) => Given['files'];
  readonly env?: Given['env'];
  readonly flags?: Given['flags'];
  readonly needs?: Case['needs'];
}

function tls(
  name: string,
  { api = {}, cluster = () => ({}), files = () => ({}), env, flags, needs }: Setting,
  expected: Pick<Case, 'sees' | 'fails' | 'differs'> = { sees: BEARER },
): Case {
  return {
    section: '4',
    name,
    api,
    given: (server, { clusterOf, pki }) => ({
      config: kubeconfig({ cluster: { ...clusterOf(server), ...cluster(pki) }, user: USER }),
      files: files(pki) ?? {},
      ...(env ? { env } : {}),
      ...(flags ? { flags } : {}),
    }),
    ...(needs ? { needs } : {}),
    ...expected,
  };
}

/** The server under a name of its own, reached through a proxy that leads everything to it. */
function named(name: string, host: string, api: ApiSetup, expected: Pick<Case, 'sees' | 'fails' | 'differs'>, cluster: object = {}): Case {
  return {
    section: '4',
    name,
    api,
    given: async (server, { clusterOf, proxy }) => {
      const { url } = await proxy('proxy', { leadsTo: server.port });
      return {
        config: kubeconfig({ cluster: { ...clusterOf(server), server: `https://${host}`, 'proxy-url': url, ...cluster }, user: USER }),
      };
    },
    ...expected,
  };
}

const issued = (options: Parameters<Pki['root']['issue']>[0]): ApiSetup => ({ certificate: (pki) => pki.root.issue(options) });
const noCa = { 'certificate-authority-data': undefined };

/** Made once a run, so that server and file are of the same authority. */
const chains = new WeakMap<Pki, ReturnType<Pki['root']['intermediate']>>();
function intermediate(pki: Pki): ReturnType<Pki['root']['intermediate']> {
  const made = chains.get(pki) ?? pki.root.intermediate('intermediate');
  chains.set(pki, made);
  return made;
}
const leafOnly = (pem: string) => `${pem.split('-----END CERTIFICATE-----')[0]}-----END CERTIFICATE-----\n`;

function trust(
  name: string,
  { api = {}, ca }: { readonly api?: ApiSetup; readonly ca: (pki: Pki) => string | Promise<string> },
  expected: Pick<Case, 'sees' | 'fails' | 'differs'> = { sees: BEARER },
): Case {
  return {
    section: '4',
    name,
    api,
    given: async (server, { pki }) => ({
      config: kubeconfig({ cluster: { server: server.url, 'certificate-authority-data': base64(await ca(pki)) }, user: USER }),
    }),
    ...expected,
  };
}

const underIntermediate: ApiSetup = { certificate: async (pki) => (await intermediate(pki)).issue({ hosts: ['127.0.0.1'] }) };
const withoutItsChain: ApiSetup = {
  certificate: async (pki) => {
    const pair = await (await intermediate(pki)).issue({ hosts: ['127.0.0.1'] });
    return { certificate: leafOnly(pair.certificate), key: pair.key };
  },
};
const selfSigned = createSelfSigned({ commonName: '127.0.0.1', hosts: ['127.0.0.1'] });

/** docs/connection.md 4: whom the program trusts, and as whom it greets the server. */
export const tlsCases: readonly Case[] = [
  tls('a CA file', {
    cluster: () => ({ ...noCa, 'certificate-authority': 'DIR/ca.crt' }),
    files: (pki) => ({ 'ca.crt': pki.root.certificate }),
  }),
  tls(
    'an authority that is not the CA',
    { cluster: (pki) => ({ 'certificate-authority-data': base64(pki.stranger.certificate) }) },
    { fails: UNTRUSTED },
  ),
  tls('no CA and an authority that the system does not know', { cluster: () => noCa }, { fails: UNTRUSTED }),
  trust('text between the certificates of a CA is skipped', {
    ca: (pki) => `first\n${pki.stranger.certificate}\nthen\n${pki.root.certificate}last\n`,
  }),
  trust(
    'a CA without any certificate',
    { ca: () => 'junk' },
    { fails: 'error: unable to load root certificates: unable to parse bytes as PEM block' },
  ),
  trust(
    'a CA with a broken certificate only',
    { ca: () => '-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n' },
    { fails: 'error: unable to load root certificates: ' },
  ),
  trust('a CA that holds a key as well', { ca: (pki) => pki.stranger.key + pki.root.certificate }),
  tls(
    'an empty CA file trusts nothing',
    { cluster: () => ({ ...noCa, 'certificate-authority': 'DIR/empty' }), files: () => ({ empty: '' }) },
    { fails: UNTRUSTED },
  ),
  trust('a server below an intermediate authority, which it sends', { api: underIntermediate, ca: (pki) => pki.root.certificate }),
  trust(
    'a server that does not send its intermediate authority',
    { api: withoutItsChain, ca: (pki) => pki.root.certificate },
    { fails: UNTRUSTED },
  ),
  trust('an intermediate authority without its root is an anchor', {
    api: withoutItsChain,
    ca: async (pki) => leafOnly((await intermediate(pki)).certificate),
  }),
  trust('root and intermediate authority in the CA', {
    api: withoutItsChain,
    ca: async (pki) => pki.root.certificate + (await intermediate(pki)).certificate,
  }),
  trust('the server’s own certificate as CA', { ca: (pki) => pki.server.certificate }),
  trust('a self-signed certificate as CA', { api: { certificate: () => selfSigned }, ca: async () => (await selfSigned).certificate }),
  trust(
    'a self-signed certificate that is not the CA',
    { api: { certificate: () => selfSigned }, ca: (pki) => pki.root.certificate },
    { fails: UNTRUSTED },
  ),
  tls(
    'an expired certificate',
    { api: issued({ hosts: ['127.0.0.1'], notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01T00:00:00Z') }) },
    {
      fails: `${FAILED}certificate has expired or is not yet valid: current time NOW is after 2021-01-01T00:00:00Z`,
    },
  ),
  tls(
    'a certificate that is not yet valid',
    { api: issued({ hosts: ['127.0.0.1'], notBefore: new Date('2091-01-01T00:00:00Z'), notAfter: new Date(Date.UTC(2092, 0) + DAY) }) },
    {
      fails: `${FAILED}certificate has expired or is not yet valid: current time NOW is before 2091-01-01T00:00:00Z`,
    },
  ),
  tls(
    'an address without SANs for addresses',
    { api: issued({ hosts: ['localhost'] }) },
    { fails: `${FAILED}cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs` },
  ),
  tls(
    'an address that the certificate is not for',
    { api: issued({ hosts: ['10.0.0.1', '10.0.0.2'] }) },
    { fails: `${FAILED}certificate is valid for 10.0.0.1, 10.0.0.2, not 127.0.0.1` },
  ),
  tls(
    'an address as the name in a certificate',
    { api: issued({ commonName: '127.0.0.1' }) },
    { fails: `${FAILED}certificate relies on legacy Common Name field, use SANs instead` },
  ),
  tls(
    'a certificate for clients only',
    { api: issued({ hosts: ['127.0.0.1'], usages: ['client'] }) },
    { fails: `${FAILED}certificate specifies an incompatible key usage` },
  ),
  named('SNI is the host', 'api.example.test', {}, { sees: { serverName: 'api.example.test', host: 'api.example.test' } }),
  named('a host that the certificate is not for', 'other.test', issued({ hosts: ['a.test', 'b.test'] }), {
    fails: `${FAILED}certificate is valid for a.test, b.test, not other.test`,
  }),
  named('a host without SANs', 'other.test', issued({ commonName: 'someone' }), {
    fails: `${FAILED}certificate is not valid for any names, but wanted to match other.test`,
  }),
  named('a host that only the CN names', 'old.test', issued({ commonName: 'old.test' }), {
    fails: `${FAILED}certificate relies on legacy Common Name field, use SANs instead`,
  }),
  named('a wildcard stands for one label', 'one.wild.example.test', {}, { sees: BEARER }),
  named('a wildcard does not stand for two labels', 'one.two.wild.example.test', {}, { fails: 'not one.two.wild.example.test' }),
  named('a wildcard does not stand for no label', 'wild.example.test', {}, { fails: 'not wild.example.test' }),
  named('a wildcard within a label is none', 'api1.part.test', issued({ hosts: ['api*.part.test'] }), { fails: 'api1.part.test' }),
  named('a host in upper case', 'API.Example.TEST', {}, { sees: BEARER }),
  named('a SAN in upper case', 'api.upper.test', issued({ hosts: ['API.Upper.TEST'] }), { sees: BEARER }),
  named('a dot after the host', 'api.example.test.', {}, { sees: { ...BEARER, serverName: 'api.example.test' } }),
  named(
    'tls-server-name is what is verified and greeted; Host stays',
    'other.test',
    {},
    { sees: { ...BEARER, serverName: 'api.example.test', host: 'other.test' } },
    { 'tls-server-name': 'api.example.test' },
  ),
  named(
    'a tls-server-name that the certificate is not for',
    'api.example.test',
    {},
    { fails: 'not other.test' },
    { 'tls-server-name': 'other.test' },
  ),
  tls(
    'tls-server-name for an address',
    { cluster: () => ({ 'tls-server-name': 'api.example.test' }) },
    { sees: { serverName: 'api.example.test' } },
  ),
  tls(
    'an address as tls-server-name',
    { api: issued({ hosts: ['10.0.0.1'] }), cluster: () => ({ 'tls-server-name': '10.0.0.1' }) },
    { sees: { ...BEARER, serverName: undefined } },
  ),
  tls('insecure trusts anyone', {
    api: { certificate: (pki) => pki.stranger.issue({ commonName: 'x' }) },
    cluster: () => ({ ...noCa, 'insecure-skip-tls-verify': true }),
  }),
  tls(
    'insecure greets with tls-server-name all the same',
    { cluster: () => ({ ...noCa, 'insecure-skip-tls-verify': true, 'tls-server-name': 'any.test' }) },
    { sees: { ...BEARER, serverName: 'any.test' } },
  ),
  {
    section: '4',
    name: 'insecure shows the client certificate all the same',
    given: (api, { pki }) => ({
      config: kubeconfig({
        cluster: { server: api.url, 'insecure-skip-tls-verify': true },
        user: { 'client-certificate-data': base64(pki.client.certificate), 'client-key-data': base64(pki.client.key) },
      }),
    }),
    sees: { clientCertificate: 'cert-user' },
  },
  tls('SSL_CERT_FILE holds the system’s roots', {
    cluster: () => noCa,
    files: (pki) => ({ roots: pki.root.certificate }),
    env: { SSL_CERT_FILE: 'DIR/roots' },
  }),
  tls('SSL_CERT_DIR holds more of the system’s roots', {
    cluster: () => noCa,
    files: (pki) => ({ roots: pki.stranger.certificate, 'dir/root.pem': pki.root.certificate }),
    env: { SSL_CERT_FILE: 'DIR/roots', SSL_CERT_DIR: 'DIR/none:DIR/dir' },
  }),
  tls(
    'the system’s roots do not matter beside a CA',
    {
      cluster: (pki) => ({ 'certificate-authority-data': base64(pki.stranger.certificate) }),
      files: (pki) => ({ roots: pki.root.certificate }),
      env: { SSL_CERT_FILE: 'DIR/roots' },
    },
    { fails: UNTRUSTED },
  ),
  tls(
    'NODE_TLS_REJECT_UNAUTHORIZED does not matter',
    { cluster: () => noCa, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
    { fails: UNTRUSTED },
  ),
  tls(
    'NODE_EXTRA_CA_CERTS does not matter',
    { cluster: () => noCa, files: (pki) => ({ roots: pki.root.certificate }), env: { NODE_EXTRA_CA_CERTS: 'DIR/roots' } },
    { fails: UNTRUSTED },
  ),
  tls(
    'NODE_OPTIONS does not matter',
    { cluster: () => noCa, env: { NODE_OPTIONS: '--use-openssl-ca --tls-max-v1.2' } },
    { fails: UNTRUSTED },
  ),
  tls(
    'a server that wants a client certificate',
    { api: { requiresClientCertificate: true } },
    { fails: 'Unable to connect to the server: remote error: tls: certificate required' },
  ),
  {
    section: '4',
    name: 'a client certificate below an intermediate authority is shown with it',
    api: { requiresClientCertificate: true },
    given: async (api, { clusterOf, pki }) => {
      const pair = await (await pki.root.intermediate('users')).issue({ commonName: 'deep-user' });
      return {
        config: kubeconfig({
          cluster: clusterOf(api),
          user: { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(pair.key) },
        }),
      };
    },
    sees: { clientCertificate: 'deep-user' },
  },
];
