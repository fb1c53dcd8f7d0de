import type { Discovery } from '../../kubernetes/resource.ts';
import type { AccessRequest } from '../access-review.ts';
import type { KnownKind } from '../grant.ts';
import type { RbacGraph } from '../rbac-graph.ts';
import type { Asker } from './subject-gap.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Which kinds could be read: what was not read is neither there nor missing. */
export interface ReadKinds {
  readonly clusterRoles: boolean;
  readonly clusterRoleBindings: boolean;
  /** `all`, or the namespaces that could be read. */
  readonly roles: 'all' | readonly string[];
  readonly roleBindings: 'all' | readonly string[];
}

export interface NearMissQuestion {
  readonly request: AccessRequest;
  readonly asker: Asker;
  /** Absent for a URL, and for a kind that is not known. */
  readonly kind?: KnownKind | undefined;
  /** Undefined if it failed. */
  readonly discovery: Discovery | undefined;
  readonly read: ReadKinds;
}

/** What the searches share. */
export interface Search extends NearMissQuestion {
  readonly graph: RbacGraph;
  readonly words: Vocabulary | undefined;
  /** Where a RoleBinding would have to be; `''` if only a ClusterRoleBinding counts. */
  readonly place: string;
}
