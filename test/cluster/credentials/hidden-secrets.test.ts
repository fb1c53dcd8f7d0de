import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { ProviderRequest } from '../../../src/cluster/credentials/oidc-token.ts';
import type { Credential } from '../../../src/cluster/kubeconfig/client-config.ts';
import { chooseConfig } from '../../../src/cluster/kubeconfig/kubeconfig.ts';
import { chooseProxy } from '../../../src/cluster/transport/proxy/proxy.ts';
import { createTransport } from '../../../src/cluster/transport/transport.ts';
import { saying } from '../../support/plugin.ts';
import { revealed } from '../../support/revealed.ts';
import { createHost, createPlace, kubeconfigOf, load, type Place } from '../kubeconfig/config-host.ts';

const V1 = 'client.authentication.k8s.io/v1';

/** Each with a mark of its own; none is a part of another. */
const SECRETS = {
  token: 'mark-01-token',
  password: 'mark-02-password',
  tokenFile: 'mark-03-token-file',
  certificate: 'mark-04-certificate-that-may-hold-a-key',
  key: 'mark-05-key',
  certificateFile: 'mark-06-certificate-file',
  keyFile: 'mark-07-key-file',
  clientSecret: 'mark-08-client-secret',
  refreshToken: 'mark-09-refresh-token',
  urlPassword: 'mark-10-url-password',
  proxyPassword: 'mark-11-proxy-password',
  pluginArgument: 'mark-12-plugin-argument',
  pluginVariable: 'mark-13-plugin-variable',
  pluginToken: 'mark-14-plugin-token',
  pluginKey: 'mark-15-plugin-key',
  pluginCertificate: 'mark-16-plugin-certificate',
  flagToken: 'mark-17-flag-token',
  flagPassword: 'mark-18-flag-password',
} as const;

const ID_TOKEN = `h.${base64(JSON.stringify({ exp: 4e9 }))}.mark-20-signature`;
const STALE_TOKEN = `h.${base64(JSON.stringify({ exp: 1 }))}.mark-21-signature`;
const RENEWED_TOKEN = `h.${base64(JSON.stringify({ exp: 5e9 }))}.mark-22-signature`;
const ALL: readonly string[] = [
  ...Object.values(SECRETS),
  ...[ID_TOKEN, STALE_TOKEN, RENEWED_TOKEN].flatMap((token) => [token, token.slice(token.lastIndexOf('.') + 1)]),
];

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** How a text, or its bytes, may come to light. */
function writings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const core = base64(secret).slice(0, Math.floor((bytes.length * 8) / 6));
  const hex = bytes.toString('hex');
  return [secret, core, hex, hex.replace(/..(?=.)/g, '$& '), [...bytes].join(','), [...bytes].join(', '), encodeURIComponent(secret)];
}

function shownOf(value: unknown): string {
  return [
    inspect(value, { showHidden: true, depth: null, maxArrayLength: null, maxStringLength: null }),
    inspect(value, { showHidden: true, depth: null, customInspect: false, getters: true }),
    JSON.stringify(value),
    String(value),
  ].join('\n');
}

/** That nothing of `ALL` shows in a value that holds `held`. */
function assertHides(value: unknown, ...held: readonly string[]): void {
  const open = inspect(revealed(value), { depth: null, maxArrayLength: null });
  for (const secret of held)
    assert.ok(
      writings(secret).some((writing) => open.includes(writing)),
      `${secret} is not held at all`,
    );
  const shown = shownOf(value);
  for (const secret of ALL) {
    for (const writing of writings(secret)) assert.ok(!shown.includes(writing), `${secret} shows as ${writing}`);
  }
}

const ISSUER = { 'idp-issuer-url': 'https://idp.test', 'client-id': 'x', 'client-secret': SECRETS.clientSecret };
const CERTIFICATE = { 'client-certificate-data': base64(SECRETS.certificate), 'client-key-data': base64(SECRETS.key) };
const CLUSTER = { server: 'https://server.test:6443', 'proxy-url': `http://proxy-user:${SECRETS.proxyPassword}@proxy.test:3128` };

function oidc(idToken: string): object {
  const config = { ...ISSUER, 'id-token': idToken, 'refresh-token': SECRETS.refreshToken };
  return { 'auth-provider': { name: 'oidc', config } };
}

