import type { ApiServer } from '../api-recorder.ts';
import { type Case, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';
import type { World } from '../world.ts';

const USER = { token: secret('u') };
const BEARER = { authorization: `Bearer ${secret('u')}` };
const NO_SUCH_HOST = 'Unable to connect to the server: dial tcp: lookup api.example.test: no such host';
type Expected = Pick<Case, 'sees' | 'fails' | 'differs'>;

/** Environment of a proxy at `PROXY` (`host:port`) on the way to a server; `SERVERPORT` is the server's port. */
function environment(
  name: string,
  env: Readonly<Record<string, string>>,
  expected: Expected,
  { server = 'https://api.example.test', http = false } = {},
): Case {
  return {
    section: '5',
    name,
    api: { http },
    given: async (api, { clusterOf, proxy }) => {
      const at = `127.0.0.1:${(await proxy('proxy', { leadsTo: api.port })).port}`;
      const replaced = Object.entries(env).map(([key, value]) => [
        key,
        value.replaceAll('PROXY', at).replaceAll('SERVERPORT', String(api.port)),
      ]);
      const entry = http ? {} : clusterOf(api);
      return {
        config: kubeconfig({ cluster: { ...entry, server: server.replace('SERVERPORT', String(api.port)) }, user: USER }),
        env: Object.fromEntries(replaced),
      };
    },
    ...expected,
  };
}

/** Whether a server is spared the proxy; one that is not found shows that it was. */
function spared(name: string, noProxy: string): Case {
  return environment(name, { HTTPS_PROXY: 'http://PROXY', NO_PROXY: noProxy }, { fails: NO_SUCH_HOST });
}

function notSpared(name: string, noProxy: string): Case {
  return environment(name, { HTTPS_PROXY: 'http://PROXY', NO_PROXY: noProxy }, { sees: BEARER });
}

/** An address that is this machine but not loopback; `proxied` says whether the proxy saw the request. */
function address(name: string, noProxy: string): Case {
  return environment(name, { HTTPS_PROXY: 'http://PROXY', NO_PROXY: noProxy }, { sees: BEARER }, { server: 'https://0.0.0.0:SERVERPORT' });
}

/** SOCKS5 from the environment. */
function throughSocks(scheme: string): Case {
  return {
    section: '5',
    name: `HTTPS_PROXY may be ${scheme}`,
    given: async (api, { clusterOf, socks }) => ({
      config: kubeconfig({ cluster: { ...clusterOf(api), server: 'https://api.example.test' }, user: USER }),
      env: { HTTPS_PROXY: withUser((await socks('socks', { leadsTo: api.port })).url, `ana:${secret('socks')}`).replace('socks5', scheme) },
    }),
    sees: { ...BEARER, host: 'api.example.test' },
  };
}

/** `proxy-url` of the cluster entry. */
function entry(
  name: string,
  make: (world: World, api: ApiServer) => Promise<string>,
  expected: Expected = { sees: BEARER },
  more: { server?: string; env?: Record<string, string>; cluster?: object; http?: boolean; roots?: boolean } = {},
): Case {
  return {
    section: '5',
    name,
    api: { http: more.http ?? false },
    given: async (api, world) => ({
      config: kubeconfig({
        cluster: {
          ...(more.http ? {} : world.clusterOf(api)),
          server: (more.server ?? 'https://api.example.test:6443').replace('SERVERPORT', String(api.port)),
          'proxy-url': await make(world, api),
          ...more.cluster,
        },
        user: USER,
      }),
      files: { roots: world.pki.root.certificate },
      env: { ...more.env, ...(more.roots ? { SSL_CERT_FILE: 'DIR/roots' } : {}) },
    }),
    ...expected,
  };
}

const withUser = (url: string, user: string) => url.replace('://', `://${user}@`);

/** docs/connection.md 5: proxies of the cluster entry and of the environment. */
export const proxyCases: readonly Case[] = [
  entry('an http proxy', async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port })).url),
  entry('an http proxy with user and password', async ({ proxy }, api) =>
    withUser((await proxy('proxy', { leadsTo: api.port })).url, `ana:${secret('proxy')}`),
  ),
  entry('user and password of a proxy are percent-decoded', async ({ proxy }, api) =>
    withUser((await proxy('proxy', { leadsTo: api.port })).url, 'a%40b:s3cr3t%3Ap%2F'),
  ),
  entry('a proxy user without a password', async ({ proxy }, api) => withUser((await proxy('proxy', { leadsTo: api.port })).url, 'ana')),
  entry('an https proxy', async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port, https: true })).url),
  entry(
    'an https proxy is verified with the cluster’s CA',
    async ({ proxy, pki: _ }, api) => (await proxy('proxy', { leadsTo: api.port, https: true })).url,
    { fails: 'certificate signed by unknown authority' },
    { cluster: { 'certificate-authority-data': undefined } },
  ),
  entry(
    'an https proxy is not verified if the cluster is insecure',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port, https: true })).url,
    { sees: BEARER },
    { cluster: { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true } },
  ),
  entry('a SOCKS5 proxy resolves the name', async ({ socks }, api) => (await socks('socks', { leadsTo: api.port })).url),
  entry('socks5h is SOCKS5', async ({ socks }, api) => (await socks('socks', { leadsTo: api.port })).url.replace('socks5', 'socks5h'), {
    fails: `unsupported scheme "socks5h", must be http, https, or socks5`,
  }),
  entry('a SOCKS5 proxy with user and password', async ({ socks }, api) =>
    withUser((await socks('socks', { leadsTo: api.port })).url, `ana:${secret('socks')}`),
  ),
  entry(
    'a SOCKS5 proxy and an address',
    async ({ socks }, api) => (await socks('socks', { leadsTo: api.port })).url,
    { sees: BEARER },
    { server: 'https://127.0.0.1:SERVERPORT' },
  ),
  entry(
    'a SOCKS5 proxy and plain http',
    async ({ socks }, api) => (await socks('socks', { leadsTo: api.port })).url,
    { sees: { host: 'api.example.test:81' } },
    { server: 'http://api.example.test:81', http: true },
  ),
  entry(
    'proxy-url serves localhost too',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port })).url,
    { sees: BEARER },
    { server: 'https://localhost:SERVERPORT' },
  ),
  entry(
    'proxy-url serves loopback addresses too',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port })).url,
    { sees: BEARER },
    { server: 'https://127.0.0.1:SERVERPORT' },
  ),
  entry(
    'NO_PROXY does not matter to proxy-url',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port })).url,
    { sees: BEARER },
    { env: { NO_PROXY: '*', no_proxy: '*' } },
  ),
  entry(
    'proxy-url wins over HTTPS_PROXY',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port })).url,
    { sees: BEARER },
    { env: { HTTPS_PROXY: 'http://127.0.0.1:9' } },
  ),
  entry(
    'a proxy and plain http: absolute form',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port })).url,
    { sees: { host: 'api.example.test' } },
    { server: 'http://api.example.test', http: true },
  ),
  entry(
    'a proxy with user and plain http',
    async ({ proxy }, api) => withUser((await proxy('proxy', { leadsTo: api.port })).url, `ana:${secret('proxy')}`),
    { sees: { host: 'api.example.test' } },
    { server: 'http://api.example.test', http: true },
  ),
  entry(
    'an https proxy and plain http: the cluster’s TLS settings do not count',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port, https: true })).url,
    { fails: 'certificate signed by unknown authority' },
    { server: 'http://api.example.test', http: true, cluster: { 'insecure-skip-tls-verify': true } },
  ),
  entry(
    'an https proxy and plain http: the system’s roots count',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port, https: true })).url,
    { sees: { host: 'api.example.test' } },
    { server: 'http://api.example.test', http: true, roots: true },
  ),
  entry('a proxy that wants a password', async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port, refusesWith: 407 })).url, {
    fails: 'Proxy Authentication Required',
  }),
  entry('a proxy that refuses', async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port, refusesWith: 403 })).url, {
    fails: 'Forbidden',
  }),
  entry('a proxy that is not there', async () => 'http://127.0.0.1:9', {
    fails: 'The connection to the server api.example.test:6443 was refused - did you specify the right host or port?',
    differs: { id: 'dead-proxy', fails: 'proxy http://127.0.0.1:9: connection refused' },
  }),
  entry(
    'the port of the server is in CONNECT',
    async ({ proxy }, api) => (await proxy('proxy', { leadsTo: api.port })).url,
    { sees: { host: 'api.example.test' } },
    { server: 'https://api.example.test' },
  ),
  ...['socks5', 'socks5h'].map((scheme) => throughSocks(scheme)),
  environment('HTTPS_PROXY', { HTTPS_PROXY: 'http://PROXY' }, { sees: BEARER }),
  environment('https_proxy', { https_proxy: 'http://PROXY' }, { sees: BEARER }),
  environment('HTTPS_PROXY before https_proxy', { HTTPS_PROXY: 'http://PROXY', https_proxy: 'http://127.0.0.1:9' }, { sees: BEARER }),
  environment('an empty HTTPS_PROXY leaves https_proxy', { HTTPS_PROXY: '', https_proxy: 'http://PROXY' }, { sees: BEARER }),
  environment('host:port is an http proxy', { HTTPS_PROXY: 'PROXY' }, { sees: BEARER }),
  environment('user and password in HTTPS_PROXY', { HTTPS_PROXY: `http://ana:${secret('proxy')}@PROXY` }, { sees: BEARER }),
  environment('user and password without a scheme in HTTPS_PROXY', { HTTPS_PROXY: `ana:${secret('proxy')}@PROXY` }, { sees: BEARER }),
  environment('ALL_PROXY does not matter', { ALL_PROXY: 'http://PROXY', all_proxy: 'http://PROXY' }, { fails: NO_SUCH_HOST }),
  environment('HTTP_PROXY is not for https', { HTTP_PROXY: 'http://PROXY' }, { fails: NO_SUCH_HOST }),
  environment(
    'HTTP_PROXY for http',
    { HTTP_PROXY: 'http://PROXY' },
    { sees: { host: 'api.example.test' } },
    { server: 'http://api.example.test', http: true },
  ),
  environment(
    'http_proxy for http',
    { http_proxy: 'http://PROXY' },
    { sees: { host: 'api.example.test' } },
    { server: 'http://api.example.test', http: true },
  ),
  environment(
    'HTTP_PROXY beside REQUEST_METHOD',
    { HTTP_PROXY: 'http://PROXY', REQUEST_METHOD: 'GET' },
    { fails: 'refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy' },
    { server: 'http://api.example.test', http: true },
  ),
  environment('a HTTPS_PROXY of an unknown scheme is an http proxy', { HTTPS_PROXY: 'ftp://PROXY' }, { sees: BEARER }),
  environment('a HTTPS_PROXY that is junk does not count', { HTTPS_PROXY: '%zz' }, { fails: NO_SUCH_HOST }),
  environment(
    'a HTTPS_PROXY that is a URL with junk is taken for a host named http',
    { HTTPS_PROXY: 'http://a b' },
    { fails: 'lookup http: no such host' },
  ),
  environment('localhost is spared', { HTTPS_PROXY: 'http://127.0.0.1:9' }, { sees: BEARER }, { server: 'https://localhost:SERVERPORT' }),
  environment(
    'loopback addresses are spared',
    { HTTPS_PROXY: 'http://127.0.0.1:9' },
    { sees: BEARER },
    { server: 'https://127.0.0.1:SERVERPORT' },
  ),
  environment(
    'localhost in upper case is spared by ours only',
    { HTTPS_PROXY: 'http://PROXY' },
    { sees: BEARER, differs: { id: 'localhost-case', sees: BEARER } },
    { server: 'https://LOCALHOST:SERVERPORT' },
  ),
  environment(
    'an address that is not loopback',
    { HTTPS_PROXY: 'http://PROXY' },
    { sees: BEARER },
    { server: 'https://0.0.0.0:SERVERPORT' },
  ),
  environment('no_proxy', { HTTPS_PROXY: 'http://PROXY', no_proxy: 'api.example.test' }, { fails: NO_SUCH_HOST }),
  environment(
    'NO_PROXY before no_proxy',
    { HTTPS_PROXY: 'http://PROXY', NO_PROXY: 'other.test', no_proxy: 'api.example.test' },
    { sees: BEARER },
  ),
  spared('* spares all', '*'),
  notSpared('* within a list', 'x.test,*y'),
  spared('* as one of a list', 'x.test, *'),
  spared('a name spares itself', 'api.example.test'),
  spared('a name spares its subdomains', 'example.test'),
  notSpared('a name does not spare names that end with it', 'ample.test'),
  spared('.name spares its subdomains', '.example.test'),
  notSpared('.name does not spare itself', '.api.example.test'),
  spared('*.name spares its subdomains', '*.example.test'),
  notSpared('*.name does not spare itself', '*.api.example.test'),
  spared('names in any case', 'API.Example.TEST'),
  spared('blanks around commas', ' other.test , api.example.test '),
  spared('a name with the port', 'api.example.test:443'),
  notSpared('a name with another port', 'api.example.test:6443'),
  spared('.name with the port', '.example.test:443'),
  notSpared('blanks do not separate', 'other.test api.example.test'),
  notSpared('an address does not spare names', '127.0.0.1'),
  notSpared('a scheme is no name', 'https://api.example.test'),
  address('an address spares itself', '0.0.0.0'),
  address('another address does not', '0.0.0.1'),
  address('an address with the port', '0.0.0.0:SERVERPORT'),
  address('an address with another port', '0.0.0.0:1'),
  address('a CIDR spares its addresses', '0.0.0.0/8'),
  address('a CIDR does not spare others', '10.0.0.0/8'),
  address('a broken CIDR spares none', '0.0.0.0/99'),
  address('a name that looks like the end of an address', '.0.0'),
];
