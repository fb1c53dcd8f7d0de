import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { promisify } from 'node:util';
import type { ClientConfig, PemSource, TlsConfig } from '../../../../src/cluster/kubeconfig/client-config.ts';
import { createTrust } from '../../../../src/cluster/transport/tls/trust.ts';
import type { TransportOptions } from '../../../../src/cluster/transport/transport.ts';
import { ClusterError } from '../../../../src/errors.ts';
import { Secret } from '../../../../src/text/secret.ts';
import {
  type Authority,
  type CertificateAndKey,
  createAuthority,
  createKeyPair,
  createSelfSigned,
} from '../../../../tools/certificates.ts';
import { skipOnWindows } from '../../../support/skip.ts';
import {
  atClose,
  clientConfig,
  closeAll,
  deadPort,
  failureOf,
  listen,
  sendJson,
  serve,
  serveRaw,
  type TestServer,
  transportTo,
} from '../../../support/wire.ts';

const UNKNOWN = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';

function pem(text: string, origin = 'certificate-authority-data of cluster "here"'): PemSource {
  return { pem: Buffer.from(text), origin };
}

function serveTls(tls: CertificateAndKey & { readonly clientAuthority?: string }): Promise<TestServer> {
  return serve((_request, response) => sendJson(response, {}), { tls });
}

interface Try {
  readonly tls?: Partial<TlsConfig>;
  readonly config?: Partial<ClientConfig>;
  readonly options?: Partial<TransportOptions>;
  /** Host in place of 127.0.0.1. */
  readonly host?: string;
}

async function get(server: TestServer, { tls = {}, config = {}, options = {}, host = '127.0.0.1' }: Try) {
  const url = `${server.url.protocol}//${host}:${server.port}`;
  const transport = await transportTo(clientConfig(url, { tls: { insecure: false, ...tls }, ...config }), {
    now: () => new Date(),
    ...options,
  });
  return transport.get('/api');
}

