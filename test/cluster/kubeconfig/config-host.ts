import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConnectionOptions } from '../../../src/cluster/connection-options.ts';
import { type ConfigHost, loadClientConfig } from '../../../src/cluster/credentials/client-config.ts';
import type { ClientConfig } from '../../../src/cluster/kubeconfig/client-config.ts';
import { environmentOf } from '../../../src/environment.ts';
import { ClusterError } from '../../../src/errors.ts';
import { writePlugin } from '../../support/plugin.ts';
import { revealed } from '../../support/revealed.ts';

/** A folder of one test with the files that it needs; also HOME and working folder of what the test loads. */
export interface Place {
  readonly folder: string;
  readonly path: (name: string) => string;
  /** Writes a file below the folder and gives its path. An object is written as JSON. */
  readonly write: (name: string, content: string | object, mode?: number) => string;
  /** Writes a credential plugin for any system below the folder and gives the path of what is started. */
  readonly plugin: (name: string, source: string) => string;
  readonly remove: () => void;
}

/** A host and what was written to it. */
export interface RecordingHost {
  readonly host: ConfigHost;
  readonly stderr: string[];
  readonly warnings: string[];
}

export function createPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: string | object, mode = 0o600): string => {
    const file = path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(file, mode);
    return file;
  };
  const plugin = (name: string, source: string): string => writePlugin(path(name), source);
  return { folder, path, write, plugin, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A host on this system whose environment is nothing but a HOME without files, and what is given. */
export function createHost(place: Place, { env, platform = process.platform, ...given }: Partial<ConfigHost> = {}): RecordingHost {
  const stderr: string[] = [];
  const warnings: string[] = [];
  const host: ConfigHost = {
    env: environmentOf({ HOME: place.folder, ...env }, platform),
    platform,
    cwd: place.folder,
    stdinIsTTY: false,
    stderr: (text) => stderr.push(text),
    warn: (text) => warnings.push(text),
    now: () => new Date('2026-01-02T03:04:05Z'),
    sendToProvider: () => Promise.reject(new Error('no request was expected')),
    serviceAccountFolder: place.path('serviceaccount'),
    ...given,
  };
  return { host, stderr, warnings };
}

/** A kubeconfig of one context `c` with cluster `k` and user `u`. */
export function kubeconfigOf(user: object, cluster: object = { server: 'https://server:6443' }, context: object = {}): object {
  return {
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', ...context } }],
    clusters: [{ name: 'k', cluster }],
    users: [{ name: 'u', user }],
  };
}

/** Loads with the kubeconfig given. */
export function load(
  place: Place,
  kubeconfig: string | object,
  options: ConnectionOptions = {},
  given: Partial<ConfigHost> = {},
): Promise<ClientConfig> {
  return loadClientConfig({ kubeconfig: place.write('config', kubeconfig), ...options }, createHost(place, given).host);
}

/** The ClusterError that it rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<ClusterError> {
  const outcome = await promise.then(
    () => 'success',
    (cause: unknown) => cause,
  );
  if (outcome instanceof ClusterError) return outcome;
  throw new Error(`expected a ClusterError, not ${String(outcome)}`, { cause: outcome });
}

/** `Authorization` that is sent. */
export async function authorizationOf(config: ClientConfig): Promise<string | undefined> {
  return revealed(await config.credentials.get(new AbortController().signal)).authorization;
}
