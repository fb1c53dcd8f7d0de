import assert from 'node:assert/strict';
import { rmSync, truncateSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ConnectionOptions } from '../../../src/cluster/connection-options.ts';
import { loadClientConfig } from '../../../src/cluster/credentials/client-config.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/kubeconfig.ts';
import { UsageError } from '../../../src/errors.ts';
import { createAuthority } from '../../../tools/certificates.ts';
import { revealed } from '../../support/revealed.ts';
import { authorizationOf, createHost, createPlace, failureOf, kubeconfigOf, load, type Place } from './config-host.ts';

/** Several entries, so that each flag has something to choose. */
const MANY = {
  'current-context': 'c',
  contexts: [
    { name: 'c', context: { cluster: 'k', user: 'u', namespace: 'team' } },
    { name: 'd', context: { cluster: 'gone', user: 'gone' } },
    { name: 'e', context: {} },
  ],
  clusters: [
    { name: 'k', cluster: { server: 'https://k:6443', 'tls-server-name': 'sni', 'certificate-authority-data': 'Q0E=' } },
    { name: 'l', cluster: { server: 'https://l:6443', 'insecure-skip-tls-verify': true } },
  ],
  users: [
    { name: 'u', user: { token: 'tu', as: 'ana', 'as-uid': '7', 'as-groups': ['g', 'h'], 'as-user-extra': { a: ['1'], b: ['2'] } } },
    { name: 'v', user: { username: 'v', password: 'pv' } },
  ],
};

/** Options, then what of the result they change. */
const CHOSEN: readonly (readonly [options: ConnectionOptions, expected: Record<string, unknown>])[] = [
  [{}, { url: 'https://k:6443/', authorization: 'Bearer tu', namespace: 'team', serverName: 'sni', ca: 'CA' }],
  [{ cluster: 'l' }, { url: 'https://l:6443/', authorization: 'Bearer tu', namespace: 'team', insecure: true }],
  [{ user: 'v' }, { url: 'https://k:6443/', authorization: 'Basic djpwdg==', namespace: 'team', serverName: 'sni', ca: 'CA' }],
  [{ namespace: 'n' }, { url: 'https://k:6443/', authorization: 'Bearer tu', namespace: 'n', serverName: 'sni', ca: 'CA' }],
  [{ context: 'd' }, { url: 'http://localhost:8080/', namespace: 'default', isFallback: true }],
  [{ context: 'e' }, { url: 'http://localhost:8080/', namespace: 'default', isFallback: true }],
  [
    { context: 'e', cluster: 'l', user: 'u' },
    { url: 'https://l:6443/', authorization: 'Bearer tu', namespace: 'default', insecure: true },
  ],
  [
    { context: '', cluster: '', user: '', token: '', server: '' },
    { url: 'https://k:6443/', authorization: 'Bearer tu', namespace: 'team', serverName: 'sni', ca: 'CA' },
  ],
  [{ server: 'https://s' }, { url: 'https://s/', authorization: 'Bearer tu', namespace: 'team', ca: 'CA' }],
  [
    { server: 'https://s', tlsServerName: 'x' },
    { url: 'https://s/', authorization: 'Bearer tu', namespace: 'team', serverName: 'x', ca: 'CA' },
  ],
  [
    { insecureSkipTlsVerify: true },
    { url: 'https://k:6443/', authorization: 'Bearer tu', namespace: 'team', serverName: 'sni', insecure: true },
  ],
  [
    { cluster: 'l', insecureSkipTlsVerify: false },
    { url: 'https://l:6443/', authorization: 'Bearer tu', namespace: 'team', insecure: true },
  ],
  [
    { cluster: 'l', certificateAuthority: 'ca.crt' },
    { url: 'https://l:6443/', authorization: 'Bearer tu', namespace: 'team', ca: 'FILE' },
  ],
  [
    { certificateAuthority: 'ca.crt' },
    { url: 'https://k:6443/', authorization: 'Bearer tu', namespace: 'team', serverName: 'sni', ca: 'FILE' },
  ],
  [{ token: 'tt' }, { url: 'https://k:6443/', authorization: 'Bearer tt', namespace: 'team', serverName: 'sni', ca: 'CA' }],
  [
    { user: 'v', password: 'q' },
    { url: 'https://k:6443/', authorization: 'Basic djpx', namespace: 'team', serverName: 'sni', ca: 'CA' },
  ],
];

