import type { Discovery, KubeObject, ResourceType } from '../domain/kubernetes/resource.ts';
import type { ClusterError } from '../errors.ts';

interface ListOptions {
  /** Absent: all namespaces, or a cluster-scoped kind. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects a page; 0 asks for all at once. 500 if absent, as kubectl. */
  readonly chunkSize?: number | undefined;
  /** The result is to tell its version, from which a watch can go on. */
  readonly versioned?: boolean | undefined;
  /** Ask for metadata alone: of Secrets nothing else should come over the line. */
  readonly metadataOnly?: boolean | undefined;
}

export interface ListResult<T> {
  readonly items: readonly T[];
  /** Set if a page after the first failed: `items` is then not the whole list. */
  readonly failure?: ClusterError | undefined;
  /** Set if it was wanted. */
  readonly resourceVersion?: string;
}

export interface WatchOptions {
  /** As in `ListOptions`. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Of a list, or of the last event: what happened after it is told. */
  readonly resourceVersion: string;
}

/** What a watch tells: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export type WatchEvent =
  | {
      readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
      readonly object: KubeObject;
      readonly resourceVersion: string;
    }
  /** Nothing happened up to here. */
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

interface LogOptions {
  readonly namespace: string;
  readonly container: string;
  /** Of the run before the latest start of the container. */
  readonly previous: boolean;
  readonly tailLines: number;
}

interface GetOptions {
  readonly namespace?: string | undefined;
}

interface CreateOptions {
  readonly namespace?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** Refuse fields that the server does not know, as `kubectl apply` asks for. */
  readonly strict?: boolean | undefined;
  /** Sent as `Impersonate-User` and nothing else, in place of the connection's own impersonation. */
  readonly impersonateUser?: string | undefined;
}

interface ApplyOptions {
  readonly namespace?: string | undefined;
  /** All but storing it: authorization, admission, and the protection against escalation. */
  readonly dryRun: true;
  /** Refuse fields that the server does not know. */
  readonly strict?: boolean | undefined;
}

export interface DiscoverOptions {
  /** Also ask for the core group (`/api`), which costs a second request. */
  readonly core?: boolean | undefined;
}

/** What `/version` says, as far as it is used: https://pkg.go.dev/k8s.io/apimachinery/pkg/version#Info */
export interface ServerVersion {
  /** Such as `v1.37.2`. */
  readonly gitVersion: string;
  /** Go's `os/arch`. */
  readonly platform?: string | undefined;
}

/**
 * The API server, as commands see it. Every method rejects with a `ClusterError`, never resolves with an empty answer in
 * place of a failure. Implemented by `connect.ts`, and in tests by `FakeCluster`; `test/contract` holds them to the same answers.
 */
export interface Cluster {
  /** Lists page by page. `select` maps each object as its page arrives, so that a large list need not be held whole. */
  list<T = KubeObject>(type: ResourceType, options: ListOptions, select: (object: KubeObject) => T): Promise<ListResult<T>>;
  /**
   * Resolves when the server has accepted the watch. The events end when the server ends them, and reject when it fails or forgets the version (`isGone`);
   * `ended` ends them with its reason. They have to be read.
   */
  watch(type: ResourceType, options: WatchOptions, ended: AbortSignal): Promise<AsyncIterable<WatchEvent>>;
  get(type: ResourceType, name: string, options: GetOptions): Promise<KubeObject>;
  /** The last lines of what a container printed; the server cuts them off after 64 KiB. */
  podLog(pod: string, options: LogOptions): Promise<string>;
  create(type: ResourceType, object: object, options: CreateOptions): Promise<KubeObject>;
  /** Server-side apply, which needs the right to patch, and to create what is not there. */
  apply(type: ResourceType, name: string, object: object, options: ApplyOptions): Promise<KubeObject>;
  discover(options: DiscoverOptions): Promise<Discovery>;
  serverVersion(): Promise<ServerVersion>;
  /** The OpenAPI v3 document of a version of a named group: the schemas of its kinds. It may have some megabytes. */
  openApi(group: string, version: string): Promise<Readonly<Record<string, unknown>>>;
}

/** A cluster and the place in it that kubeconfig and flags name. */
export interface Connection {
  readonly cluster: Cluster;
  /** The namespace of `-n`, the context, or the pod; `default` otherwise. */
  readonly namespace: string;
  /** Absent if no context is used (in a pod, or `--server` alone). */
  readonly contextName?: string | undefined;
  /** `Warning:` headers that the server sent, for `--warnings-as-errors`. */
  readonly warningCount: () => number;
  /** Closes idle sockets, so that the process can end. */
  readonly close: () => void;
}
