import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Context } from '../../../command/context.ts';
import { isUrlRequest } from '../../../domain/rbac/access-review.ts';
import { holdersAnywhere, holdersOf } from '../../../domain/rbac/holders.ts';
import { type Question, questionResource } from '../../../domain/rbac/question.ts';
import { rbacGraph } from '../../../domain/rbac/rbac-graph.ts';
import { UsageError } from '../../../errors.ts';
import { type ReadableRbac, readReadableRbac, type UnreadObjects } from '../../../queries/readable-rbac.ts';
import { homesOf } from '../question/account.ts';
import { prepare } from '../question/inquiry.ts';
import type { QuestionRequest } from '../question/request.ts';
import type { FoundHolders } from './found.ts';

/** Reads what may be read of RBAC and finds all whom it grants the one request. @throws UsageError if the words are several */
export async function findHolders(context: Context, request: QuestionRequest): Promise<FoundHolders> {
  const connection = await context.connection();
  const [inquiry, rbac] = await Promise.all([
    prepare(context, request),
    readReadableRbac(connection.cluster, homesOf(request, connection), limitInFlight(REVIEWS_IN_FLIGHT)),
  ]);
  const [question, ...others] = inquiry.questions;
  if (question === undefined || others.length > 0)
    throw new UsageError('one verb, one kind and one namespace can be asked about, or all namespaces with -A');
  const graph = rbacGraph(rbac.objects);
  const anywhere = !isUrlRequest(question.request) && question.request.namespace === '' && question.kind?.namespaced !== false;
  const unread = rbac.unread.filter((one) => counts(one, question, anywhere));
  return {
    question,
    anywhere,
    holders: anywhere ? holdersAnywhere(graph, question.request) : holdersOf(graph, question.request),
    reading: unread.length === 0 ? 'whole' : readingOf(rbac),
    unread,
    warnings: [inquiry.discovery.warning, notServed(question)].filter((warning) => warning !== undefined),
    notes: inquiry.notes,
  };
}

/** Whether objects that were not read could grant the request to more. */
function counts({ kind, except = [] }: UnreadObjects, { request }: Question, anywhere: boolean): boolean {
  if (kind === 'ClusterRole' || kind === 'ClusterRoleBinding' || anywhere) return true;
  return !isUrlRequest(request) && request.namespace !== '' && !except.includes(request.namespace);
}

function readingOf({ read }: ReadableRbac): FoundHolders['reading'] {
  const some = (of: 'all' | readonly string[]): boolean => of.length > 0;
  const hasRoles = read.clusterRoles || some(read.roles);
  const hasBindings = read.clusterRoleBindings || some(read.roleBindings);
  return hasRoles && hasBindings ? 'partial' : 'nothing';
}

function notServed({ installed, request }: Question): string | undefined {
  return installed === 'no' ? `${questionResource(request)} is not installed in this cluster: what RBAC grants has no effect` : undefined;
}
