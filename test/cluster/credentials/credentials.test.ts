import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { ConnectionOptions } from '../../../src/cluster/connection-options.ts';
import { authorizationOf, createPlace, failureOf, kubeconfigOf, load, type Place } from '../kubeconfig/config-host.ts';

const V1 = 'client.authentication.k8s.io/v1';
const CERTIFICATE = { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' };
const EXEC = { exec: { command: 'never-run', apiVersion: V1, interactiveMode: 'Never' } };
const OIDC = {
  'auth-provider': {
    name: 'oidc',
    config: { 'idp-issuer-url': 'https://idp', 'client-id': 'x', 'id-token': `a.${encoded({ exp: 4e9 })}.c` },
  },
};

function encoded(claims: object): string {
  return Buffer.from(JSON.stringify(claims)).toString('base64url');
}

describe('credentials', () => {
  let place: Place;
  beforeEach(() => {
    place = createPlace();
    place.write('token', ' from-file \n');
  });
  afterEach(() => place.remove());

  /** User entry, then what is sent, whether a client certificate goes along, and what it is called. */
  const SENT: readonly (readonly [user: object, authorization: string | undefined, certificate: boolean, origin: RegExp])[] = [
    [{}, undefined, false, /^no credentials$/],
    [{ tokenFile: 'token', token: 't' }, 'Bearer from-file', false, /^tokenFile .*\/token of user "u" in /],
    [{ tokenFile: 'token', ...CERTIFICATE, ...EXEC }, 'Bearer from-file', true, /^tokenFile /],
    [{ tokenFile: 'gone', token: 't' }, 'Bearer t', false, /^tokenFile /],
    [{ token: 't', ...CERTIFICATE, ...OIDC }, 'Bearer t', true, /^token of user "u" in /],
    [
      { username: 'ünï', password: 'p:w', ...EXEC },
      `Basic ${Buffer.from('ünï:p:w').toString('base64')}`,
      false,
      /^user name and password of /,
    ],
    [{ username: 'n', ...OIDC }, 'Basic bjo=', false, /^user name/],
    [{ ...CERTIFICATE }, undefined, true, /^client certificate of user "u" in /],
    [{ ...CERTIFICATE, ...EXEC }, undefined, true, /^client certificate of /],
    [{ ...CERTIFICATE, ...OIDC }, `Bearer a.${encoded({ exp: 4e9 })}.c`, true, /^OIDC id-token of /],
    [{ password: 'p', ...CERTIFICATE }, undefined, true, /^client certificate/],
    [{ 'client-key-data': 'S0VZ' }, undefined, false, /^no credentials$/],
  ];
  for (const [user, authorization, certificate, origin] of SENT) {
    it(`sends of ${JSON.stringify(user)}`, async () => {
      const config = await load(place, kubeconfigOf(user));
      assert.equal(await authorizationOf(config), authorization);
      assert.equal(config.tls.clientCertificate !== undefined, certificate);
      assert.match(config.credentials.origin, origin);
    });
  }

  it('lets --token keep a tokenFile of the entry, which wins while it can be read', async () => {
    assert.equal(await authorizationOf(await load(place, kubeconfigOf({ tokenFile: 'token' }), { token: 'flag' })), 'Bearer from-file');
    rmSync(place.path('token'));
    assert.equal(await authorizationOf(await load(place, kubeconfigOf({ tokenFile: 'token' }), { token: 'flag' })), 'Bearer flag');
  });

  it('does not run a plugin if --token is given', async () => {
    assert.equal(await authorizationOf(await load(place, kubeconfigOf(EXEC), { token: 't' })), 'Bearer t');
  });

  it('sends what the URL says before all else, over http too', async () => {
    for (const server of ['https://ana:p%40@k', 'http://ana:p%40@k']) {
      const config = await load(place, kubeconfigOf({ token: 't' }, { server }));
      assert.equal(await authorizationOf(config), `Basic ${Buffer.from('ana:p@').toString('base64')}`);
      assert.equal(config.url.username + config.url.password, '');
    }
  });

  it('neither reads nor sends anything of the user over http', async () => {
    const user = { tokenFile: 'gone', ...CERTIFICATE, ...EXEC, as: 'bob' };
    const config = await load(
      place,
      kubeconfigOf(user, { server: 'http://k', 'certificate-authority-data': 'Q0E=', 'insecure-skip-tls-verify': true }),
    );
    assert.equal(await authorizationOf(config), undefined);
    assert.deepEqual(config.tls, { insecure: false });
    assert.equal(config.impersonation?.user, 'bob');
    assert.equal(config.credentials.origin, 'no credentials: over http none are sent');
  });

  /** What cannot be used is an error, never anonymous. */
  const REFUSED: readonly (readonly [user: object, message: string])[] = [
    [{ tokenFile: 'token', username: 'u' }, 'username/password or bearer token may be set, but not both'],
    [{ password: 'p' }, 'a password without a user name cannot be used'],
    [
      { exec: { ...EXEC.exec, apiVersion: 'client.authentication.k8s.io/v3' }, token: 't' },
      'exec plugin: invalid apiVersion "client.authentication.k8s.io/v3"',
    ],
    [
      { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1alpha1' } },
      'exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
    ],
    [{ 'auth-provider': { name: 'oidc' } }, 'Must provide idp-issuer-url'],
    [{ 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'x' } } }, 'Must provide client-id'],
    [{ 'auth-provider': { name: 'openstack' } }, 'no Auth Provider found for name "openstack"'],
    [{ 'auth-provider': { name: 'constructor' } }, 'no Auth Provider found for name "constructor"'],
    [{ 'auth-provider': {} }, 'no Auth Provider found for name ""'],
    [
      { 'auth-provider': { name: 'gcp' }, token: 't' },
      'The gcp auth plugin has been removed.\nPlease use the "gke-gcloud-auth-plugin" kubectl/client-go credential plugin instead.\n' +
        'See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details',
    ],
    [
      { 'auth-provider': { name: 'azure' } },
      'The azure auth plugin has been removed.\nPlease use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.\n' +
        'See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins for further details',
    ],
  ];
  for (const [user, message] of REFUSED) {
    it(`refuses ${JSON.stringify(user)}`, async () => {
      const failure = await failureOf(load(place, kubeconfigOf(user)));
      assert.deepEqual([failure.reason, failure.message], ['CredentialsFailed', message]);
      assert.equal(failure.hint, `Check the credentials of user "u" in ${place.path('config')}.`);
    });
  }

  it('says which flag a credential comes from', async () => {
    const originOf = async (user: object, options: ConnectionOptions) =>
      (await load(place, kubeconfigOf(user), options)).credentials.origin;
    place.write('pem', 'PEM');
    const files = { clientCertificate: 'pem', clientKey: 'pem' };
    assert.equal(await originOf({ token: 't' }, {}), `token of user "u" in ${place.path('config')}`);
    assert.equal(await originOf({ token: 't' }, { token: 'x' }), 'token from --token');
    assert.equal(await originOf({}, { username: 'x', password: 'y' }), 'user name and password from --username and --password');
    assert.equal(await originOf({ username: 'x' }, { password: 'y' }), 'user name and password from --password');
    assert.equal(await originOf({}, files), 'client certificate from --client-certificate');
    const failure = await failureOf(load(place, kubeconfigOf({ 'auth-provider': {} }), { token: 't' }));
    assert.equal(failure.hint, `Check the credentials of user "u" in ${place.path('config')}, and --token.`);
  });
});

