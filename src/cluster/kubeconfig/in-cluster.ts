import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Environment } from './files.ts';

/** Where a pod finds its service account. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InCluster {
  readonly url: URL;
  readonly tokenFile: string;
  /** May be missing or hold no certificate: then the system's roots count. */
  readonly certificateAuthority: string;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === false;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What a pod's service account gives; undefined outside a pod. https://github.com/kubernetes/client-go/blob/master/rest/config.go */
export function inCluster(env: Environment, folder: string): InCluster | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  const tokenFile = join(folder, 'token');
  if (!host || !port || !isFile(tokenFile)) return undefined;
  const url = URL.parse(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  if (url === null) return undefined;
  return {
    url,
    tokenFile,
    certificateAuthority: join(folder, 'ca.crt'),
  };
}

/** The namespace of the pod. Ask only where `inCluster` is possible. */
export function podNamespace(env: Environment, folder: string): string {
  return env.POD_NAMESPACE || readIfThere(join(folder, 'namespace')).trim() || 'default';
}
