import { type Authority, type CertificateAndKey, createAuthority } from '../../tools/certificates.ts';

/** Names and addresses that the ordinary server certificate is for; `0.0.0.0` reaches this machine without being loopback. */
const SERVER_HOSTS = ['localhost', '127.0.0.1', '::1', '0.0.0.0', 'api.example.test', '*.wild.example.test'];

export interface Pki {
  readonly root: Authority;
  /** An authority that no cluster entry trusts. */
  readonly stranger: Authority;
  readonly server: CertificateAndKey;
  /** Client certificate of user `cert-user`. */
  readonly client: CertificateAndKey;
  readonly otherClient: CertificateAndKey;
}

/** Makes the authorities and certificates that all cases share. */
export async function createPki(): Promise<Pki> {
  const root = await createAuthority('differential root');
  return {
    root,
    stranger: await createAuthority('stranger'),
    server: await root.issue({ commonName: 'not-a-host', hosts: SERVER_HOSTS, usages: ['server'] }),
    client: await root.issue({ commonName: 'cert-user', organizations: ['ml'], usages: ['client'] }),
    otherClient: await root.issue({ commonName: 'other-cert-user', usages: ['client'] }),
  };
}
