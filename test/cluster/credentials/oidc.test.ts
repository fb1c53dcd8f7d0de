import assert from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { load as loadYaml } from 'js-yaml';
import type { ConfigHost } from '../../../src/cluster/credentials/client-config.ts';
import { loadClientConfig } from '../../../src/cluster/credentials/client-config.ts';
import type { ProviderRequest } from '../../../src/cluster/credentials/oidc-token.ts';
import { ClusterError } from '../../../src/errors.ts';
import { createAuthority } from '../../../tools/certificates.ts';
import { revealed } from '../../support/revealed.ts';
import { skipOnWindows } from '../../support/skip.ts';
import { createHost, createPlace, failureOf, kubeconfigOf, load, type Place } from '../kubeconfig/config-host.ts';
import { type Answer, type Asked, type IdentityProvider, sendPlainly, startIdentityProvider } from './identity-provider.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z') / 1000;

function idToken(exp: unknown): string {
  return `h.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.s`;
}

const CURRENT = idToken(NOW + 11);
const STALE = idToken(NOW + 10);
const RENEWED = idToken(NOW + 3600);

describe('oidc', () => {
  let place: Place;
  let provider: IdentityProvider;
  let answer: (asked: Asked) => Answer;

  beforeEach(async () => {
    place = createPlace();
    answer = () => ({ body: { access_token: 'a', id_token: RENEWED, refresh_token: 'r2' } });
    provider = await startIdentityProvider((asked) => answer(asked));
  });
  afterEach(async () => {
    place.remove();
    await provider.close();
  });

  const entry = (config: Record<string, string>): object => ({
    'auth-provider': {
      name: 'oidc',
      config: { 'idp-issuer-url': provider.issuer, 'client-id': 'the client', 'client-secret': 's/ü', 'extra-scopes': 'x', ...config },
    },
  });
  const source = async (config: Record<string, string>, given: Partial<ConfigHost> = {}) =>
    (await load(place, kubeconfigOf(entry(config)), {}, { sendToProvider: sendPlainly, ...given })).credentials;
  const get = async (config: Record<string, string>, given: Partial<ConfigHost> = {}) =>
    revealed(await (await source(config, given)).get(new AbortController().signal));
  const saved = () => JSON.parse(readFileSync(place.path('config'), 'utf8')).users[0].user['auth-provider'].config;

  it('sends the id token while it is current for more than ten seconds', async () => {
    assert.deepEqual(await get({ 'id-token': CURRENT, 'refresh-token': 'old-refresh' }), { authorization: `Bearer ${CURRENT}` });
    assert.deepEqual(await get({ 'id-token': idToken(NOW + 11.9) }), { authorization: `Bearer ${idToken(NOW + 11.9)}` });
    assert.deepEqual(provider.asked, []);
  });

  for (const stale of [STALE, '', idToken(undefined)]) {
    it(`refreshes ${JSON.stringify(stale)}, and saves`, async () => {
      assert.deepEqual(await get({ 'id-token': stale, 'refresh-token': 'old-refresh' }), { authorization: `Bearer ${RENEWED}` });
      assert.deepEqual(provider.asked, [
        { method: 'GET', path: '/realm/.well-known/openid-configuration', authorization: undefined, form: {} },
        {
          method: 'POST',
          path: '/token',
          authorization: `Basic ${Buffer.from('the+client:s%2F%C3%BC').toString('base64')}`,
          form: { grant_type: 'refresh_token', refresh_token: 'old-refresh' },
        },
      ]);
      const { 'idp-issuer-url': issuer, 'id-token': token, 'refresh-token': refresh, 'extra-scopes': scopes } = saved();
      assert.deepEqual([issuer, token, refresh, scopes], [provider.issuer, RENEWED, 'r2', 'x']);
    });
  }

  it('sends client and secret in the body if the header is refused', async () => {
    answer = ({ authorization }) =>
      authorization === undefined ? { body: { access_token: 'a', id_token: RENEWED } } : { status: 401, body: { error: 'invalid_client' } };
    await get({ 'refresh-token': 'old-refresh' });
    assert.deepEqual(provider.asked[2]?.form, {
      grant_type: 'refresh_token',
      refresh_token: 'old-refresh',
      client_id: 'the client',
      client_secret: 's/ü',
    });
    assert.equal(saved()['refresh-token'], 'old-refresh');
  });

  it('reads a form as reply', async () => {
    const body = new URLSearchParams({ access_token: 'a', id_token: RENEWED }).toString();
    answer = () => ({ contentType: 'text/plain; charset=utf-8', body });
    assert.deepEqual(await get({ 'refresh-token': 'old-refresh' }), { authorization: `Bearer ${RENEWED}` });
  });

  it('refreshes once for requests that come together', async () => {
    const { get: next } = await source({ 'refresh-token': 'old-refresh' });
    const { signal } = new AbortController();
    await Promise.all([next(signal), next(signal)]);
    assert.equal(provider.asked.length, 2);
  });

  it('hands the authority on, data before file', async () => {
    const requests: ProviderRequest[] = [];
    const sendToProvider = (request: ProviderRequest) => {
      requests.push(request);
      return sendPlainly(request);
    };
    const [first, second] = [(await createAuthority('file')).certificate, (await createAuthority('data')).certificate];
    const config = { 'refresh-token': 'old-refresh', 'idp-certificate-authority': place.write('idp.crt', first) };
    await get(config, { sendToProvider });
    await get({ ...config, 'idp-certificate-authority-data': btoa(second) }, { sendToProvider });
    const authorities = requests.map(({ certificateAuthority }) => certificateAuthority?.pem.toString());
    assert.deepEqual(authorities, [first, first, second, second]);
  });

  it('looks at the authority even if no refresh is due', async () => {
    for (const [authority, message] of [
      [{ 'idp-certificate-authority-data': btoa('junk') }, 'unable to load root certificates: unable to parse bytes as PEM block'],
      [{ 'idp-certificate-authority-data': 'a' }, 'illegal base64 data at input byte 0'],
      [{ 'idp-certificate-authority': '/none' }, 'open /none: no such file or directory'],
    ] as const)
      assert.equal((await failureOf(source({ 'id-token': CURRENT, ...authority }))).message, message);
  });

  const FAILURES: readonly (readonly [config: Record<string, string>, reply: Answer, message: string])[] = [
    [{ 'id-token': 'abc' }, { body: '' }, 'ID Token is not a valid JWT'],
    [{ 'id-token': 'a.e.c' }, { body: '' }, 'parsing claims: the id-token holds no JSON'],
    [{ 'id-token': STALE }, { body: '' }, 'No valid id-token, and cannot refresh without refresh-token'],
    [
      { 'refresh-token': 'old-refresh' },
      { status: 400, body: { error: 'invalid_grant', error_description: 'old-refresh\u001b is used' } },
      'failed to refresh token: oauth2: "invalid_grant" "<masked>^[ is used"',
    ],
    [
      { 'refresh-token': 's3cret' },
      { status: 500, body: 'got s3cret' },
      'failed to refresh token: oauth2: cannot fetch token: 500 Internal Server Error',
    ],
    [{ 'refresh-token': 'old-refresh' }, { body: { error: 'nope' } }, 'failed to refresh token: oauth2: "nope"'],
    [{ 'refresh-token': 'old-refresh' }, { body: '<html>' }, 'failed to refresh token: oauth2: cannot parse json'],
    [{ 'refresh-token': 'old-refresh' }, { body: {} }, 'failed to refresh token: oauth2: server response missing access_token'],
    [
      { 'refresh-token': 'old-refresh' },
      { body: { access_token: 'a' } },
      'token response did not contain an id_token, either the scope "openid" wasn\'t requested upon login, ' +
        "or the provider doesn't support id_tokens as part of the refresh response",
    ],
    [{ 'refresh-token': 'old-refresh', 'idp-certificate-authority': '/none' }, { body: '' }, 'open /none: no such file or directory'],
    [{ 'refresh-token': 'old-refresh', 'idp-issuer-url': 'nowhere' }, { body: '' }, 'oidc: idp-issuer-url is not a URL'],
  ];
  for (const [config, reply, message] of FAILURES) {
    it(`fails with ${message}`, async () => {
      answer = () => reply;
      const failure = await failureOf(get(config));
      assert.deepEqual([failure.reason, failure.message], ['CredentialsFailed', message]);
      assert.equal(failure.hint, `Log in again: the OIDC tokens of user "u" in ${place.path('config')} cannot be used.`);
    });
  }

  it('tells what the provider says in place of its metadata', async () => {
    const failure = await failureOf(get({ 'refresh-token': 'old-refresh', 'idp-issuer-url': provider.issuer.replace('/realm', '/other') }));
    assert.equal(failure.message, `oidc: discovery object doesn't contain a token_endpoint`);
    answer = () => ({ status: 404, body: 'x'.repeat(100) });
    const refused = await failureOf(get({ 'refresh-token': 'old-refresh', 'idp-issuer-url': provider.issuer.replace('/realm', '/other') }));
    assert.equal(refused.message, `oidc: failed to query metadata endpoint 404 Not Found: "${'x'.repeat(80)}..."`);
  });

  it('leaves a failure of the connection as it is', async () => {
    const lost = new ClusterError('ConnectionRefused', 'refused');
    assert.equal(await failureOf(get({ 'refresh-token': 'old-refresh' }, { sendToProvider: () => Promise.reject(lost) })), lost);
  });

  it('ends with the request', async () => {
    const controller = new AbortController();
    const { get: next } = await source({ 'refresh-token': 'old-refresh' }, { sendToProvider: sendPlainly });
    controller.abort(new Error('interrupted'));
    await assert.rejects(next(controller.signal), { message: 'interrupted' });
  });

  it('warns if the tokens cannot be saved, and goes on', async () => {
    const kubeconfig = place.write('config', kubeconfigOf(entry({ 'refresh-token': 'old-refresh' })));
    place.write('config.lock', '');
    const before = readFileSync(kubeconfig, 'utf8');
    const { host, warnings } = createHost(place, { sendToProvider: sendPlainly });
    const { credentials } = await loadClientConfig({ kubeconfig }, host);
    const { signal } = new AbortController();
    assert.deepEqual(revealed(await credentials.get(signal)), { authorization: `Bearer ${RENEWED}` });
    assert.deepEqual(revealed(await credentials.get(signal)), { authorization: `Bearer ${RENEWED}` });
    assert.deepEqual(warnings, [
      `Warning: could not save the new OIDC tokens of user "u" in ${kubeconfig}: open ${kubeconfig}.lock: file exists\n`,
    ]);
    assert.equal(readFileSync(kubeconfig, 'utf8'), before);
    assert.ok(existsSync(`${kubeconfig}.lock`));
  });

  describe('with other processes at the same file', () => {
    const config = { 'id-token': STALE, 'refresh-token': 'old-refresh' };
    const change = (changes: Record<string, string>) => place.write('config', kubeconfigOf(entry({ ...config, ...changes })));

    it('takes what another has saved since the file was read', async () => {
      const { get: next } = await source(config);
      change({ 'id-token': RENEWED, 'refresh-token': 'r9' });
      assert.deepEqual(revealed(await next(new AbortController().signal)), { authorization: `Bearer ${RENEWED}` });
      assert.deepEqual(provider.asked, []);
    });

    it('refreshes with the newer refresh token', async () => {
      const { get: next } = await source(config);
      change({ 'refresh-token': 'r9' });
      await next(new AbortController().signal);
      assert.equal(provider.asked.at(-1)?.form.refresh_token, 'r9');
    });

    it('looks once more when the refresh token has been used by another', async () => {
      const { get: next } = await source(config);
      answer = () => {
        change({ 'id-token': RENEWED, 'refresh-token': 'r9' });
        return { status: 400, body: { error: 'invalid_grant' } };
      };
      assert.deepEqual(revealed(await next(new AbortController().signal)), { authorization: `Bearer ${RENEWED}` });
    });

    it('takes nothing from the file once it says another provider', async () => {
      const { get: next } = await source(config);
      change({ 'id-token': RENEWED, 'client-id': 'another' });
      await next(new AbortController().signal);
      assert.equal(provider.asked.at(-1)?.form.refresh_token, 'old-refresh');
    });

    it('keeps tokens that could not be saved, whatever the file says', async () => {
      let time = NOW;
      const { get: next } = await source(config, { now: () => new Date(time * 1000) });
      place.write('config.lock', '');
      await next(new AbortController().signal);
      time += 7200;
      answer = ({ form }) => ({ body: { access_token: 'a', id_token: idToken(time + 3600), refresh_token: `${form.refresh_token}+` } });
      await next(new AbortController().signal);
      assert.equal(provider.asked.at(-1)?.form.refresh_token, 'r2');
    });

    it('waits for the lock of another', async () => {
      const lock = place.write('config.refresh-lock', '');
      const { get: next } = await source(config);
      const waiting = next(new AbortController().signal);
      change({ 'id-token': RENEWED });
      rmSync(lock);
      assert.deepEqual(revealed(await waiting), { authorization: `Bearer ${RENEWED}` });
      assert.deepEqual(provider.asked, []);
    });

    it('ends its wait with the request', async () => {
      place.write('config.refresh-lock', '');
      const { get: next } = await source(config);
      const controller = new AbortController();
      const waiting = next(controller.signal);
      controller.abort(new Error('interrupted'));
      await assert.rejects(waiting, { message: 'interrupted' });
      assert.ok(existsSync(place.path('config.refresh-lock')));
    });
  });

  describe('saving', () => {
    it('reads UTF-16, as PowerShell writes it, and writes UTF-8', async () => {
      const file = place.path('utf-16');
      const text = JSON.stringify(kubeconfigOf(entry({ 'refresh-token': 'old-refresh' })));
      writeFileSync(file, Buffer.from(`\uFEFF${text}`, 'utf16le'));
      assert.deepEqual(await refreshIn(file), []);
      const { users } = JSON.parse(readFileSync(file, 'utf8'));
      assert.equal(users[0].user['auth-provider'].config['refresh-token'], 'r2');
    });

    const refreshIn = async (file: string): Promise<string[]> => {
      const { host, warnings } = createHost(place, { sendToProvider: sendPlainly });
      const { credentials } = await loadClientConfig({ kubeconfig: file }, host);
      await credentials.get(new AbortController().signal);
      return warnings;
    };

    it('keeps the mode, follows a symbolic link and leaves nothing else behind', async function () {
      skipOnWindows(this, 'modes of files, nor links for everybody');
      const target = place.write('real/kubeconfig', kubeconfigOf(entry({ 'refresh-token': 'old-refresh' })), 0o640);
      const link = place.path('link');
      symlinkSync('real/kubeconfig', link);
      assert.deepEqual(await refreshIn(link), []);
      assert.ok(lstatSync(link).isSymbolicLink());
      assert.equal(statSync(target).mode & 0o7777, 0o640);
      assert.deepEqual(readdirSync(place.path('real')), ['kubeconfig']);
      assert.deepEqual(readdirSync(place.folder), ['link', 'real']);
      assert.equal(JSON.parse(readFileSync(target, 'utf8')).users[0].user['auth-provider'].config['id-token'], RENEWED);
    });

    it('replaces the file, so that a reader never sees half of it', async () => {
      const file = place.write('config', kubeconfigOf(entry({ 'refresh-token': 'old-refresh' })));
      const before = statSync(file).ino;
      await refreshIn(file);
      assert.notEqual(statSync(file).ino, before);
    });

    it('changes nothing but that entry, in YAML', async () => {
      const yaml = [
        '# comment',
        'current-context: c',
        'contexts: [{name: c, context: {cluster: k, user: u}}]',
        'clusters: [{name: k, cluster: {server: "https://k"}, unknown: {on: 12:30, date: 2020-01-01, octal: 017, text: "017"}}]',
        'base: &config',
        `  idp-issuer-url: ${provider.issuer}`,
        '  client-id: x',
        '  refresh-token: old-refresh',
        'users:',
        '- name: v',
        '  user: {auth-provider: {name: oidc, config: *config}}',
        '- name: u',
        '  user: {as: ünï, auth-provider: {name: oidc, config: *config}}',
        '',
      ].join('\n');
      const file = place.write('config', yaml);
      assert.deepEqual(await refreshIn(file), []);
      const config = { 'idp-issuer-url': provider.issuer, 'client-id': 'x', 'refresh-token': 'old-refresh' };
      const { loadKubeconfig } = await import('../../../src/cluster/kubeconfig/kubeconfig.ts');
      const { kubeconfig } = await loadKubeconfig({ kubeconfig: file }, createHost(place).host);
      assert.deepEqual(revealed(kubeconfig.users.get('v')?.entry), { 'auth-provider': { name: 'oidc', config } });
      assert.deepEqual(revealed(kubeconfig.users.get('u')?.entry), {
        as: 'ünï',
        'auth-provider': { name: 'oidc', config: { ...config, 'id-token': RENEWED, 'refresh-token': 'r2' } },
      });
      const written = loadYaml(readFileSync(file, 'utf8')) as { base: unknown; clusters: { unknown: unknown }[] };
      assert.deepEqual(written.base, config);
      assert.deepEqual(written.clusters[0]?.unknown, { true: '12:30', date: '2020-01-01', octal: 15, text: '017' });
    });

    it('saves in the file that the entry came from', async () => {
      place.write('first', { 'current-context': 'c' });
      place.write('second', kubeconfigOf(entry({ 'refresh-token': 'old-refresh' })));
      place.write('third', kubeconfigOf(entry({ 'refresh-token': 'other' })));
      const third = readFileSync(place.path('third'), 'utf8');
      const { host } = createHost(place, {
        sendToProvider: sendPlainly,
        env: { KUBECONFIG: ['first', 'second', 'third'].map(place.path).join(delimiter) },
      });
      await (await loadClientConfig({}, host)).credentials.get(new AbortController().signal);
      assert.match(readFileSync(place.path('second'), 'utf8'), /"refresh-token": "r2"/);
      assert.equal(readFileSync(place.path('third'), 'utf8'), third);
    });

    it('does not invent an entry that has gone since', async () => {
      const file = place.write('config', kubeconfigOf(entry({ 'refresh-token': 'old-refresh' })));
      const { host, warnings } = createHost(place, { sendToProvider: sendPlainly });
      const { credentials } = await loadClientConfig({ kubeconfig: file }, host);
      place.write('config', kubeconfigOf({ token: 't' }));
      await credentials.get(new AbortController().signal);
      assert.deepEqual(warnings, [
        `Warning: could not save the new OIDC tokens of user "u" in ${file}: it has no auth-provider for user "u"\n`,
      ]);
      assert.deepEqual(readdirSync(place.folder), ['config']);
    });
  });
});
