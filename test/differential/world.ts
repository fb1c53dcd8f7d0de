import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiServer, startApi } from './api-recorder.ts';
import type { ApiSetup } from './case.ts';
import { type IdentityProvider, type IdentityProviderOptions, startIdentityProvider } from './identity-provider.ts';
import type { SeenProxying, SeenRequest } from './observation.ts';
import type { Pki } from './pki.ts';
import { type ProxyOptions, type ProxyServer, startProxy } from './proxy-recorder.ts';
import { startSocks } from './socks-recorder.ts';

/** The servers and the folder of one case. */
export interface World {
  readonly pki: Pki;
  /** The case's folder, as `DIR` stands for. */
  readonly folder: string;
  /** The cluster entry of an API server: its URL and the root authority. */
  readonly clusterOf: (api: ApiServer) => { readonly server: string; readonly 'certificate-authority-data': string };
  readonly api: (label: string, setup?: ApiSetup) => Promise<ApiServer>;
  readonly proxy: (label: string, options: Omit<ProxyOptions, 'label' | 'tls'> & { readonly https?: boolean }) => Promise<ProxyServer>;
  readonly socks: (label: string, options: { readonly leadsTo: number }) => Promise<ProxyServer>;
  readonly identityProvider: (options: Omit<IdentityProviderOptions, 'tls'>) => Promise<IdentityProvider>;
  readonly requests: () => readonly SeenRequest[];
  readonly proxying: () => readonly SeenProxying[];
  readonly identityProviderSaw: () => readonly string[];
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

/** Makes an empty world; servers join it as a case asks for them. */
export async function createWorld(pki: Pki): Promise<World> {
  const apis: ApiServer[] = [];
  let requests: SeenRequest[] = [];
  const proxies: ProxyServer[] = [];
  const providers: IdentityProvider[] = [];
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'differential-')));
  const all = () => [...apis, ...proxies, ...providers];
  return {
    pki,
    folder,
    clusterOf: (api) => ({ server: api.url, 'certificate-authority-data': base64(pki.root.certificate) }),
    api: async (label, { http = false, certificate, requiresClientCertificate = false, ...options } = {}) => {
      const pair = (await certificate?.(pki)) ?? pki.server;
      const required = requiresClientCertificate ? { clientCertificateFrom: pki.root.certificate } : {};
      return keep(
        apis,
        await startApi({
          ...options,
          label,
          note: (request) => requests.push(request),
          ...(http ? {} : { tls: { ...pair, ...required } }),
        }),
      );
    },
    proxy: async (label, { https = false, ...options }) =>
      keep(proxies, await startProxy({ ...options, label, ...(https ? { tls: pki.server } : {}) })),
    socks: async (label, options) => keep(proxies, await startSocks({ label, ...options })),
    identityProvider: async (options) => keep(providers, await startIdentityProvider({ ...options, tls: pki.server })),
    requests: () => requests,
    proxying: () => proxies.flatMap((proxy) => proxy.seen()),
    identityProviderSaw: () => providers.flatMap((provider) => provider.seen()),
    reset: () => {
      requests = [];
      for (const server of all()) server.reset();
    },
    close: async () => {
      await Promise.all(all().map((server) => server.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Base64 of a text, for the `…-data` fields. */
export function base64(text: string | Buffer): string {
  return Buffer.from(text).toString('base64');
}

function keep<T>(list: T[], server: T): T {
  list.push(server);
  return server;
}
