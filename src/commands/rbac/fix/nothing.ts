import type { AccessRequest, ResourceAccessRequest } from '../../../domain/rbac/access-review.ts';
import type { AskAccess } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';

const REVIEWS = { group: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews', namespace: '' } as const;

// kubectl looks for the object before it creates it, and for a CustomResourceDefinition of a kind that it could not patch.
const NEEDED: readonly ResourceAccessRequest[] = [
  { verb: 'get', ...REVIEWS },
  { verb: 'list', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', namespace: '' },
];

/** An object that changes nothing when it is created. */
export interface Review {
  readonly apiVersion: string;
  readonly kind: 'SelfSubjectRulesReview';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly namespace: string };
}

/**
 * What stands in the List where nothing is to be changed. `kubectl apply` fails without an object ("no objects passed to apply"); of this one the
 * server keeps nothing. Undefined if kubectl could not apply it as the caller.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go
 */
export async function harmlessObject(requests: readonly AccessRequest[], askSelf: AskAccess): Promise<Review | undefined> {
  const answers = await Promise.all(NEEDED.map(askSelf));
  if (answers.some(({ verdict }) => answerOf(verdict) !== 'yes')) return undefined;
  const namespaces = requests.flatMap((request) => ('namespace' in request && request.namespace !== '' ? [request.namespace] : []));
  return {
    apiVersion: `${REVIEWS.group}/v1`,
    kind: 'SelfSubjectRulesReview',
    metadata: { name: 'nothing-to-fix' },
    spec: { namespace: namespaces[0] ?? 'default' },
  };
}
