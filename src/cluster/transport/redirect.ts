import { ClusterError } from '../../errors.ts';
import { goQuote } from '../../text/go-quote.ts';
import { LIMITS } from '../limits.ts';
import type { WireAnswer, WireRequest } from './exchange.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What is sent besides the headers that name us. */
export type Step = Pick<WireRequest, 'method' | 'target' | 'body'>;

/**
 * Follows redirects of GET and HEAD, within `origin`, as Go's http.Client, which gives up after ten requests. To another origin our credentials do
 * not go, and nothing that writes is followed: the place that a server names may leave out what makes a write harmless, such as `dryRun`.
 */
export async function withRedirects<A extends WireAnswer>(first: Step, origin: URL, send: (step: Step) => Promise<A>): Promise<A> {
  let step = first;
  for (let redirects = 0; ; redirects++) {
    const answer = await send(step);
    const location = REDIRECTS.has(answer.status) ? answer.headers.location : undefined;
    if (location === undefined) return answer;
    if (step.method !== 'GET' && step.method !== 'HEAD') throw refusal(step);
    if (redirects + 1 >= LIMITS.redirects) throw new ClusterError('UnexpectedResponse', `stopped after ${LIMITS.redirects} redirects`);
    step = { ...step, target: targetOf(location, step, origin) };
  }
}

function refusal({ method }: Step): ClusterError {
  return new ClusterError(
    'UnexpectedResponse',
    `the server redirects a ${method} request, which is not followed: it may mean something else there`,
  );
}

function targetOf(location: string, { target }: Step, { origin }: URL): string {
  // Joined as text: two slashes at the start of a path would be read as a host.
  const from = `${origin}${target}`;
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (!to) throw new ClusterError('UnexpectedResponse', 'the server redirects to an invalid URL');
  if (to.protocol !== 'http:' && to.protocol !== 'https:')
    throw new ClusterError(
      'UnexpectedResponse',
      `the server redirects to ${goQuote(to.href)}, which is not followed: it is neither http nor https`,
    );
  if (to.origin !== origin)
    throw new ClusterError('UnexpectedResponse', `the server redirects to another place, ${to.origin}, where no credentials are sent`);
  return `${to.pathname}${to.search}`;
}
