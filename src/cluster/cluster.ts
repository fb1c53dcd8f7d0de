import type { Discovery, KubeObject, ResourceType } from '../domain/kubernetes/resource.ts';
import type { ClusterError } from '../errors.ts';

interface ListOptions {
  /** Absent: all namespaces, or a cluster-scoped kind. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects a page; 0 asks for all at once. 500 if absent, as kubectl. */
  readonly chunkSize?: number | undefined;
}

export interface ListResult<T> {
  readonly items: readonly T[];
  /** Set if a page after the first failed: `items` is then not the whole list. */
  readonly failure?: ClusterError | undefined;
}

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
  /** Sent as `Impersonate-User` and nothing else, in place of the connection's own impersonation. */
  readonly impersonateUser?: string | undefined;
}

interface ApplyOptions {
  readonly namespace?: string | undefined;
  /** All but storing it: authorization, admission, and the protection against escalation. */
  readonly dryRun: true;
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
