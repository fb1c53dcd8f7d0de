import type { ClusterError } from '../../../errors.ts';
import type { SchemaNode } from '../../kubernetes/schema/schema-node.ts';
import type { ServerVerdict } from './server-verdict.ts';

/** What a manifest is held against. */
export interface Judgement {
  readonly verdict: ServerVerdict;
  /** Of its kind and version; undefined if nobody has it, or it is not needed. */
  readonly schema?: SchemaNode | undefined;
  /** Where the schema comes from: `cluster`, or a release such as `KServe v0.20.0`. */
  readonly schemaFrom?: string | undefined;
  /** Why the cluster's could not be read. */
  readonly schemaFailure?: ClusterError | undefined;
}
