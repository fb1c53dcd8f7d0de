import { resolve } from 'node:path';
import { describeFileError } from '../../documents/file-error.ts';
import { readBounded } from '../../documents/read-file.ts';
import { Secret } from '../../text/secret.ts';
import type { KeyPair, PemSource, SecretPem, TlsConfig } from './client-config.ts';
import type { ClusterEntry, UserEntry } from './decode.ts';

/** Reads a PEM file, seen from the working folder. Throws an Error in Go's words. */
export function readPem(file: string, cwd: string): PemSource {
  try {
    return { pem: readBounded(resolve(cwd, file)), origin: file };
  } catch (cause) {
    throw new Error(describeFileError(cause, file), { cause });
  }
}

/** The CA of a cluster entry: the data, else the file; undefined means the system's roots. */
export function certificateAuthority(cluster: ClusterEntry, clusterName: string, cwd: string): PemSource | undefined {
  const { 'certificate-authority': file, 'certificate-authority-data': data } = cluster;
  if (data !== undefined) return { pem: data, origin: `certificate-authority-data of cluster "${clusterName}"` };
  return file === undefined ? undefined : readPem(file, cwd);
}

function secretPem(data: Secret<Buffer> | undefined, file: string | undefined, origin: string, cwd: string): SecretPem | undefined {
  if (data !== undefined) return { pem: data, origin };
  if (file === undefined) return undefined;
  const read = readPem(file, cwd);
  return { ...read, pem: new Secret(read.pem) };
}

function clientCertificate(user: UserEntry, userName: string, cwd: string): KeyPair | undefined {
  const { 'client-certificate': file, 'client-certificate-data': data, 'client-key': keyFile, 'client-key-data': keyData } = user;
  const certificate = secretPem(data, file, `client-certificate-data of user "${userName}"`, cwd);
  const key = secretPem(keyData, keyFile, `client-key-data of user "${userName}"`, cwd);
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

export interface TlsEntries {
  readonly cluster: ClusterEntry;
  readonly clusterName: string;
  readonly user: UserEntry;
  readonly userName: string;
}

/** How TLS is set up from the chosen entries. Throws an Error in Go's words for a file that cannot be read, or for a CA beside insecure. */
export function toTlsConfig({ cluster, clusterName, user, userName }: TlsEntries, cwd: string): TlsConfig {
  const ca = certificateAuthority(cluster, clusterName, cwd);
  const insecure = cluster['insecure-skip-tls-verify'] ?? false;
  if (insecure && ca !== undefined) throw new Error('specifying a root certificates file with the insecure flag is not allowed');
  const serverName = cluster['tls-server-name'];
  const identity = clientCertificate(user, userName, cwd);
  return {
    insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(identity === undefined ? {} : { clientCertificate: identity }),
  };
}
