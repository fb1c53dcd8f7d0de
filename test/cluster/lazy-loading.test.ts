import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { saying } from '../support/plugin.ts';
import { createPlace, kubeconfigOf, type Place } from './kubeconfig/config-host.ts';

const CONFIG_MODULE = new URL('../../src/cluster/credentials/client-config.ts', import.meta.url).href;

/** Loads a configuration and one credential in a process of its own, and prints what modules that took. */
const SCRIPT = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
const { loadClientConfig } = await import(${JSON.stringify(CONFIG_MODULE)});
const host = { env: process.env, platform: process.platform, cwd: process.cwd(), stdinIsTTY: false, stderr() {}, warn() {}, now: () => new Date() };
const { credentials } = await loadClientConfig({ kubeconfig: process.argv[1] }, host);
await credentials.get(new AbortController().signal);
console.log(JSON.stringify(loaded.map((url) => url.replace(/^.*\\//, ''))));
`;

describe('configuration', () => {
  let place: Place;
  beforeEach(() => {
    place = createPlace();
  });
  afterEach(() => place.remove());

  async function loadedFor(kubeconfig: string | object): Promise<readonly string[]> {
    const args = ['--input-type=module', '-e', SCRIPT, place.write('config', kubeconfig)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { HOME: place.folder } });
    return JSON.parse(stdout);
  }

  const COSTLY = [
    'js-yaml.mjs',
    'child_process',
    'node:child_process',
    'exec-plugin.ts',
    'exec-command.ts',
    'oidc.ts',
    'oidc-token.ts',
    'token-file.ts',
    'auth-providers.ts',
  ];
  const costlyFor = async (kubeconfig: string | object): Promise<string[]> => {
    const loaded = await loadedFor(kubeconfig);
    return COSTLY.filter((name) => loaded.includes(name));
  };

  it('loads nothing that a JSON kubeconfig with a token does not need', async () => {
    assert.deepEqual(await costlyFor(kubeconfigOf({ token: 't' })), []);
  });

  it('loads nothing more for YAML as kubectl writes it', async () => {
    assert.deepEqual(await costlyFor('users: []\n'), []);
  });

  it('loads the YAML parser for other YAML, and the rest where it is configured', async () => {
    assert.deepEqual(await costlyFor('users: &none []\ncontexts: *none\n'), ['js-yaml.mjs']);
    place.write('token', 't');
    assert.deepEqual(await costlyFor(kubeconfigOf({ tokenFile: 'token' })), ['token-file.ts']);
    const apiVersion = 'client.authentication.k8s.io/v1';
    const reply = { apiVersion, kind: 'ExecCredential', status: { token: 't' } };
    const exec = { command: place.plugin('plugin', saying(JSON.stringify(reply))), apiVersion, interactiveMode: 'Never' };
    assert.deepEqual(await costlyFor(kubeconfigOf({ exec })), ['node:child_process', 'exec-plugin.ts', 'exec-command.ts']);
  });
});
