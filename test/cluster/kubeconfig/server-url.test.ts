import assert from 'node:assert/strict';
import { parseServerUrl } from '../../../src/cluster/kubeconfig/server-url.ts';
import { revealed } from '../../support/revealed.ts';

const READ: readonly (readonly [server: string, href: string])[] = [
  ['https://h:6443', 'https://h:6443/'],
  ['https://h:443', 'https://h/'],
  ['h', 'http://h/'],
  ['h:8080', 'http://h:8080/'],
  ['127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
  ['[::1]:6443', 'http://[::1]:6443/'],
  ['HTTPS://LOCALHOST:1/a//b/../c/?x=y#z', 'https://localhost:1/a/c'],
  ['https://h/a/../../b/', 'https://h/b'],
  ['https://h/%2e%2e/x%20y', 'https://h/x%20y'],
  ["https://h/k8s/clusters/c-1:p!('*)", 'https://h/k8s/clusters/c-1:p%21%28%27%2A%29'],
  ['https://[fd00::1]:6443/p', 'https://[fd00::1]:6443/p'],
  ['https://[0::1]:6443', 'https://[::1]:6443/'],
  ['https://bücher.example', 'https://xn--bcher-kva.example/'],
  ['https://Kube.example.:1', 'https://kube.example.:1/'],
];

const REFUSED: readonly (readonly [server: string, message: string])[] = [
  ['https://', 'host must be a URL or a host:port pair: "https://"'],
  ['a/b', 'host must be a URL or a host:port pair: "a/b"'],
  ['https://[::1', 'host must be a URL or a host:port pair: "https://[::1"'],
  ['https://x:port', 'host must be a URL or a host:port pair: "https://x:port"'],
  ['https://u:secret@x:port', 'host must be a URL or a host:port pair: "https://***@x:port"'],
  ['https://a b', 'host must be a URL or a host:port pair: "https://a b"'],
  ['https://010.0.0.1:6443', 'lookup 010.0.0.1: no such host'],
  ['https://127.1', 'lookup 127.1: no such host'],
  ['2130706433:1', 'lookup 2130706433: no such host'],
  ['https://%6cocalhost', 'lookup %6cocalhost: no such host'],
  ['https://１27.0.0.1', 'lookup １27.0.0.1: no such host'],
  ['ftp://x', 'unsupported protocol scheme "ftp"'],
];

describe('server-url', () => {
  for (const [server, href] of READ) it(`reads ${server}`, () => assert.equal(parseServerUrl(server).url.href, href));
  for (const [server, message] of REFUSED) it(`refuses ${server}`, () => assert.throws(() => parseServerUrl(server), { message }));

  it('takes user info out, decoded', () => {
    const { url, user } = parseServerUrl('http://ana%40x:p%3Aw@h:1/');
    assert.deepEqual([url.href, revealed(user)], ['http://h:1/', { username: 'ana@x', password: 'p:w' }]);
  });
});