describe('a configuration that is shown', () => {
  let place: Place;
  beforeEach(() => {
    place = createPlace();
    place.write('token', SECRETS.tokenFile);
    place.write('cert.pem', SECRETS.certificateFile);
    place.write('key.pem', SECRETS.keyFile);
    const status = { token: SECRETS.pluginToken, clientCertificateData: SECRETS.pluginCertificate, clientKeyData: SECRETS.pluginKey };
    const reply = JSON.stringify({ apiVersion: V1, kind: 'ExecCredential', status });
    place.plugin('bin/plugin', saying(reply));
  });
  afterEach(() => place.remove());

  const exec = {
    exec: {
      command: join('bin', 'plugin'),
      apiVersion: V1,
      interactiveMode: 'Never',
      args: [SECRETS.pluginArgument],
      env: [{ name: 'PLUGIN_SECRET', value: SECRETS.pluginVariable }],
    },
  };
  const renewing = async ({ url }: ProviderRequest) => {
    const answer = url.pathname.endsWith('configuration')
      ? { token_endpoint: 'https://idp.test/token' }
      : { access_token: 'a', id_token: RENEWED_TOKEN };
    return { status: 200, statusText: 'OK', contentType: 'application/json', body: JSON.stringify(answer) };
  };

  /** A user entry, flags, what the configuration holds, and what is sent as `Authorization`, in parts. */
  const KINDS: Readonly<Record<string, readonly [user: object, flags: object, held: readonly string[], sent: readonly string[]]>> = {
    'a token': [{ token: SECRETS.token }, {}, [], [SECRETS.token]],
    'a token of a flag': [{}, { token: SECRETS.flagToken }, [], [SECRETS.flagToken]],
    'a password': [{ username: 'ana', password: SECRETS.password }, {}, [], [SECRETS.password]],
    'a password of a flag': [{}, { username: 'ana', password: SECRETS.flagPassword }, [], [SECRETS.flagPassword]],
    'a token file': [{ tokenFile: 'token' }, {}, [], [SECRETS.tokenFile]],
    'a key and a certificate': [CERTIFICATE, {}, [SECRETS.certificate, SECRETS.key], []],
    'files of key and certificate': [
      { 'client-certificate': 'cert.pem', 'client-key': 'key.pem' },
      {},
      [SECRETS.certificateFile, SECRETS.keyFile],
      [],
    ],
    'an exec plugin': [exec, {}, [], [SECRETS.pluginToken]],
    'an id token': [oidc(ID_TOKEN), {}, [], [ID_TOKEN]],
    'an id token to be renewed': [oidc(STALE_TOKEN), {}, [], [RENEWED_TOKEN]],
  };
  for (const [kind, [user, flags, held, sent]] of Object.entries(KINDS)) {
    it(`shows no secret of ${kind}, nor of its proxy`, async () => {
      const config = await load(place, kubeconfigOf(user, CLUSTER), flags, { sendToProvider: renewing });
      assertHides(config, ...held, SECRETS.proxyPassword);
      const credential: Credential = await config.credentials.get(new AbortController().signal);
      const authorization = revealed(credential).authorization ?? '';
      const basic = Buffer.from(authorization.replace(/^\S+ /, ''), 'base64').toString();
      for (const secret of sent) assert.ok(authorization.includes(secret) || basic.includes(secret), authorization);
      assertHides(credential);
      assertHides({ config, credential, again: await config.credentials.get(new AbortController().signal) });
      assertHides(chooseProxy(config, {}), SECRETS.proxyPassword);
    });
  }

  it('shows no key and no certificate that a plugin gave', async () => {
    const { credentials } = await load(place, kubeconfigOf(exec));
    const credential = await credentials.get(new AbortController().signal);
    assertHides(credential, SECRETS.pluginToken, SECRETS.pluginKey, SECRETS.pluginCertificate);
  });

  it('shows no password of the URL of a server or of a proxy of the environment', async () => {
    const config = await load(place, kubeconfigOf({}, { server: `https://ana:${SECRETS.urlPassword}@server.test` }));
    assertHides(config);
    assertHides(await config.credentials.get(new AbortController().signal));
    assertHides(chooseProxy(config, { HTTPS_PROXY: `http://u:${SECRETS.proxyPassword}@p.test` }), SECRETS.proxyPassword);
  });

  it('shows nothing of an entry that holds all at once, before anybody has looked at it', async () => {
    const user = { token: SECRETS.token, tokenFile: 'token', ...CERTIFICATE, ...oidc(ID_TOKEN) };
    const { host } = createHost(place);
    for (const [entry, held] of [
      [user, [SECRETS.token, SECRETS.certificate, SECRETS.key, SECRETS.clientSecret, SECRETS.refreshToken, ID_TOKEN]],
      [{ username: 'ana', password: SECRETS.password, ...exec }, [SECRETS.password, SECRETS.pluginArgument, SECRETS.pluginVariable]],
    ] as const) {
      const config = await chooseConfig({ kubeconfig: place.write('config', kubeconfigOf(entry)) }, host);
      assertHides(config, ...held);
    }
  });

  it('asks an identity provider with a request that shows nothing', async () => {
    const asked: ProviderRequest[] = [];
    const sendToProvider = (request: ProviderRequest) => {
      asked.push(request);
      return renewing(request);
    };
    const { credentials } = await load(place, kubeconfigOf(oidc(STALE_TOKEN)), {}, { sendToProvider });
    await credentials.get(new AbortController().signal);
    assert.equal(asked.length, 2);
    assertHides(asked.at(-1), SECRETS.refreshToken);
  });

  it('is a transport that shows nothing', async () => {
    const { host } = createHost(place);
    const config = await load(place, kubeconfigOf({ token: SECRETS.token, ...CERTIFICATE }, CLUSTER));
    const { env, platform, now } = host;
    const options = {
      config,
      env,
      platform,
      now,
      signal: new AbortController().signal,
      userAgent: 'x',
      write: () => undefined,
      verbosity: 0,
    };
    const transport = await createTransport(options);
    assertHides({ transport, options }, SECRETS.key);
    transport.close();
  });
});
