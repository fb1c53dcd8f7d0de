import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createAuthority } from '../../../tools/certificates.ts';
import { closeAll, sendJson, serve } from '../../support/wire.ts';
import { createPlace, kubeconfigOf, type Place } from '../kubeconfig/config-host.ts';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

function idToken(name: string, seconds: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ jti: name, exp: Math.floor(Date.now() / 1000) + seconds })}.s`;
}

/** Whole processes, as a shell starts them with `&`. */
describe('processes that find the same expired OIDC token', function () {
  this.timeout(240_000);
  let place: Place;
  let provider: IdentityProvider;
  afterEach(async () => {
    closeAll();
    place.remove();
    await provider.close();
  });

  for (const count of [4, 8, 16]) {
    it(`refresh it once, ${count} of them`, async () => {
      place = createPlace();
      let valid = 'first';
      provider = await startIdentityProvider(({ form }) => {
        if (form.refresh_token !== valid) return { status: 400, body: { error: 'invalid_grant' } };
        valid = `${valid}+`;
        return { body: { access_token: 'a', id_token: idToken(valid, 3600), refresh_token: valid } };
      });
      const root = await createAuthority('root');
      const api = await serve(
        (request, response) => {
          const isKnown = request.lines.some((line) => line.startsWith('Authorization: Bearer ') && !line.includes(stale));
          const kind = request.url.includes('clusterserving') ? 'ClusterServingRuntimeList' : 'ServingRuntimeList';
          sendJson(response, { kind, apiVersion: 'serving.kserve.io/v1alpha1', items: [] }, isKnown ? 200 : 401);
        },
        { tls: await root.issue({ hosts: ['127.0.0.1'] }) },
      );
      const stale = idToken('stale', -60);
      const config = { 'idp-issuer-url': provider.issuer, 'client-id': 'me', 'id-token': stale, 'refresh-token': 'first' };
      const cluster = { server: api.url.origin, 'certificate-authority-data': btoa(root.certificate) };
      const file = place.write('config', kubeconfigOf({ 'auth-provider': { name: 'oidc', config } }, cluster));

      let running = true;
      const watching = watch(file, () => running);
      const ends = await Promise.all(Array.from({ length: count }, () => list(file)));
      running = false;

      assert.deepEqual([...new Set(ends)], ['0 ']);
      assert.deepEqual(await watching, { torn: 0 });
      assert.equal(provider.asked.filter(({ path }) => path === '/token').length, 1);
      assert.equal(savedTokens(file)['refresh-token'], 'first+');
      assert.deepEqual(readdirSync(place.folder), ['config']);
    });
  }

  /** Exit code and complaints; that there are no runtimes is none. */
  async function list(kubeconfig: string): Promise<string> {
    const words = [MAIN, 'runtimes', 'list', '-n', 'team', '-o', 'json', '--kubeconfig', kubeconfig];
    const child = spawn(process.execPath, words, { env: { HOME: place.folder }, stdio: ['ignore', 'ignore', 'pipe'] });
    const [stderr, [code]] = await Promise.all([child.stderr.setEncoding('utf8').toArray(), once(child, 'close')]);
    const complaints = stderr.join('').match(/^(?:error|warning|unable).*$/gim) ?? [];
    return `${code} ${complaints.join('\n')}`;
  }
});

function savedTokens(file: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(file, 'utf8')).users[0].user['auth-provider'].config;
}

/** Reads the file again and again, as another program would. */
async function watch(file: string, isRunning: () => boolean): Promise<{ torn: number }> {
  let torn = 0;
  while (isRunning()) {
    try {
      savedTokens(file);
    } catch {
      torn++;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { torn };
}
