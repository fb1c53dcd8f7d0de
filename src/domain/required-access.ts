/** A right that a task needs, and why. `scope` is where it is asked: `namespace` means the one in use, or all with `-A`. */
export interface RequiredAccess {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly scope: 'namespace' | 'cluster';
  /** One clause, such as `to show namespaced runtimes`. */
  readonly reason: string;
}