describe('token-file', () => {
  let place: Place;
  beforeEach(() => {
    place = createPlace();
  });
  afterEach(() => place.remove());

  it('is read again after 50 seconds, and keeps its value while it cannot be', async () => {
    let time = Date.parse('2026-01-01T00:00:00Z');
    place.write('token', 'one');
    const config = await load(place, kubeconfigOf({ tokenFile: 'token' }), {}, { now: () => new Date(time) });
    place.write('token', 'two');
    time += 49_999;
    assert.equal(await authorizationOf(config), 'Bearer one');
    time += 1;
    assert.equal(await authorizationOf(config), 'Bearer two');
    rmSync(place.path('token'));
    time += 50_000;
    assert.equal(await authorizationOf(config), 'Bearer two');
    place.write('token', ' \n');
    assert.equal(await authorizationOf(config), 'Bearer two');
    place.write('token', 'three\n');
    assert.equal(await authorizationOf(config), 'Bearer three');
  });

  it('fails at once if there is no token at first', async () => {
    const missing = await failureOf(load(place, kubeconfigOf({ tokenFile: 'token' })));
    assert.deepEqual([missing.reason, missing.message], ['CredentialsFailed', `open ${place.path('token')}: no such file or directory`]);
    assert.equal(missing.hint, `It is the tokenFile of user "u" in ${place.path('config')}.`);
    place.write('token', ' \n');
    const empty = await failureOf(load(place, kubeconfigOf({ tokenFile: 'token' })));
    assert.equal(empty.message, `read empty token from file "${place.path('token')}"`);
  });
});
