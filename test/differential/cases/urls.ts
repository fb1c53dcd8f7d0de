import { type Case, kubeconfig } from '../case.ts';
import { basic, secret } from '../secrets.ts';

const BEARER = { authorization: `Bearer ${secret('u')}` };
const LIST = '/apis/serving.kserve.io/v1alpha1/namespaces/team/servingruntimes';

/** A server written so; `PORT` stands for its port. */
function server(
  name: string,
  written: string,
  expected: Pick<Case, 'sees' | 'fails' | 'api' | 'needs' | 'differs'>,
  user: object = { token: secret('u') },
): Case {
  return {
    section: '2.6',
    name,
    given: (api, { clusterOf }) => {
      const ca = expected.api?.http ? {} : clusterOf(api);
      return { config: kubeconfig({ cluster: { ...ca, server: written.replace('PORT', String(api.port)) }, user }) };
    },
    ...expected,
  };
}

const http = { http: true };

/** docs/connection.md 2.6: forms of the server's URL. */
export const urlCases: readonly Case[] = [
  server('host:port without a scheme is http, and the token stays at home', '127.0.0.1:PORT', {
    api: http,
    sees: { authorization: undefined },
  }),
  server('localhost:port without a scheme is http', 'localhost:PORT', { api: http, sees: { authorization: undefined } }),
  {
    section: '2.6',
    name: 'host:port without a scheme is http even with a CA',
    api: http,
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: { ...clusterOf(api), server: `127.0.0.1:${api.port}` }, user: { token: secret('u') } }),
    }),
    sees: { authorization: undefined },
  },
  server('no scheme and a path is refused', '127.0.0.1:PORT/prefix', { fails: 'host must be a URL or a host:port pair: "127.0.0.1:' }),
  server('https:// alone is refused', 'https://', { fails: 'host must be a URL or a host:port pair: "https://"' }),
  server('another scheme is refused', 'ftp://127.0.0.1:PORT', { fails: 'unsupported protocol scheme "ftp"' }),
  server('scheme and host may be upper case', 'HTTPS://LOCALHOST:PORT', { sees: BEARER }),
  server('a path prefixes every request', 'https://127.0.0.1:PORT/k8s/clusters/c-1', {
    sees: { ...BEARER, path: `/k8s/clusters/c-1${LIST}` },
  }),
  server('slashes after the path go', 'https://127.0.0.1:PORT/prefix//', { sees: { path: `/prefix${LIST}` } }),
  server('dots in the path are resolved', 'https://127.0.0.1:PORT/a/./b/../c', { sees: { path: `/a/c${LIST}` } }),
  server('an escaped path stays escaped', 'https://127.0.0.1:PORT/a%20b', { sees: { path: `/a%20b${LIST}` } }),
  server('an escaped slash in the path', 'https://127.0.0.1:PORT/a%2Fb', { sees: { path: `/a/b${LIST}` } }),
  server('a slash alone is no prefix', 'https://127.0.0.1:PORT/', { sees: { path: LIST } }),
  server('query and fragment go', 'https://127.0.0.1:PORT/p?x=1#y', { sees: { path: `/p${LIST}`, query: { limit: '500' } } }),
  server('user and password in the URL beat the token', `https://ana:${secret('url')}@127.0.0.1:PORT`, {
    sees: { authorization: basic('ana', secret('url')) },
  }),
  server('user and password in the URL are percent-decoded', 'https://a%40b:s3cr3t%3Aurl%20x@127.0.0.1:PORT', {
    sees: { authorization: basic('a@b', 's3cr3t:url x') },
  }),
  server('user and password in the URL are sent over http too', `http://ana:${secret('url')}@127.0.0.1:PORT`, {
    api: http,
    sees: { authorization: basic('ana', secret('url')) },
  }),
  server('a user alone in the URL has an empty password', 'https://ana@127.0.0.1:PORT', { sees: { authorization: basic('ana', '') } }),
  server(
    'user and password beside URL user and basic',
    `https://ana:${secret('url')}@127.0.0.1:PORT`,
    { sees: { authorization: basic('ana', secret('url')) } },
    { username: 'bob', password: secret('p') },
  ),
  server('over http no token is sent', 'http://127.0.0.1:PORT', { api: http, sees: { authorization: undefined } }),
  server(
    'over http no user name and password are sent',
    'http://127.0.0.1:PORT',
    { api: http, sees: { authorization: undefined } },
    { username: 'ana', password: secret('p') },
  ),
  server(
    'over http no tokenFile is read',
    'http://127.0.0.1:PORT',
    { api: http, sees: { authorization: undefined } },
    { tokenFile: 'DIR/none' },
  ),
  server(
    'over http no plugin is run',
    'http://127.0.0.1:PORT',
    { api: http, sees: { authorization: undefined } },
    { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'none', interactiveMode: 'Never' } },
  ),
  server(
    'over http no OIDC is used',
    'http://127.0.0.1:PORT',
    { api: http, sees: { authorization: undefined } },
    { 'auth-provider': { name: 'oidc', config: {} } },
  ),
  server(
    'over http impersonation is sent',
    'http://127.0.0.1:PORT',
    { api: http, sees: { impersonation: ['impersonate-group: g', 'impersonate-user: bob'] } },
    { token: secret('u'), as: 'bob', 'as-groups': ['g'] },
  ),
  server(
    'over http entries are checked all the same',
    'http://127.0.0.1:PORT',
    { api: http, fails: 'unable to read client-cert DIR/none for u due to open DIR/none: no such file or directory' },
    { token: secret('u'), 'client-certificate': 'DIR/none', 'client-key': 'DIR/none' },
  ),
  server('an IPv6 address', 'https://[::1]:PORT', { needs: 'IPv6', api: { listenOn: '::1' }, sees: { ...BEARER, serverName: undefined } }),
  server('an IPv6 address over http', 'http://[::1]:PORT', {
    needs: 'IPv6',
    api: { http: true, listenOn: '::1' },
    sees: { authorization: undefined },
  }),
  server('a port that is no number is refused', 'https://127.0.0.1:abc', {
    fails: 'host must be a URL or a host:port pair: "https://127.0.0.1:abc"',
  }),
  server('a blank in the host is refused', 'https://a b', { fails: 'host must be a URL or a host:port pair: "https://a b"' }),
  {
    section: '2.6',
    name: 'the port of https is 443',
    given: async (api, { clusterOf, proxy }) => ({
      config: kubeconfig({
        cluster: { ...clusterOf(api), server: 'https://api.example.test', 'proxy-url': (await proxy('proxy', { leadsTo: api.port })).url },
        user: { token: secret('u') },
      }),
    }),
    sees: { ...BEARER, host: 'api.example.test', serverName: 'api.example.test' },
  },
  {
    section: '2.6',
    name: 'the port of http is 80',
    api: http,
    given: async (api, { proxy }) => ({
      config: kubeconfig({
        cluster: { server: 'http://api.example.test', 'proxy-url': (await proxy('proxy', { leadsTo: api.port })).url },
        user: { token: secret('u') },
      }),
    }),
    sees: { host: 'api.example.test' },
  },
  {
    section: '2.6',
    name: 'nothing listens there',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: { ...clusterOf(api), server: 'https://127.0.0.1:9' }, user: { token: secret('u') } }),
    }),
    fails: 'The connection to the server 127.0.0.1:9 was refused - did you specify the right host or port?',
  },
  {
    section: '8',
    name: 'a name that does not resolve',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: { ...clusterOf(api), server: 'https://nosuch.invalid:6443' }, user: { token: secret('u') } }),
    }),
    fails: 'Unable to connect to the server: dial tcp: lookup nosuch.invalid: no such host',
  },
  {
    section: '8',
    name: 'https to a server of http',
    api: http,
    given: (api) => ({ config: kubeconfig({ cluster: { server: `https://127.0.0.1:${api.port}` }, user: { token: secret('u') } }) }),
    fails: 'http: server gave HTTP response to HTTPS client',
  },
];
