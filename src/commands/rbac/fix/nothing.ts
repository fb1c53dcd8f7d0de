import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { AccessRequest, ResourceAccessRequest } from '../../../domain/rbac/access-review.ts';
import { type GrantedBy, grantedBy } from '../../../domain/rbac/allow-reason.ts';
import type { EditedObject } from '../../../domain/rbac/edit.ts';
import { RBAC_VERSION } from '../../../domain/rbac/grant-object.ts';
import type { AnsweredQuestion, AskAccess } from '../../../domain/rbac/question.ts';
import { LAST_APPLIED } from '../../../domain/rbac/rbac-graph.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import { RBAC_TYPES } from '../../../queries/rbac-objects.ts';
import { reviewFailure } from '../../../queries/review-failure.ts';

/** A review of the caller's own rules. */
interface Review {
  readonly apiVersion: string;
  readonly kind: 'SelfSubjectRulesReview';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly namespace: string };
}

/** An object that changes nothing when kubectl applies it. */
export type HarmlessObject = Review | EditedObject;

/**
 * What stands in the List where nothing is to be changed: `kubectl apply` fails without an object ("no objects passed to apply"). It is the binding that
 * grants the request, if kubectl applied it just as it is; else a review, of which the server keeps nothing. Undefined if the caller could apply neither.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go
 */
export async function harmlessObject(
  questions: readonly AnsweredQuestion[],
  { cluster, askSelf }: { readonly cluster: Cluster; readonly askSelf: AskAccess },
): Promise<HarmlessObject | undefined> {
  const by = questions.map(({ verdict }) => grantedBy(verdict.reason)).find((one) => one !== undefined);
  const [binding, review] = await Promise.all([
    by && appliedBinding(by, cluster),
    harmlessReview(
      questions.map(({ request }) => request),
      askSelf,
    ),
  ]);
  return binding ?? review;
}

// kubectl finds nothing to change only in an object whose annotation says so; any other gets that annotation.
async function appliedBinding({ binding: { kind, name, namespace } }: GrantedBy, cluster: Cluster): Promise<EditedObject | undefined> {
  try {
    const { metadata, roleRef, subjects } = await cluster.get(RBAC_TYPES[kind], name, { namespace });
    const place = namespace === undefined ? { name } : { name, namespace };
    const object = { apiVersion: RBAC_VERSION, kind, metadata: place, roleRef, subjects } as EditedObject;
    // `kubectl apply` always writes down annotations, if only that there are none.
    const unchanged = { ...object, metadata: { ...place, annotations: {} } };
    return isDeepStrictEqual(JSON.parse(metadata.annotations?.[LAST_APPLIED] ?? 'null'), unchanged) ? object : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) reviewFailure(error);
    return undefined;
  }
}

const REVIEWS = { group: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews', namespace: '' } as const;

// kubectl looks for the object before it creates it, and for a CustomResourceDefinition of a kind that it could not patch.
const NEEDED: readonly ResourceAccessRequest[] = [
  { verb: 'get', ...REVIEWS },
  { verb: 'list', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', namespace: '' },
];

async function harmlessReview(requests: readonly AccessRequest[], askSelf: AskAccess): Promise<Review | undefined> {
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
