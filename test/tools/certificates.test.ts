import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { type CertificateAndKey, createAuthority, createKeyPair, createSelfSigned } from '../../tools/certificates.ts';

describe('certificates', () => {
  it('name hosts, addresses, user and groups', async () => {
    const root = await createAuthority('test root');
    const issued = await root.issue({
      commonName: 'ana',
      organizations: ['ml', 'system:masters'],
      hosts: ['localhost', '127.0.0.1', '::1', '2001:db8::5:0:1'],
    });
    const certificate = new X509Certificate(issued.certificate);
    assert.equal(certificate.subject, 'O=ml\nO=system:masters\nCN=ana');
    assert.equal(certificate.issuer, 'CN=test root');
    assert.equal(
      certificate.subjectAltName,
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:5:0:1',
    );
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1']);
    assert.equal(certificate.ca, false);
    assert.equal(certificate.verify(new X509Certificate(root.certificate).publicKey), true);
    assert.equal(new X509Certificate(root.certificate).ca, true);
  });

  it('keep the dates they are given, also beyond 2049', async () => {
    const root = await createAuthority('test root');
    const validity = { notBefore: new Date('2001-02-03T04:05:06Z'), notAfter: new Date('2051-02-03T04:05:06Z') };
    const certificate = new X509Certificate((await root.issue({ commonName: 'old', ...validity })).certificate);
    assert.deepEqual([certificate.validFromDate, certificate.validToDate], [validity.notBefore, validity.notAfter]);
  });

  it('carry no SANs without hosts and only the usages asked for', async () => {
    const certificate = new X509Certificate((await createSelfSigned({ commonName: 'localhost', usages: ['server'] })).certificate);
    assert.equal(certificate.subjectAltName, undefined);
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  });

  it('make a TLS connection with a client certificate', async () => {
    const root = await createAuthority('test root');
    const server = await root.issue({ commonName: 'server', hosts: ['localhost'], usages: ['server'] });
    const client = await root.issue({ commonName: 'ana', usages: ['client'] });
    assert.equal(await handshake({ server, client, root: root.certificate }), 'ana');
  });

  it('send the intermediate authorities along', async () => {
    const root = await createAuthority('test root');
    const second = await (await root.intermediate('first')).intermediate('second');
    const server = await second.issue({ commonName: 'server', hosts: ['localhost'] });
    assert.equal(server.certificate.split('-----BEGIN CERTIFICATE-----').length - 1, 3);
    assert.equal(second.certificate.split('-----BEGIN CERTIFICATE-----').length - 1, 2);
    assert.equal(await handshake({ server, client: await second.issue({ commonName: 'bob' }), root: root.certificate }), 'bob');
  });

  for (const { title, code, issue } of [
    {
      title: 'an expired certificate',
      code: 'CERT_HAS_EXPIRED',
      issue: { hosts: ['localhost'], notBefore: new Date(0), notAfter: new Date(1_000) },
    },
    { title: 'one for another host', code: 'ERR_TLS_CERT_ALTNAME_INVALID', issue: { hosts: ['example.test'] } },
    {
      title: 'one that is not valid yet',
      code: 'CERT_NOT_YET_VALID',
      issue: { hosts: ['localhost'], notBefore: new Date('2090-01-01'), notAfter: new Date('2091-01-01') },
    },
  ]) {
    it(`lets a client refuse ${title}`, async () => {
      const root = await createAuthority('test root');
      const server = await root.issue({ commonName: 'server', ...issue });
      const client = await root.issue({ commonName: 'ana' });
      await assert.rejects(handshake({ server, client, root: root.certificate }), { code });
    });
  }

  it('lets a client refuse a root that it does not know', async () => {
    const root = await createAuthority('test root');
    const server = await root.issue({ commonName: 'server', hosts: ['localhost'] });
    const other = await createAuthority('other root');
    const client = await root.issue({ commonName: 'ana' });
    await assert.rejects(handshake({ server, client, root: other.certificate }), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  it('come with key pairs for signing tokens', async () => {
    const { publicKey, privateKey } = await createKeyPair();
    assert.match(publicKey, /^-----BEGIN PUBLIC KEY-----\n/);
    assert.match(privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
  });
});

/** The name by which the server knows the client. */
async function handshake(ends: { server: CertificateAndKey; client: CertificateAndKey; root: string }): Promise<string> {
  const options = { cert: ends.server.certificate, key: ends.server.key, ca: ends.root, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (socket) => socket.end(commonName(socket)));
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: ends.root,
      cert: ends.client.certificate,
      key: ends.client.key,
    });
    return (await socket.setEncoding('utf8').toArray()).join('');
  } finally {
    server.close();
  }
}

function commonName(socket: TLSSocket): string {
  return String(socket.getPeerCertificate().subject.CN);
}