const OF_USER = 'Check user "u" in FILE.';
const OF_CLUSTER = 'Check cluster "k" in FILE.';
const CONTEXTS = 'The contexts in FILE are c';
const CLUSTERS = 'The clusters in FILE are k';
const USERS = 'The users in FILE are u';

interface Refusal {
  readonly user?: object;
  readonly cluster?: object;
  readonly options?: ConnectionOptions;
  /** What kubectl 1.37 says. */
  readonly message: string;
  /** Where to look, by us. */
  readonly hint: string;
}

const REFUSED: readonly Refusal[] = [
  {
    options: { context: 'nope' },
    message: 'Error in configuration: context was not found for specified context: nope',
    hint: `"nope" comes from --context. ${CONTEXTS}`,
  },
  {
    options: { context: 'nope', namespace: 'n' },
    message: 'context "nope" does not exist',
    hint: `"nope" comes from --context. ${CONTEXTS}`,
  },
  { options: { cluster: 'nope' }, message: 'no server found for cluster "nope"', hint: `"nope" comes from --cluster. ${CLUSTERS}` },
  {
    options: { cluster: 'nope', namespace: 'n' },
    message: 'cluster "nope" does not exist',
    hint: `"nope" comes from --cluster. ${CLUSTERS}`,
  },
  { options: { user: 'nope' }, message: 'auth info "nope" does not exist', hint: `"nope" comes from --user. ${USERS}` },
  { options: { user: 'nope', namespace: 'n' }, message: 'auth info "nope" does not exist', hint: `"nope" comes from --user. ${USERS}` },
  {
    options: { context: 'nope', cluster: 'nope2' },
    message: 'Error in configuration: \n* context was not found for specified context: nope\n* no server found for cluster "nope2"',
    hint: `"nope" comes from --context. ${CONTEXTS}`,
  },
  {
    cluster: { server: 'https://k', 'certificate-authority-data': 'Q0E=', 'certificate-authority': 'ca.crt' },
    message: 'certificate-authority-data and certificate-authority are both specified for k. certificate-authority-data will override.',
    hint: OF_CLUSTER,
  },
  {
    user: { 'client-certificate': 'ca.crt', 'client-certificate-data': 'Q0E=', 'client-key': 'ca.crt', 'client-key-data': 'Q0E=' },
    message:
      'Error in configuration: \n* client-cert-data and client-cert are both specified for u. client-cert-data will override.\n' +
      '* client-key-data and client-key are both specified for u; client-key-data will override',
    hint: OF_USER,
  },
  {
    user: { 'client-certificate-data': 'Q0E=' },
    message: 'client-key-data or client-key must be specified for u to use the clientCert authentication method.',
    hint: OF_USER,
  },
  {
    options: { clientCertificate: 'ca.crt' },
    message: 'client-key-data or client-key must be specified for u to use the clientCert authentication method.',
    hint: 'Check --client-certificate.',
  },
  {
    options: { certificateAuthority: 'none', clientCertificate: 'none', clientKey: 'no/key' },
    message:
      'Error in configuration: \n* unable to read client-cert none for u due to open none: no such file or directory\n' +
      '* unable to read client-key no/key for u due to open no/key: no such file or directory\n' +
      '* unable to read certificate-authority none for k due to open none: no such file or directory',
    hint: 'Check --client-certificate, --client-key, --certificate-authority.',
  },
  {
    options: { certificateAuthority: 'none' },
    message: 'unable to read certificate-authority none for k due to open none: no such file or directory',
    hint: 'Check --certificate-authority.',
  },
  {
    options: { certificateAuthority: 'large' },
    message: 'open large: file too large',
    hint: 'Check --certificate-authority.',
  },
  {
    user: { token: 't' },
    options: { username: 'n' },
    message: 'more than one authentication method found for u; found [token basicAuth], only one is allowed',
    hint: 'Check --username.',
  },
  {
    user: { password: 'p' },
    options: { token: 't' },
    message: 'more than one authentication method found for u; found [token basicAuth], only one is allowed',
    hint: 'Check --token.',
  },
  {
    user: { exec: { apiVersion: 'client.authentication.k8s.io/v1' }, 'auth-provider': {} },
    message:
      'Error in configuration: \n* authProvider cannot be provided in combination with an exec plugin for u\n' +
      '* command must be specified for u to use exec authentication plugin\n' +
      '* interactiveMode must be specified for u to use exec authentication plugin',
    hint: OF_USER,
  },
  {
    user: { exec: { command: 'x', env: [{ value: 'v' }], interactiveMode: 'Sometimes' } },
    message:
      'Error in configuration: \n* apiVersion must be specified for u to use exec authentication plugin\n' +
      '* env variable name must be specified for u to use exec authentication plugin\n* invalid interactiveMode for u: "Sometimes"',
    hint: OF_USER,
  },
  {
    user: { 'as-groups': ['g'] },
    message: 'requesting uid, groups or user-extra for u without impersonating a user',
    hint: OF_USER,
  },
  ...[
    ['ftp://x', 'ftp://x', 'unsupported scheme "ftp", must be http, https, or socks5'],
    ['proxy:3128', 'proxy:3128', 'unsupported scheme "proxy", must be http, https, or socks5'],
    ['127.0.0.1:3128', '127.0.0.1:3128', 'could not parse: 127.0.0.1:3128'],
    ['ftp://me:secret@x', 'ftp://***@x', 'unsupported scheme "ftp", must be http, https, or socks5'],
    ['me:se/cret@127.0.0.1:3128', '***@127.0.0.1:3128', 'unsupported scheme "me", must be http, https, or socks5'],
    ['http://me:se/cret@p', 'http://***@p', 'could not parse: http://***@p'],
  ].map(([proxyUrl, shown, why]) => ({
    cluster: { server: 'https://k', 'proxy-url': proxyUrl },
    message: `invalid 'proxy-url' "${shown}" for cluster "k": ${why}`,
    hint: OF_CLUSTER,
  })),
  {
    cluster: { server: 'https://k', 'certificate-authority-data': 'Q0E=', 'insecure-skip-tls-verify': true },
    message: 'specifying a root certificates file with the insecure flag is not allowed',
    hint: 'Check cluster "k" in FILE, user "u" in FILE.',
  },
  { options: { certificateAuthority: '.' }, message: 'read .: is a directory', hint: 'Check --certificate-authority.' },
  { cluster: { server: 'ftp://k' }, message: 'unsupported protocol scheme "ftp"', hint: OF_CLUSTER },
];