async function refusal(server: TestServer, attempt: Try): Promise<readonly unknown[]> {
  const { reason, message } = await failureOf(get(server, attempt));
  return [reason, message];
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'kserve-roots-'));
  atClose(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('TLS: whom to trust', () => {
  let root: Authority;
  let other: Authority;
  let leaf: CertificateAndKey;
  let server: TestServer;
  before(async () => {
    root = await createAuthority('root');
    other = await createAuthority('other');
    leaf = await root.issue({ hosts: ['127.0.0.1', 'localhost'] });
  });
  beforeEach(async () => {
    server = await serveTls(leaf);
  });
  afterEach(closeAll);

  it('trusts the configured authority', async () => {
    assert.equal((await get(server, { tls: { ca: pem(root.certificate) } })).status, 200);
  });

  it('trusts nobody else', async () => {
    assert.deepEqual(await failureOf(get(server, { tls: { ca: pem(other.certificate) } })), {
      reason: 'CertificateUntrusted',
      message: UNKNOWN,
      hint: 'The plugin trusts only certificates from certificate-authority-data of cluster "here".',
    });
  });

  it('looks at every certificate, past text, junk and broken blocks', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const withHeaders = '-----BEGIN CERTIFICATE-----\nA: b\n\nAAAA\n-----END CERTIFICATE-----\n';
    const all = `subject=x\r\n${other.certificate}${broken}${withHeaders}text\n${root.key}${root.certificate.replaceAll('\n', '\r\n')}end`;
    assert.equal((await get(server, { tls: { ca: pem(all) } })).status, 200);
  });

  it('finds certificates in time that grows with the file alone', async () => {
    const begins = '-----BEGIN CERTIFICATE-----\n'.repeat(50_000);
    const other = '-----BEGIN OTHER-----\nAAAA\n-----END CERTIFICATE-----\n';
    assert.equal((await get(server, { tls: { ca: pem(`${other}${root.certificate}${begins}`) } })).status, 200);
  });

  it('trusts an intermediate without its root, and a pinned leaf', async () => {
    const intermediate = await root.intermediate('middle');
    const behind = await serveTls(await intermediate.issue({ hosts: ['127.0.0.1'] }));
    const [own = ''] = intermediate.certificate.split(/(?<=-----END CERTIFICATE-----\n)/);
    assert.equal((await get(behind, { tls: { ca: pem(own) } })).status, 200);
    assert.equal((await get(server, { tls: { ca: pem(leaf.certificate) } })).status, 200);
    const alone = await createSelfSigned({ hosts: ['127.0.0.1'] });
    assert.equal((await get(await serveTls(alone), { tls: { ca: pem(alone.certificate) } })).status, 200);
  });

  it('trusts nothing with an empty file', async () => {
    assert.deepEqual(await refusal(server, { tls: { ca: pem('') } }), ['CertificateUntrusted', UNKNOWN]);
  });

  for (const [text, problem] of [
    ['no certificate here', 'unable to parse bytes as PEM block'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'failed to parse certificate: x509: malformed certificate'],
    ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', 'no valid certificate authority data seen'],
  ] as const) {
    it(`stops at an authority of ${JSON.stringify(text.slice(0, 24))}`, async () => {
      assert.deepEqual(await failureOf(get(server, { tls: { ca: pem(text, 'ca.crt') } })), {
        reason: 'ConfigInvalid',
        message: `unable to load root certificates: ${problem}`,
        hint: 'Check ca.crt.',
      });
    });
  }

  it('verifies nothing if told so', async () => {
    assert.equal((await get(server, { tls: { insecure: true } })).status, 200);
    assert.equal((await get(await serveTls(await other.issue({ hosts: ['elsewhere'] })), { tls: { insecure: true } })).status, 200);
  });

  it("does not obey Node's own variables", async () => {
    const folder = folderWith({ 'root.pem': root.certificate, 'other.pem': other.certificate });
    const script = `
      const { clientConfig, failureOf, transportTo } = await import(${JSON.stringify(import.meta.resolve('../../../support/wire.ts'))});
      const { readFileSync } = await import('node:fs');
      const ca = { pem: readFileSync(${JSON.stringify(join(folder, 'other.pem'))}), origin: 'other' };
      const transport = await transportTo(clientConfig('https://127.0.0.1:${server.port}', { tls: { insecure: false, ca } }), { now: () => new Date() });
      process.stdout.write((await failureOf(transport.get('/'))).message);`;
    // A child, because Node warns of the first of these variables for the rest of the process.
    const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_EXTRA_CA_CERTS: join(folder, 'root.pem') };
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], { env });
    assert.equal(stdout, UNKNOWN);
  });

  it('takes the system roots of SSL_CERT_FILE and SSL_CERT_DIR', async function () {
    skipOnWindows(this, 'paths without a colon, which is between those of SSL_CERT_DIR');
    const folder = folderWith({ 'root.pem': root.certificate, 'junk.txt': 'junk' });
    const empty = folderWith({});
    const file = { SSL_CERT_FILE: join(folder, 'root.pem'), SSL_CERT_DIR: empty };
    assert.equal((await get(server, { options: { env: file } })).status, 200);
    assert.equal(
      (await get(server, { options: { env: { SSL_CERT_FILE: join(folder, 'missing'), SSL_CERT_DIR: `${empty}:/missing:${folder}` } } }))
        .status,
      200,
    );
    assert.deepEqual(await failureOf(get(server, { options: { env: { SSL_CERT_FILE: join(folder, 'junk.txt'), SSL_CERT_DIR: empty } } })), {
      reason: 'CertificateUntrusted',
      message: UNKNOWN,
      hint: "The plugin trusts only certificates from the system's authorities; no certificate-authority is configured.",
    });
  });

  it('looks into the usual folders before it gives up', async () => {
    const folder = folderWith({ 'empty.pem': '' });
    assert.deepEqual(await refusal(server, { options: { env: { SSL_CERT_FILE: join(folder, 'empty.pem') } } }), [
      'CertificateUntrusted',
      UNKNOWN,
    ]);
  });
});

