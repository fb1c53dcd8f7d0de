import type { CertificateAndKey } from '../../tools/certificates.ts';
import type { ApiOptions, ApiServer } from './api-recorder.ts';
import type { SeenRequest } from './observation.ts';
import type { Pki } from './pki.ts';
import type { World } from './world.ts';

/** Text, bytes, an object for JSON, or something stranger to find at a path. */
export type FileContent =
  | string
  | Buffer
  | { readonly json: unknown; readonly mode?: number }
  | { readonly text: string; readonly mode: number }
  | { readonly folder: true }
  | { readonly linkTo: string };

/** What both programs are given. `DIR` in paths, values and flags stands for the case's folder. */
export interface Given {
  /** Content of `$HOME/.kube/config`. */
  readonly config?: FileContent;
  /** By path below the case's folder, which is the working folder too; HOME is `home`. */
  readonly files?: Readonly<Record<string, FileContent>>;
  /** Added to HOME and PATH; undefined takes away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly flags?: readonly string[];
  /** Files of `/var/run/secrets/kubernetes.io/serviceaccount`, seen by the programs only. */
  readonly serviceAccount?: Readonly<Record<string, string>>;
  /** Even root may read only what its mode allows. */
  readonly withoutPrivileges?: boolean;
  /** Paths of files to compare after the run. */
  readonly watch?: readonly string[];
}

export type Need = 'IPv6' | 'service account' | 'IPv6 and service account' | 'file permissions';

export interface ApiSetup extends Partial<Omit<ApiOptions, 'label' | 'tls' | 'note'>> {
  /** Plain http. */
  readonly http?: boolean;
  /** In place of the ordinary server certificate. */
  readonly certificate?: (pki: Pki) => CertificateAndKey | Promise<CertificateAndKey>;
  /** The client must show a certificate of the root authority. */
  readonly requiresClientCertificate?: boolean;
}

/** How a program fails: a text that its stderr holds, with `DIR` for the folder and `HOST` for `127.0.0.1:PORT`. */
interface Expectation {
  /** What the server must have been shown by the last request. */
  readonly sees?: Partial<SeenRequest>;
  /** A text that its stdout holds. */
  readonly prints?: string;
  /** Absent: the call must succeed. */
  readonly fails?: string;
}

export interface Case extends Expectation {
  /** Of docs/connection.md. */
  readonly section: string;
  /** The rule, as a sentence. */
  readonly name: string;
  readonly api?: ApiSetup;
  readonly given: (api: ApiServer, world: World) => Given | Promise<Given>;
  /** Nothing is expected but that both do the same, and fail with the same message. */
  readonly agrees?: true;
  /** Ours departs on purpose: an entry of docs/differences.md, and what ours does instead. */
  readonly differs?: { readonly id: string } & Expectation;
  readonly needs?: Need;
}

export interface Entries {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
  /** Top-level keys to add or replace. */
  readonly top?: object;
}

/** A kubeconfig of one cluster `c`, user `u` and current context `x` in namespace `team`. */
export function kubeconfig({ cluster = {}, user = {}, context = {}, top = {} }: Entries): { readonly json: object } {
  return {
    json: {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'team', ...context } }],
      'current-context': 'x',
      ...top,
    },
  };
}
