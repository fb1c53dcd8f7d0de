import { createPrivateKey } from 'node:crypto';
import { type AuthorityOptions, type CertificateOptions, createAuthority, createSelfSigned } from '../../../tools/certificates.ts';
import { type ApiSetup, type Case, kubeconfig } from '../case.ts';
import { idToken } from '../identity-provider.ts';
import type { Pki } from '../pki.ts';
import { secret } from '../secrets.ts';
import { base64 } from '../world.ts';

const BEARER = { authorization: `Bearer ${secret('u')}` };
const FAILED = 'Unable to connect to the server: tls: failed to verify certificate: x509: ';
const UNKNOWN = `${FAILED}certificate signed by unknown authority (possibly because of "x509: `;
const HOSTS = ['127.0.0.1'];

type Expected = Pick<Case, 'sees' | 'fails' | 'differs'>;

/** A server with a certificate of a root authority made for the case, and that authority as CA. */
function served(
  name: string,
  { authority = {}, leaf = {}, below }: { authority?: AuthorityOptions; leaf?: Partial<CertificateOptions>; below?: AuthorityOptions },
  expected: Expected = { sees: BEARER },
): Case {
  let made: Promise<{ readonly ca: string; readonly pair: { readonly certificate: string; readonly key: string } }> | undefined;
  const make = async () => {
    const root = await createAuthority('a root', authority);
    const issuer = below === undefined ? root : await root.intermediate('below', below);
    return { ca: root.certificate, pair: await issuer.issue({ hosts: HOSTS, usages: ['server'], ...leaf }) };
  };
  const world = () => {
    made ??= make();
    return made;
  };
  return {
    section: '4',
    name,
    api: { certificate: async () => (await world()).pair },
    given: async (api) => ({
      config: kubeconfig({
        cluster: { server: api.url, 'certificate-authority-data': base64((await world()).ca) },
        user: { token: secret('u') },
      }),
    }),
    ...expected,
  };
}

/** A user of the client certificate that `entry` makes. */
function client(name: string, entry: (pki: Pki) => Promise<object> | object, expected: Expected, api: ApiSetup = {}): Case {
  return {
    section: '3',
    name,
    api: { requiresClientCertificate: true, ...api },
    given: async (server, { clusterOf, pki }) => ({ config: kubeconfig({ cluster: clusterOf(server), user: await entry(pki) }) }),
    ...expected,
  };
}

const certUser = { sees: { clientCertificate: 'cert-user' } };
const pairOf = (certificate: string, key: string) => ({ 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) });
const relabelled = (pem: string, label: string) => pem.replaceAll(/(?<=-----(?:BEGIN|END) ).*(?=-----)/g, label);
const inFormat = (key: string, type: 'pkcs1' | 'sec1') => createPrivateKey(key).export({ type, format: 'pem' }).toString();
const spaced = (pem: string) => pem.replaceAll('\n', '\n\n');

/** On the curve brainpoolP256r1, which Go does not know. */
const BRAINPOOL = `-----BEGIN CERTIFICATE-----
MIIBZzCCAQ+gAwIBAgIUbuaWMpKdmGhTUCll2Ve8d4wnlNkwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHYnBjYSBjYTAeFw0yNjExMjkxMzMwMjhaFw0yNjEyMjkxMzMw
MjhaMBIxEDAOBgNVBAMMB2JwY2EgY2EwWjAUBgcqhkjOPQIBBgkrJAMDAggBAQcD
QgAEa4UzbshS6fpsKCAdKCK5vgncV/CC90XfErZx/CIe9BmJMxGiHZjVxjhtu4Zc
feXFAxBoMENnBQ5PDv7TaxSUnqNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8B
Af8EBAMCAQYwHQYDVR0OBBYEFBNVTeTGlNh/rDpObYv2a08i2mG7MAoGCCqGSM49
BAMCA0YAMEMCH2o0nqhlG8m2PobTxQkDIl1jlBFr3XO6Aw6D7aGNZjYCIH7x8OxR
qtfgwRYWMZ1QUS/0OQ/cin3+62rshyC4WF0B
-----END CERTIFICATE-----
`;

