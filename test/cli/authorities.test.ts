import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { NODE_OPTIONS } from '../../scripts/package/node-options.ts';
import { type Authority, createAuthority } from '../../tools/certificates.ts';
import { closeAll, sendJson, serve } from '../support/wire.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const UNKNOWN = 'x509: certificate signed by unknown authority';

/** Under the options of the packaged programs OpenSSL has authorities of its own, from variables of the same names: they must never count. */
describe('authorities of the packaged programs', function () {
  if (process.platform !== 'linux') this.pending = true; // Go reads these variables on Linux only.
  let folder: string;
  let root: Authority;
  let server: string;

  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'authorities-'));
    root = await createAuthority('root');
    const tls = await root.issue({ hosts: ['127.0.0.1'] });
    const { port } = await serve((_request, response) => sendJson(response, { gitVersion: 'v1.34.0' }), { tls });
    server = `https://127.0.0.1:${port}`;
  });
  after(async () => {
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Whether the server was trusted: as `version` tells it on stderr or stdout. */
  async function isTrusted(env: Readonly<Record<string, string>>, flags: readonly string[] = []): Promise<boolean> {
    const words = [...NODE_OPTIONS, MAIN, 'version', `--server=${server}`, ...flags];
    const child = spawn(process.execPath, words, { env: { HOME: folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [trusted, refused] = [stdout.includes('v1.34.0'), stderr.includes(UNKNOWN)];
    assert.notEqual(trusted, refused, `${stdout}${stderr}`);
    return trusted;
  }

  const trusting = (): Record<string, string> => ({
    SSL_CERT_FILE: file('root.pem', root.certificate),
    SSL_CERT_DIR: folder,
  });

  it('are those of SSL_CERT_FILE', async () => {
    const { SSL_CERT_FILE = '' } = trusting();
    assert.equal(await isTrusted({ SSL_CERT_FILE, SSL_CERT_DIR: '/missing' }), true);
  });

  it('are those of SSL_CERT_DIR, under any name of a file', async () => {
    trusting();
    assert.equal(await isTrusted({ SSL_CERT_FILE: '/missing', SSL_CERT_DIR: ['/missing', folder].join(delimiter) }), true);
  });

  it('are none where the variables lead to none', async () => {
    assert.equal(await isTrusted({ SSL_CERT_FILE: '/missing', SSL_CERT_DIR: '/missing' }), false);
  });

  it('are those of the cluster alone if it has any', async () => {
    const { certificate } = await createAuthority('other');
    assert.equal(await isTrusted(trusting(), [`--certificate-authority=${file('other.pem', certificate)}`]), false);
    assert.equal(await isTrusted({ SSL_CERT_FILE: '/missing' }, [`--certificate-authority=${file('root.pem', root.certificate)}`]), true);
  });

  it('are none where the cluster has an empty file of them', async () => {
    assert.equal(await isTrusted(trusting(), [`--certificate-authority=${file('empty.pem', '')}`]), false);
  });
});