describe('TLS: dates and names', () => {
  let root: Authority;
  before(async () => {
    root = await createAuthority('root');
  });
  afterEach(closeAll);
  const trusted = (): Partial<TlsConfig> => ({ ca: pem(root.certificate) });

  it('refuses an expired certificate, with the dates', async () => {
    const server = await serveTls(
      await root.issue({ hosts: ['127.0.0.1'], notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-02-03T04:05:06Z') }),
    );
    const now = () => new Date('2026-07-01T12:00:00.250Z');
    assert.deepEqual(await failureOf(get(server, { tls: trusted(), options: { now } })), {
      reason: 'CertificateExpired',
      message:
        'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-07-01T12:00:00Z is after 2021-02-03T04:05:06Z',
      hint: "The server's certificate needs to be renewed, or the clock here is wrong.",
    });
  });

  it('refuses one that is not valid yet', async () => {
    const server = await serveTls(
      await root.issue({ hosts: ['127.0.0.1'], notBefore: new Date('2050-01-01T00:00:00Z'), notAfter: new Date('2051-01-01T00:00:00Z') }),
    );
    const now = () => new Date('2026-07-01T12:00:00.250Z');
    const [reason, message] = await refusal(server, { tls: trusted(), options: { now } });
    assert.equal(reason, 'CertificateExpired');
    assert.equal(
      message,
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-07-01T12:00:00Z is before 2050-01-01T00:00:00Z',
    );
  });

  it('refuses another name, and says which would do', async () => {
    const server = await serveTls(await root.issue({ hosts: ['api.example.test', 'kubernetes'] }));
    assert.deepEqual(await failureOf(get(server, { tls: trusted(), host: 'localhost' })), {
      reason: 'CertificateNameMismatch',
      message: 'tls: failed to verify certificate: x509: certificate is valid for api.example.test, kubernetes, not localhost',
      hint: `Is localhost:${server.port} your API server? It comes from cluster "here" of context "test". If it is, add: --tls-server-name api.example.test`,
    });
    assert.deepEqual(await failureOf(get(server, { tls: { ...trusted(), serverName: 'foo' }, host: 'localhost' })), {
      reason: 'CertificateNameMismatch',
      message: 'tls: failed to verify certificate: x509: certificate is valid for api.example.test, kubernetes, not foo',
      hint: `Is localhost:${server.port} your API server? It comes from cluster "here" of context "test". If it is, use instead: --tls-server-name api.example.test`,
    });
    assert.equal((await get(server, { tls: { ...trusted(), serverName: 'api.example.test' }, host: 'localhost' })).status, 200);
  });

  it('suggests no name where anybody has a certificate that the system trusts', async () => {
    const server = await serveTls(await root.issue({ hosts: ['api.example.test'] }));
    const env = { SSL_CERT_FILE: join(folderWith({ 'root.pem': root.certificate }), 'root.pem') };
    const { reason, hint } = await failureOf(get(server, { options: { env }, host: 'localhost' }));
    assert.equal(reason, 'CertificateNameMismatch');
    assert.equal(hint, `Is localhost:${server.port} your API server? It comes from cluster "here" of context "test".`);
  });

  it('refuses an address that is only a name', async () => {
    const server = await serveTls(await root.issue({ hosts: ['localhost'] }));
    assert.deepEqual(await refusal(server, { tls: trusted() }), [
      'CertificateNameMismatch',
      "tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    ]);
  });

  it('does not take the common name for a host', async () => {
    const server = await serveTls(await root.issue({ commonName: 'localhost' }));
    assert.deepEqual(await failureOf(get(server, { tls: trusted(), host: 'localhost' })), {
      reason: 'CertificateNameMismatch',
      message: 'tls: failed to verify certificate: x509: certificate relies on legacy Common Name field, use SANs instead',
      hint: `Is localhost:${server.port} your API server? It comes from cluster "here" of context "test".`,
    });
  });

  it('tells of the wrong name before the unknown authority, as Go', async () => {
    const stranger = await createAuthority('stranger');
    const server = await serveTls(await stranger.issue({ hosts: ['elsewhere'] }));
    assert.deepEqual(await failureOf(get(server, { tls: trusted(), host: 'localhost' })), {
      reason: 'CertificateNameMismatch',
      message: 'tls: failed to verify certificate: x509: certificate is valid for elsewhere, not localhost',
      // No name that a stranger gives himself is suggested.
      hint: `Is localhost:${server.port} your API server? It comes from cluster "here" of context "test".`,
    });
  });

  it('refuses a certificate for clients', async () => {
    const server = await serveTls(await root.issue({ hosts: ['127.0.0.1'], usages: ['client'] }));
    assert.deepEqual(await refusal(server, { tls: trusted() }), [
      'CertificateUntrusted',
      'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage',
    ]);
  });

  it('reaches an IPv6 address by its SAN', async () => {
    const server = await serve((_request, response) => sendJson(response, {}), { tls: await root.issue({ hosts: ['::1'] }), host: '::1' });
    assert.equal((await get(server, { tls: trusted(), host: '[::1]' })).status, 200);
  });
});

describe('TLS: client certificates', () => {
  let root: Authority;
  let server: TestServer;
  let user: CertificateAndKey;
  before(async () => {
    root = await createAuthority('root');
    user = await root.issue({ commonName: 'ana' });
  });
  beforeEach(async () => {
    server = await serveTls({ ...(await root.issue({ hosts: ['127.0.0.1'] })), clientAuthority: root.certificate });
  });
  afterEach(closeAll);

  function pair(certificate: string, key: string) {
    const secretPem = (text: string, what: string) => ({ pem: new Secret(Buffer.from(text)), origin: `${what} of user "ana"` });
    return { certificate: secretPem(certificate, 'client-certificate-data'), key: secretPem(key, 'client-key-data') };
  }

  it('sends the certificate', async () => {
    assert.equal(
      (await get(server, { tls: { ca: pem(root.certificate), clientCertificate: pair(user.certificate, user.key) } })).status,
      200,
    );
  });

  it('says when the server wants one', async () => {
    assert.deepEqual(await failureOf(get(server, { tls: { ca: pem(root.certificate) } })), {
      reason: 'TLSFailed',
      message: 'remote error: tls: certificate required',
      hint: 'Check the client certificate of user "ana".',
    });
  });

  it('says which flag gave the certificate that the server refuses', async () => {
    const { hint } = await failureOf(
      get(server, { tls: { ca: pem(root.certificate) }, config: { flags: new Set(['--client-certificate']) } }),
    );
    assert.equal(hint, 'Check --client-certificate.');
  });

  it('sends the one that a plugin gave, and another on new connections', async () => {
    const second = await root.issue({ commonName: 'bob' });
    const given = [pair(user.certificate, user.key), pair(user.certificate, user.key), pair(second.certificate, second.key)];
    const credentials = { origin: 'exec', get: async () => ({ clientCertificate: given.shift() ?? pair('', '') }) };
    const transport = await transportTo(clientConfig(server.url, { tls: { insecure: false, ca: pem(root.certificate) }, credentials }), {
      now: () => new Date(),
    });
    await transport.get('/1');
    await transport.get('/2');
    assert.equal(server.connections(), 1);
    await transport.get('/3');
    assert.equal(server.connections(), 2);
  });

  it('says what is wrong with certificate or key, in the words of Go', async () => {
    const { privateKey } = await createKeyPair();
    const encrypted = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIBHTBXBgkqhkiG9w0BBQ0wSjApBgkq\n-----END ENCRYPTED PRIVATE KEY-----\n';
    const cases = [
      [user.certificate, privateKey, 'tls: private key does not match public key', 'client-key-data'],
      [user.certificate, encrypted, 'tls: failed to parse private key', 'client-key-data'],
      [user.certificate, 'junk', 'tls: failed to find any PEM data in key input', 'client-key-data'],
      [user.certificate, user.certificate, 'tls: found a certificate rather than a key in the PEM for the private key', 'client-key-data'],
      ['junk', user.key, 'tls: failed to find any PEM data in certificate input', 'client-certificate-data'],
      [
        user.key,
        user.key,
        'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
        'client-certificate-data',
      ],
      [
        `${user.key}${user.key}`,
        user.key,
        'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [PRIVATE KEY PRIVATE KEY]',
        'client-certificate-data',
      ],
      [
        '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
        user.key,
        'x509: malformed certificate',
        'client-certificate-data',
      ],
    ] as const;
    for (const [certificate, key, message, at] of cases) {
      assert.deepEqual(await failureOf(get(server, { tls: { ca: pem(root.certificate), clientCertificate: pair(certificate, key) } })), {
        reason: 'ConfigInvalid',
        message,
        hint: `Check ${at} of user "ana".`,
      });
    }
  });
});

describe('TLS: the handshake', () => {
  afterEach(closeAll);

  async function serveNaming(hosts: readonly string[], options: TlsOptions = {}) {
    const root = await createAuthority('root');
    const { certificate, key } = await root.issue({ hosts });
    const names: string[] = [];
    const hostHeaders: (string | undefined)[] = [];
    const SNICallback: TlsOptions['SNICallback'] = (name, done) => {
      names.push(name);
      done(null);
    };
    const server = createServer({ cert: certificate, key, SNICallback, ...options }, ({ headers }, response) => {
      hostHeaders.push(headers.host);
      sendJson(response, {});
    });
    server.on('tlsClientError', () => undefined);
    const { port, connections } = await listen(server);
    const tls = { ca: pem(root.certificate) };
    return { server: { url: new URL('https://x'), port, connections, requests: [] }, tls, names, hostHeaders };
  }

  it('asks for the host of the URL by name', async () => {
    const { server, tls, names, hostHeaders } = await serveNaming(['localhost']);
    await get(server, { tls, host: 'localhost' });
    assert.deepEqual([names, hostHeaders], [['localhost'], [`localhost:${server.port}`]]);
  });

  it('asks for tls-server-name, while Host stays', async () => {
    const { server, tls, names, hostHeaders } = await serveNaming(['api.example.test']);
    await get(server, { tls: { ...tls, serverName: 'api.example.test' } });
    assert.deepEqual([names, hostHeaders], [['api.example.test'], [`127.0.0.1:${server.port}`]]);
    await get(server, { tls: { insecure: true, serverName: 'other.example.test' } });
    assert.deepEqual(names, ['api.example.test', 'other.example.test']);
  });

  it('names no address', async () => {
    const { server, tls, names } = await serveNaming(['127.0.0.1', '10.0.0.1']);
    await get(server, { tls });
    await get(server, { tls: { ...tls, serverName: '10.0.0.1' }, host: 'localhost' });
    assert.deepEqual(names, []);
  });

  it('speaks nothing older than TLS 1.2', async () => {
    const { server, tls } = await serveNaming(['127.0.0.1'], { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    assert.deepEqual(await refusal(server, { tls }), ['TLSFailed', 'remote error: tls: protocol version not supported']);
    const { server: newer, tls: newerTls } = await serveNaming(['127.0.0.1'], { maxVersion: 'TLSv1.2' });
    assert.equal((await get(newer, { tls: newerTls })).status, 200);
  });
});

describe('createTrust', () => {
  it('lets requests that fail together all try again with more roots', async () => {
    const config = clientConfig('https://127.0.0.1:1');
    const trust = await createTrust({
      config,
      env: { SSL_CERT_FILE: '/missing' },
      platform: 'linux',
      now: () => new Date(),
    });
    const answers = [1, 2].map(() => {
      let tries = 0;
      return trust.withTrust(undefined, new AbortController().signal, async () => {
        tries++;
        if (tries === 1) throw new ClusterError('CertificateUntrusted', 'untrusted');
        return new PassThrough();
      });
    });
    assert.equal((await Promise.all(answers)).length, 2);
  });
});

describe('TLS: other servers', () => {
  afterEach(closeAll);

  it('recognises plain http', async () => {
    const server = await serve((_request, response) => sendJson(response, {}));
    const https = { ...server, url: new URL(`https://127.0.0.1:${server.port}`) };
    assert.deepEqual(await failureOf(get(https, { tls: { insecure: true } })), {
      reason: 'WrongProtocol',
      message: 'http: server gave HTTP response to HTTPS client',
      hint: 'Check http or https in "server" of cluster "here" of context "test".',
    });
  });

  it('repeats a GET whose handshake was cut off', async () => {
    const server = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const https = new URL(`https://127.0.0.1:${server.port}`);
    const transport = await transportTo(clientConfig(https, { tls: { insecure: true } }));
    const { reason, message } = await failureOf(transport.get('/'));
    assert.deepEqual([reason, message], ['ConnectionLost', 'connection reset by peer']);
    assert.equal(server.connections(), 11);
  });

  it('ends a handshake that never ends, on interrupt', async () => {
    const controller = new AbortController();
    const server = await serveRaw((socket) => socket.once('data', () => controller.abort('SIGINT')));
    const https = new URL(`https://127.0.0.1:${server.port}`);
    const transport = await transportTo(clientConfig(https, { tls: { insecure: true } }), { signal: controller.signal });
    assert.equal((await failureOf(transport.get('/'))).reason, 'Interrupted');
  });

  it('reports a refused https port as refused', async () => {
    const transport = await transportTo(clientConfig(`https://127.0.0.1:${await deadPort()}`, { tls: { insecure: true } }));
    assert.equal((await failureOf(transport.get('/'))).reason, 'ConnectionRefused');
  });
});
