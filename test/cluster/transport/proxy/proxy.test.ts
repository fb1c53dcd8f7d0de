import assert from 'node:assert/strict';
import { chooseProxy } from '../../../../src/cluster/transport/proxy/proxy.ts';
import { ClusterError } from '../../../../src/errors.ts';
import { Secret } from '../../../../src/text/secret.ts';
import { revealed } from '../../../support/revealed.ts';

type Env = Readonly<Record<string, string>>;

function choose(url: string, env: Env, proxyUrl?: string) {
  return chooseProxy(
    { url: new URL(url), clusterName: 'dev', ...(proxyUrl !== undefined && { proxyUrl: new Secret(new URL(proxyUrl)) }) },
    env,
  );
}

describe('chooseProxy: which variable', () => {
  const cases: readonly [string, Env, string | undefined][] = [
    ['https://h', {}, undefined],
    ['https://h', { HTTPS_PROXY: 'http://p:1' }, 'HTTPS_PROXY'],
    ['https://h', { https_proxy: 'http://p:1' }, 'https_proxy'],
    ['https://h', { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:1' }, 'HTTPS_PROXY'],
    ['https://h', { HTTPS_PROXY: '', https_proxy: 'http://q:1' }, 'https_proxy'],
    ['https://h', { HTTP_PROXY: 'http://p:1', ALL_PROXY: 'http://q:1', all_proxy: 'http://q:1' }, undefined],
    ['http://h', { HTTP_PROXY: 'http://p:1' }, 'HTTP_PROXY'],
    ['http://h', { http_proxy: 'http://p:1' }, 'http_proxy'],
    ['http://h', { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['https://h', { HTTPS_PROXY: 'http://p:1', REQUEST_METHOD: 'GET' }, 'HTTPS_PROXY'],
  ];
  for (const [url, env, source] of cases) {
    it(`${url} with ${JSON.stringify(env)}`, () => assert.equal(choose(url, env)?.source, source));
  }

  it('refuses HTTP_PROXY in a CGI program', () => {
    assert.throws(
      () => choose('http://h', { HTTP_PROXY: 'http://p:1', REQUEST_METHOD: 'GET' }),
      (error) =>
        error instanceof ClusterError &&
        error.reason === 'ProxyFailed' &&
        error.message === 'refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy',
    );
  });

  it('takes proxy-url for every server, whatever the environment says', () => {
    const env = { HTTPS_PROXY: 'http://q:1', NO_PROXY: '*' };
    assert.deepEqual(choose('https://localhost', env, 'http://p:8080'), {
      kind: 'http',
      host: 'p',
      port: 8080,
      label: 'http://p:8080',
      source: 'proxy-url of cluster "dev"',
    });
  });

  it('says that --proxy-url is the flag', () => {
    const config = { url: new URL('https://h'), proxyUrl: new Secret(new URL('http://p')), clusterName: 'dev' };
    assert.equal(chooseProxy({ ...config, flags: new Set(['--proxy-url']) }, {})?.source, '--proxy-url');
    assert.equal(chooseProxy({ url: config.url, proxyUrl: config.proxyUrl }, {})?.source, 'proxy-url of the cluster in use');
  });
});

describe('chooseProxy: how a proxy is written', () => {
  const cases: readonly [string, unknown][] = [
    ['http://p', { kind: 'http', host: 'p', port: 80, label: 'http://p' }],
    ['https://p', { kind: 'https', host: 'p', port: 443, label: 'https://p' }],
    ['socks5://p', { kind: 'socks5', host: 'p', port: 1080, label: 'socks5://p' }],
    ['socks5h://p:9', { kind: 'socks5', host: 'p', port: 9, label: 'socks5h://p:9' }],
    ['p:3128', { kind: 'http', host: 'p', port: 3128, label: 'http://p:3128' }],
    ['p', { kind: 'http', host: 'p', port: 80, label: 'http://p' }],
    ['localhost:3128', { kind: 'http', host: 'localhost', port: 3128, label: 'http://localhost:3128' }],
    ['10.0.0.1:3128', { kind: 'http', host: '10.0.0.1', port: 3128, label: 'http://10.0.0.1:3128' }],
    ['http://[::1]:3128', { kind: 'http', host: '::1', port: 3128, label: 'http://[::1]:3128' }],
    ['http://u%40x:p%3Aw@p:1', { kind: 'http', host: 'p', port: 1, user: { username: 'u@x', password: 'p:w' }, label: 'http://p:1' }],
    ['http://u:100%@p:1', { kind: 'http', host: 'p', port: 1, user: { username: 'u', password: '100%' }, label: 'http://p:1' }],
    ['socks5://u@p', { kind: 'socks5', host: 'p', port: 1080, user: { username: 'u', password: '' }, label: 'socks5://p' }],
    // Go reads what does not parse once more with http:// before it, odd as the outcome may be.
    ['http://p:port', { kind: 'http', host: 'http', port: 80, label: 'http://http' }],
    ['://', undefined],
  ];
  for (const [value, proxy] of cases) {
    it(value, () => assert.deepEqual(revealed(choose('https://h', { HTTPS_PROXY: value })), proxy && { ...proxy, source: 'HTTPS_PROXY' }));
  }
});

describe('chooseProxy: NO_PROXY', () => {
  // Host, NO_PROXY, whether the proxy is used. From the rules of golang.org/x/net/http/httpproxy.
  const cases: readonly [string, string, boolean][] = [
    ['https://localhost', '', false],
    ['https://localhost.', '', true],
    ['https://127.0.0.1:6443', '', false],
    ['https://127.9.9.9', '', false],
    ['https://[::1]:6443', '', false],
    ['https://10.0.0.1', '', true],
    ['https://example.com', '', true],
    ['https://example.com', '*', false],
    ['https://example.com', 'a, *', false],
    ['https://example.com', 'example.com', false],
    ['https://EXAMPLE.com', ' Example.COM ', false],
    ['https://www.example.com', 'example.com', false],
    ['https://wwwexample.com', 'example.com', true],
    ['https://example.com', '.example.com', true],
    ['https://www.example.com', '.example.com', false],
    ['https://example.com', '*.example.com', true],
    ['https://a.b.example.com', '*.example.com', false],
    ['https://example.com', 'w*.example.com', true],
    ['https://example.com', 'example.com:443', false],
    ['https://example.com:6443', 'example.com:443', true],
    ['https://example.com:6443', 'example.com:6443', false],
    ['https://www.example.com:6443', '.example.com:6443', false],
    ['https://10.0.0.1', '10.0.0.1', false],
    ['https://10.0.0.1:6443', '10.0.0.1:6443', false],
    ['https://10.0.0.1:443', '10.0.0.1:6443', true],
    ['https://10.0.0.1', '10.0.0.0/8', false],
    ['https://11.0.0.1', '10.0.0.0/8', true],
    ['https://10.0.0.1', '10.0.0.1/33', true],
    ['https://example.com', '0.0.0.0/0', true],
    ['https://[2001:db8::1]', '2001:db8::/32', false],
    ['https://[2001:db9::1]', '2001:db8::/32', true],
    ['https://[2001:db8::1]', '2001:0db8:0::1', false],
    ['https://[2001:db8::1]:6443', '[2001:db8::1]:6443', false],
    ['https://[2001:db8::1]:443', '[2001:db8::1]:6443', true],
    ['https://xn--bcher-kva.example', 'bücher.example', false],
    ['https://example.com', ':443', true],
    ['https://example.com', ',,', true],
    ['https://example.com', 'foo.com, bar.com , example.com', false],
    ['https://example.com', 'foo.com bar.com example.com', true],
  ];
  for (const [url, noProxy, uses] of cases) {
    it(`${url} with ${JSON.stringify(noProxy)} ${uses ? 'uses' : 'does not use'} the proxy`, () => {
      assert.equal(choose(url, { HTTPS_PROXY: 'http://p:1', NO_PROXY: noProxy }) !== undefined, uses);
    });
  }

  it('takes the lower-case variable if the other is empty', () => {
    assert.equal(choose('https://a', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '', no_proxy: 'a' }), undefined);
    assert.notEqual(choose('https://a', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'b', no_proxy: 'a' }), undefined);
  });
});