/** Flags that no kubeconfig could make right, and what kubectl says. */
const MISUSE: readonly (readonly [options: ConnectionOptions, message: string])[] = [
  [{ asGroup: ['g'] }, 'requesting uid, groups or user-extra for u without impersonating a user'],
  [{ asUid: '7' }, 'requesting uid, groups or user-extra for u without impersonating a user'],
  [{ asUserExtra: ['a=b'] }, 'requesting uid, groups or user-extra for u without impersonating a user'],
  [{ proxyUrl: 'foo' }, `invalid 'proxy-url' "foo" for cluster "k": unsupported scheme "", must be http, https, or socks5`],
  [{ proxyUrl: 'http://me:se/cret@p' }, `invalid 'proxy-url' "http://***@p" for cluster "k": could not parse: http://***@p`],
  [
    { requestTimeout: '1d' },
    '--request-timeout: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
  ],
  [{ server: 'foo bar' }, '--server: host must be a URL or a host:port pair: "foo bar"'],
  [{ server: 'ftp://k' }, '--server: unsupported protocol scheme "ftp"'],
];

describe('kubeconfig', () => {
  let place: Place;
  beforeEach(() => {
    place = createPlace();
    place.write('ca.crt', 'FILE');
    truncateSync(place.write('large', ''), 64 * 1024 * 1024 + 1);
  });
  afterEach(() => place.remove());

  for (const [options, expected] of CHOSEN) {
    it(`chooses with ${JSON.stringify(options)}`, async () => {
      const config = await load(place, MANY, options);
      const { insecure, serverName, ca } = config.tls;
      const authorization = await authorizationOf(config);
      assert.deepEqual(
        {
          url: config.url.href,
          namespace: config.namespace,
          ...(authorization === undefined ? {} : { authorization }),
          ...(serverName === undefined ? {} : { serverName }),
          ...(insecure ? { insecure } : {}),
          ...(ca === undefined ? {} : { ca: ca.pem.toString() }),
          ...(config.isFallback ? { isFallback: true } : {}),
        },
        expected,
      );
    });
  }

  for (const { user = {}, cluster, options, message, hint } of REFUSED) {
    it(`refuses ${JSON.stringify({ ...user, ...cluster, ...options })}`, async () => {
      const failure = await failureOf(load(place, kubeconfigOf(user, cluster), options));
      assert.deepEqual([failure.reason, failure.message], ['ConfigInvalid', message]);
      assert.equal(failure.hint?.replaceAll(place.path('config'), 'FILE'), hint);
    });
  }

  for (const [options, message] of MISUSE) {
    it(`takes ${JSON.stringify(options)} for misuse`, async () => {
      await assert.rejects(load(place, kubeconfigOf({}), options), (error) => {
        assert.ok(error instanceof UsageError);
        assert.deepEqual([error.exitCode, error.message, error.hint], [2, message, undefined]);
        return true;
      });
    });
  }

  it('says where a context that does not exist is named, and which there are', async () => {
    const more = Object.fromEntries(['1', '2', '3', '4', '5', '6'].map((name) => [name, place.write(`file${name}`, '')]));
    const contexts = (names: readonly string[]) => ({ contexts: names.map((name) => ({ name, context: {} })) });
    const files = [
      place.write('one', { ...contexts(['a', 'b']), 'current-context': 'gone' }),
      place.write('two', contexts(['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'])),
      ...Object.values(more),
    ];
    const { host } = createHost(place, { env: { KUBECONFIG: files.join(delimiter) } });
    const { message, hint } = await failureOf(loadClientConfig({}, host));
    assert.equal(message, 'Error in configuration: context was not found for specified context: gone');
    const known = `The contexts in ${files[0]}, ${files[1]} are a, b, c, d, e, f, g, h, and 2 more: kubectl config get-contexts`;
    assert.equal(hint, `"gone" comes from current-context in ${files[0]}. ${known}`);
    const empty = createHost(place, { env: { KUBECONFIG: place.write('empty', '') } });
    const none = await failureOf(loadClientConfig({ context: 'x' }, empty.host));
    assert.equal(none.hint, '"x" comes from --context. The kubeconfig has no contexts.');
  });

  it('names the nearest of many contexts', async () => {
    const contexts = Array.from({ length: 500 }, (_, index) => ({ name: `cluster-${index}`, context: {} }));
    const file = place.write('many', { contexts: [...contexts, { name: 'production', context: {} }] });
    const failure = await failureOf(loadClientConfig({ kubeconfig: file, context: 'prodution' }, createHost(place).host));
    assert.match(failure.hint ?? '', /^"prodution" comes from --context\. Did you mean "production"\? The contexts in /);
  });

  it('checks what http does not send', async () => {
    const failure = await failureOf(load(place, kubeconfigOf({ token: 't', username: 'u' }, { server: 'http://k' })));
    assert.equal(failure.message, 'more than one authentication method found for u; found [token basicAuth], only one is allowed');
  });

  it('lays impersonation flags over the entry field by field', async () => {
    const impersonation = async (options: ConnectionOptions) => (await load(place, MANY, options)).impersonation;
    assert.deepEqual(await impersonation({ as: 'bob' }), { user: 'bob', uid: '7', groups: ['g', 'h'], extra: { a: ['1'], b: ['2'] } });
    assert.deepEqual(await impersonation({ asGroup: ['x,y'], asUserExtra: ['a=9', 'a=8=7', 'junk', 'c='] }), {
      user: 'ana',
      uid: '7',
      groups: ['x,y'],
      extra: { a: ['9', '8=7'], b: ['2'], c: [''] },
    });
  });

  it('replaces file and data of a client certificate by the flag, and reads it from the working folder', async () => {
    const data = { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' };
    const { tls } = await load(place, kubeconfigOf(data), { clientCertificate: 'ca.crt', clientKey: 'ca.crt' });
    assert.equal(revealed(tls).clientCertificate?.certificate.pem.toString(), 'FILE');
    assert.equal(tls.clientCertificate?.key.origin, 'ca.crt');
    const own = await load(place, kubeconfigOf(data));
    assert.equal(own.tls.clientCertificate?.key.origin, 'client-key-data of user "u"');
  });

  it('takes the first file for each name, paths seen from their own file', async () => {
    place.write('one/config', { clusters: [{ name: 'k', cluster: { server: 'https://one', 'certificate-authority': 'ca' } }] });
    place.write('one/ca', 'ONE');
    place.write('two/config', MANY);
    const KUBECONFIG = ['one/config', 'missing', 'two/config'].join(delimiter);
    const config = await loadClientConfig({}, createHost(place, { env: { KUBECONFIG } }).host);
    assert.equal(config.url.href, 'https://one/');
    assert.equal(config.tls.ca?.pem.toString(), 'ONE');
    assert.equal(config.tls.serverName, undefined);
    assert.deepEqual(config.files, { read: ['one/config', 'two/config'], missing: ['missing'] });
    assert.deepEqual([config.contextName, config.clusterName, config.userName], ['c', 'k', 'u']);
  });

  it('says which files are missing, and falls back', async () => {
    const { host } = createHost(place);
    const config = await loadClientConfig({}, host);
    assert.deepEqual(config.files, { read: [], missing: [join(place.folder, '.kube/config')] });
    assert.deepEqual([config.url.href, config.isFallback, config.namespace], ['http://localhost:8080/', true, 'default']);
  });

  it('uses KUBERNETES_MASTER where nothing names a server', async () => {
    const { host } = createHost(place, { env: { KUBERNETES_MASTER: 'https://master' } });
    const { url, isFallback } = await loadClientConfig({}, host);
    assert.deepEqual([url.href, isFallback], ['https://master/', false]);
  });

  it('reports every file that it cannot read', async () => {
    place.write('broken', 'users: [5]');
    place.write('folder/file', '');
    const env = { KUBECONFIG: ['broken', 'folder', 'folder/file/x', 'nowhere/x'].join(delimiter) };
    const failure = await failureOf(loadKubeconfig({}, createHost(place, { env }).host));
    assert.equal(
      failure.message,
      'error loading config file "broken": json: cannot unmarshal number into Go struct field Config.users of type v1.NamedAuthInfo\n' +
        'error loading config file "folder": read folder: is a directory' +
        // On Windows it is only missing, for kubectl too.
        (process.platform === 'win32' ? '' : '\nerror loading config file "folder/file/x": open folder/file/x: not a directory'),
    );
  });

  it('insists on --kubeconfig', async () => {
    const failure = await failureOf(loadKubeconfig({ kubeconfig: 'nope' }, createHost(place).host));
    assert.deepEqual([failure.reason, failure.message], ['ConfigInvalid', 'stat nope: no such file or directory']);
  });

  it('passes proxy, timeout and compression on', async () => {
    const cluster = { server: 'https://k', 'proxy-url': 'socks5://p:1', 'disable-compression': true };
    const config = await load(place, kubeconfigOf({}, cluster), { requestTimeout: '1m' });
    assert.deepEqual([revealed(config).proxyUrl?.href, config.requestTimeout, config.compression], ['socks5://p:1', 60_000, false]);
    const other = await load(place, kubeconfigOf({}), { disableCompression: true });
    assert.deepEqual([other.proxyUrl, other.requestTimeout, other.compression], [undefined, undefined, false]);
  });
});

describe('kubeconfig in a pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443', KUBERNETES_MASTER: '' };
  let pem = '';
  let place: Place;
  before(async () => {
    pem = (await createAuthority('pods')).certificate;
  });
  beforeEach(() => {
    place = createPlace();
    place.write('serviceaccount/token', ' sa-token\n');
    place.write('serviceaccount/ca.crt', pem);
    place.write('serviceaccount/namespace', ' pods\n');
    place.write('ca.crt', 'FILE');
  });
  afterEach(() => place.remove());

  const inPod = (options: ConnectionOptions, more: Record<string, string> = {}) =>
    loadClientConfig(options, createHost(place, { env: { ...env, ...more } }).host);

  it('uses the service account', async () => {
    const config = await inPod({});
    assert.deepEqual([config.url.href, config.inCluster, config.namespace], ['https://[fd00::1]/', true, 'pods']);
    assert.equal(config.tls.ca?.pem.toString(), pem);
    assert.equal(await authorizationOf(config), 'Bearer sa-token');
    assert.equal(config.isFallback, false);
  });

  it('applies token, CA, impersonation, timeout, compression and namespace', async () => {
    const options = {
      token: 't',
      certificateAuthority: 'ca.crt',
      as: 'ana',
      requestTimeout: '5',
      disableCompression: true,
      namespace: 'n',
    };
    const config = await inPod(options);
    assert.deepEqual(
      [config.inCluster, await authorizationOf(config), config.tls.ca?.pem.toString(), config.impersonation?.user, config.requestTimeout],
      [true, 'Bearer t', 'FILE', 'ana', 5000],
    );
    assert.deepEqual([config.compression, config.namespace], [false, 'n']);
  });

  it('ignores flags that a service account has no use for', async () => {
    const config = await inPod({ username: 'u', insecureSkipTlsVerify: true, tlsServerName: 'x' });
    assert.deepEqual(
      [config.inCluster, await authorizationOf(config), config.tls.insecure, config.tls.serverName],
      [true, 'Bearer sa-token', false, undefined],
    );
  });

  it('trusts the system if ca.crt holds no certificate', async () => {
    for (const junk of ['', 'junk', '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n']) {
      place.write('serviceaccount/ca.crt', junk);
      assert.equal((await inPod({})).tls.ca, undefined);
    }
    rmSync(place.path('serviceaccount/ca.crt'));
    assert.equal((await inPod({})).tls.ca, undefined);
  });

  it('does not count a token that is a folder, or half an address', async () => {
    assert.equal((await inPod({}, { KUBERNETES_SERVICE_PORT: '' })).inCluster, false);
    place.remove();
    place.write('serviceaccount/token/x', '');
    assert.equal((await inPod({})).inCluster, false);
  });

  it('stays out of the way of a kubeconfig and --server, but gives the namespace', async () => {
    const other = await load(place, kubeconfigOf({ token: 't' }), {}, { env });
    assert.deepEqual([other.inCluster, other.url.href, other.namespace], [false, 'https://server:6443/', 'pods']);
    const server = await inPod({ server: 'https://s' }, { POD_NAMESPACE: 'own' });
    assert.deepEqual([server.inCluster, await authorizationOf(server), server.namespace], [false, undefined, 'own']);
    const proxied = await load(place, kubeconfigOf({}, { 'proxy-url': 'http://p' }), {}, { env });
    assert.equal(proxied.inCluster, false);
  });

  it('takes over from a kubeconfig that says nothing but the default server', async () => {
    const config = await load(
      place,
      kubeconfigOf({ token: 'ignored' }, { server: 'http://localhost:8080' }, { namespace: 'team' }),
      {},
      { env },
    );
    assert.deepEqual([config.inCluster, await authorizationOf(config), config.namespace], [true, 'Bearer sa-token', 'team']);
    const secured = await load(
      place,
      kubeconfigOf({ token: 't' }, { server: 'https://master' }),
      {},
      { env: { ...env, KUBERNETES_MASTER: 'https://master' } },
    );
    assert.equal(secured.inCluster, false);
  });

  it('reads POD_NAMESPACE only in a pod', async () => {
    const outside = await load(place, kubeconfigOf({}), {}, { env: { POD_NAMESPACE: 'own' } });
    assert.equal(outside.namespace, 'default');
  });
});
