import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { trustAnchors } from '../../kubeconfig/trust-anchors.ts';

// https://go.dev/src/crypto/x509/root_linux.go
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

export interface SystemRoots {
  readonly certificates: readonly string[];
  /** What else Go would have loaded at once; asked only if verification fails without, because it costs several times the bundle. */
  readonly rest?: () => Promise<readonly string[]>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The authorities that the system trusts, where Go looks for them; never those that Node brings along. */
export async function systemRoots(platform: NodeJS.Platform, env: Environment): Promise<SystemRoots> {
  if (platform === 'darwin' || platform === 'win32') return { certificates: getCACertificates('system') };
  const bundle = await firstReadable(env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : BUNDLES);
  if (!env.SSL_CERT_DIR) return { certificates: bundle, rest: () => allIn(DIRECTORIES) };
  return { certificates: [...bundle, ...(await allIn(env.SSL_CERT_DIR.split(':')))] };
}

async function firstReadable(paths: readonly string[]): Promise<readonly string[]> {
  for (const path of paths) {
    const pem = await readFile(path).catch(() => undefined);
    // One block after another is OpenSSL's to split: 140 certificates parsed twice would cost as much as the request.
    if (pem !== undefined) return [pem.toString('latin1')];
  }
  return [];
}

async function allIn(directories: readonly string[]): Promise<readonly string[]> {
  const paths = await Promise.all(directories.map(filesIn));
  const texts = await Promise.all([...new Set(paths.flat())].map((path) => readFile(path).catch(() => Buffer.alloc(0))));
  return texts.flatMap(anchorsOrNone);
}

/** Resolved, so that the hash links beside each certificate do not count twice. */
async function filesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return Promise.all(names.map((name) => realpath(join(directory, name)).catch(() => join(directory, name))));
}

function anchorsOrNone(pem: Buffer): string[] {
  try {
    return trustAnchors({ pem, origin: 'system' });
  } catch {
    return [];
  }
}
