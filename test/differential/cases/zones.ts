import { type Case, type Given, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';

/** An IPv6 address of the loopback interface, written with a zone. */
function zone(name: string, host: string, cluster: object, expected: Pick<Case, 'sees' | 'fails'>, env?: Given['env']): Case {
  return {
    section: '2.6',
    name,
    api: { listenOn: '::1' },
    needs: 'IPv6',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({
        cluster: { ...clusterOf(api), server: `https://${host}:${api.port}`, ...cluster },
        user: { token: secret('u') },
      }),
      ...(env && { env }),
    }),
    ...expected,
  };
}

const insecure = { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true };
/** Link-local IPv6 addresses, with the network that they are of: RFC 6874. */
export const zoneCases: readonly Case[] = [
  zone('an IPv6 address with a zone', '[::1%25lo]', insecure, { sees: { serverName: undefined } }),
  zone('a zone that is none of this machine', '[::1%25nope0]', insecure, { sees: { serverName: undefined } }),
  zone('no certificate is for an address with a zone', '[::1%25lo]', {}, { fails: 'not ::1%lo' }),
  zone(
    'tls-server-name for an address with a zone',
    '[::1%25lo]',
    { 'tls-server-name': 'api.example.test' },
    { sees: { serverName: 'api.example.test' } },
  ),
  zone('an empty zone', '[::1%25]', insecure, { fails: 'error: host must be a URL or a host:port pair: "https://[::1%25]:' }),
  zone('an escaped slash in a zone', '[::1%25lo%2f]', insecure, {
    fails: 'error: host must be a URL or a host:port pair: "https://[::1%25lo%2f]:',
  }),
  zone(
    'loopback with a zone needs no proxy',
    '[::1%25lo]',
    insecure,
    { sees: { serverName: undefined } },
    {
      HTTPS_PROXY: 'http://127.0.0.1:1',
    },
  ),
  {
    section: '5',
    name: 'a proxy is asked for the address with its zone',
    needs: 'IPv6',
    given: async (api, { proxy }) => {
      const { url } = await proxy('proxy', { leadsTo: api.port });
      const cluster = { ...insecure, server: 'https://[fe80::1%25eth0]:6443' };
      return { config: kubeconfig({ cluster, user: { token: secret('u') } }), env: { HTTPS_PROXY: url } };
    },
    sees: { authorization: `Bearer ${secret('u')}` },
  },
  {
    section: '5',
    name: 'NO_PROXY has the address without its zone',
    needs: 'IPv6',
    given: async (api, { proxy }) => {
      const { url } = await proxy('proxy', { leadsTo: api.port });
      const cluster = { ...insecure, server: 'https://[fe80::1%25lo]:6443' };
      return { config: kubeconfig({ cluster, user: { token: secret('u') } }), env: { HTTPS_PROXY: url, NO_PROXY: 'fe80::/10' } };
    },
    fails: 'Unable to connect to the server: dial tcp [fe80::1%lo]:6443: ',
  },
];
