/** A served kind, enough to build its URL. `group` is `''` for the core group. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A kind as discovery describes it. */
export interface ApiResource extends ResourceType {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
  /** Names without the parent, such as `status`. */
  readonly subresources: readonly string[];
}

/** Subresources that no server lists, yet that admission asks about. */
export const HIDDEN_SUBRESOURCES: readonly string[] = ['finalizers'];

export interface ApiVersion {
  readonly version: string;
  /** The aggregation layer could not refresh this version: its `resources` may be old or absent. */
  readonly stale: boolean;
  readonly resources: readonly ApiResource[];
}

export interface ApiGroup {
  /** `''` is the core group. */
  readonly name: string;
  /** In the server's order of preference. */
  readonly versions: readonly ApiVersion[];
}

/** What the server serves, from its discovery endpoints. */
export interface Discovery {
  readonly groups: readonly ApiGroup[];
}

export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Any object of the API, as received: only `metadata` is known to be an object. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** `plural.group`, or the plural alone in the core group: how kubectl and the server name a kind. */
export function resourceName(type: Pick<ResourceType, 'plural' | 'group'>): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** `kind.group` in lower case: how `-o name` names the kind of an object. */
export function kindName({ kind, group }: Pick<ResourceType, 'kind' | 'group'>): string {
  return resourceName({ plural: kind.toLowerCase(), group });
}