/** Certificates that kubectl works with, and those that it does not. */
const serverCertificates: readonly Case[] = [
  served('a certificate for any purpose', { leaf: { usages: ['any'] } }),
  served('a certificate for clients and any purpose', { leaf: { usages: ['client', 'any'] } }),
  served('a certificate for any purpose below an authority for any purpose', {
    authority: { usages: ['any'] },
    below: { usages: ['any', 'client'] },
    leaf: { usages: ['any'] },
  }),
  served('a certificate for servers below an authority for any purpose', { authority: { usages: ['any'] } }),
  served(
    'a certificate for any purpose below an authority for clients',
    { authority: { usages: ['client'] }, leaf: { usages: ['any'] } },
    { fails: `${FAILED}certificate specifies an incompatible key usage` },
  ),
  served(
    'a certificate for any purpose and another address',
    { leaf: { usages: ['any'], hosts: ['10.0.0.1'] } },
    { fails: `${FAILED}certificate is valid for 10.0.0.1, not 127.0.0.1` },
  ),
  served(
    'a certificate for any purpose that has expired',
    { leaf: { usages: ['any'], notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01T00:00:00Z') } },
    { fails: `${FAILED}certificate has expired or is not yet valid: current time NOW is after 2021-01-01T00:00:00Z` },
  ),
  served('a certificate for any purpose, signed with SHA-1', { leaf: { usages: ['any'], hash: 'SHA-1' } }, { fails: UNKNOWN }),
  {
    section: '4',
    name: 'a certificate for any purpose of an authority that is not the CA',
    api: { certificate: (pki) => pki.stranger.issue({ hosts: HOSTS, usages: ['any'] }) },
    given: (api, { clusterOf }) => ({ config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u') } }) }),
    fails: `${FAILED}certificate signed by unknown authority`,
  },
  {
    section: '4',
    name: 'a self-signed certificate for any purpose as CA',
    api: { certificate: () => pinned },
    given: async (api) => ({
      config: kubeconfig({
        cluster: { server: api.url, 'certificate-authority-data': base64((await pinned).certificate) },
        user: { token: secret('u') },
      }),
    }),
    sees: BEARER,
  },
  served('an RSA key of 1024 bits in the certificate', { leaf: { rsaBits: 1024 } }),
  served('an authority with an RSA key of 1024 bits', { authority: { rsaBits: 1024 } }),
  served(
    'a certificate signed with SHA-1',
    { leaf: { hash: 'SHA-1' } },
    { fails: `${UNKNOWN}cannot verify signature: insecure algorithm` },
  ),
  served(
    'an intermediate authority signed with SHA-1',
    { below: { hash: 'SHA-1' } },
    { fails: `${UNKNOWN}cannot verify signature: insecure algorithm` },
  ),
  served('a root authority signed with SHA-1', { authority: { hash: 'SHA-1' } }),
  served(
    'a critical extension that nobody knows',
    { leaf: { unknownExtension: true } },
    { fails: `${FAILED}unhandled critical extension` },
  ),
  served(
    'an authority whose key usage lets it sign nothing',
    { authority: { cannotSign: true } },
    { fails: `${UNKNOWN}invalid signature: parent certificate cannot sign this kind of certificate` },
  ),
  served(
    'an authority that may not issue for the name',
    { authority: { excluded: 'test' }, leaf: { hosts: ['127.0.0.1', 'api.test'] } },
    { fails: `${FAILED}a root or intermediate certificate is not authorized to sign for this name` },
  ),
  served(
    'a certificate with a negative serial number',
    { leaf: { serialStart: 0x80 } },
    {
      fails: 'tls: failed to parse certificate from server: x509: negative serial number',
      differs: { id: 'lax-certificates', sees: BEARER },
    },
  ),
  served(
    'an authority without basic constraints',
    { authority: { unconstrained: true } },
    { fails: UNKNOWN, differs: { id: 'lax-certificates', sees: BEARER } },
  ),
  {
    section: '4',
    name: 'an authority with a key on a brainpool curve',
    given: (api) => ({
      config: kubeconfig({
        cluster: { server: api.url, 'certificate-authority-data': base64(BRAINPOOL) },
        user: { token: secret('u') },
      }),
    }),
    fails: 'error: unable to load root certificates: failed to parse certificate: x509: unsupported elliptic curve',
  },
];

/** An API server whose TLS has something that only kubectl, or only OpenSSL, knows. */
function speaking(name: string, speaks: ApiSetup['speaks'] & object, leaf: Partial<CertificateOptions>, expected: Expected): Case {
  const one = served(name, { leaf }, expected);
  return { ...one, api: { ...one.api, speaks } };
}

const HANDSHAKE = { fails: 'Unable to connect to the server: remote error: tls: handshake failure' };
const ONLY_12 = { maxVersion: 'TLSv1.2' } as const;

const protocols: readonly Case[] = [
  speaking('a server that knows RSA key exchange only', { ...ONLY_12, ciphers: 'AES128-GCM-SHA256' }, { rsaBits: 2048 }, HANDSHAKE),
  speaking(
    'a server that knows DHE key exchange only',
    { ...ONLY_12, ciphers: 'DHE-RSA-AES128-GCM-SHA256', dhparam: 'auto' },
    { rsaBits: 2048 },
    HANDSHAKE,
  ),
  speaking(
    'a server that knows AES in CBC mode only',
    { ...ONLY_12, ciphers: 'ECDHE-RSA-AES128-SHA' },
    { rsaBits: 2048 },
    { sees: BEARER },
  ),
  speaking('a server that knows ChaCha20 only', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }, {}, { sees: BEARER }),
  speaking('a server with an RSA key that knows TLS 1.2 only', ONLY_12, { rsaBits: 2048 }, { sees: BEARER }),
];

const pinned = createSelfSigned({ hosts: HOSTS, usages: ['any'] });

const clientCertificates: readonly Case[] = [
  client(
    'a client certificate with an RSA key of 1024 bits',
    async ({ root }) => {
      const { certificate, key } = await root.issue({ commonName: 'cert-user', usages: ['client'], rsaBits: 1024 });
      return pairOf(certificate, key);
    },
    certUser,
  ),
  client(
    'an RSA key under the label of PKCS #8',
    async ({ root }) => {
      const { certificate, key } = await root.issue({ commonName: 'cert-user', usages: ['client'], rsaBits: 2048 });
      return pairOf(certificate, relabelled(inFormat(key, 'pkcs1'), 'PRIVATE KEY'));
    },
    certUser,
  ),
  client(
    'a PKCS #8 key under the label of an EC key',
    ({ client: { certificate, key } }) => pairOf(certificate, relabelled(key, 'EC PRIVATE KEY')),
    certUser,
  ),
  client(
    'an EC key under the label of an RSA key',
    ({ client: { certificate, key } }) => pairOf(certificate, relabelled(inFormat(key, 'sec1'), 'RSA PRIVATE KEY')),
    certUser,
  ),
  client(
    'blank lines between all lines of certificate and key',
    ({ client: { certificate, key } }) => pairOf(spaced(certificate), spaced(key)),
    certUser,
  ),
  client(
    'text before and after certificate and key',
    ({ client: { certificate, key } }) => pairOf(`subject: x\n${certificate}end`, `Bag: y\n\n${key}end`),
    certUser,
  ),
  client('a byte order mark before the client certificate', ({ client: { certificate, key } }) => pairOf(`\uFEFF${certificate}`, key), {
    fails: 'tls: failed to find any PEM data in certificate input',
  }),
  {
    section: '4',
    name: 'blank lines between all lines of a CA',
    given: (api, { pki }) => ({
      config: kubeconfig({
        cluster: { server: api.url, 'certificate-authority-data': base64(spaced(pki.root.certificate)) },
        user: { token: secret('u') },
      }),
    }),
    sees: BEARER,
  },
  {
    section: '4',
    name: 'a byte order mark before a CA',
    given: (api, { pki }) => ({
      config: kubeconfig({
        cluster: { server: api.url, 'certificate-authority-data': base64(`\uFEFF${pki.root.certificate}`) },
        user: { token: secret('u') },
      }),
    }),
    fails: 'error: unable to load root certificates: unable to parse bytes as PEM block',
  },
];

const NO_SUCH_HOST = { server: 'https://api.nowhere.invalid:6443' };

/** What cannot work is told before anything is sent. */
const broken: readonly Case[] = [
  {
    section: '4',
    name: 'a broken CA is told before the name of the server is looked up',
    given: () => ({
      config: kubeconfig({ cluster: { ...NO_SUCH_HOST, 'certificate-authority-data': base64('junk') }, user: { token: secret('u') } }),
    }),
    fails: 'error: unable to load root certificates: unable to parse bytes as PEM block',
  },
  {
    section: '4',
    name: 'a broken client key is told before a proxy is asked',
    given: async (api, { clusterOf, pki, proxy }) => {
      const { port } = await proxy('proxy', { leadsTo: api.port });
      return {
        config: kubeconfig({
          cluster: { ...clusterOf(api), 'proxy-url': `http://user:${secret('proxy')}@127.0.0.1:${port}` },
          user: pairOf(pki.client.certificate, 'junk'),
        }),
      };
    },
    fails: 'error: tls: failed to find any PEM data in key input',
  },
  {
    section: '3.1',
    name: 'a broken CA is told before a credential plugin runs',
    given: () => ({
      config: kubeconfig({
        cluster: { ...NO_SUCH_HOST, 'certificate-authority-data': base64('junk') },
        user: { exec: { command: 'DIR/plugin', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' } },
      }),
      files: { plugin: { text: '#!/bin/sh\necho ran >> DIR/plugin.log\nexit 1\n', mode: 0o700 } },
    }),
    fails: 'error: unable to load root certificates: unable to parse bytes as PEM block',
  },
  {
    section: '3.2',
    name: 'a broken authority of the identity provider is told even if the id-token is good',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({
        cluster: clusterOf(api),
        user: {
          'auth-provider': {
            name: 'oidc',
            config: {
              'idp-issuer-url': 'https://idp.nowhere.invalid',
              'client-id': 'me',
              'id-token': idToken(secret('held'), 3600),
              'idp-certificate-authority-data': base64('junk'),
            },
          },
        },
      }),
    }),
    fails: 'unable to load root certificates: unable to parse bytes as PEM block',
  },
];

/** Certificates and keys as Go's crypto/x509, crypto/tls and encoding/pem take them. */
export const certificateCases: readonly Case[] = [...serverCertificates, ...protocols, ...clientCertificates, ...broken];
