import { ClusterError } from '../../errors.ts';
import { LIMITS } from '../limits.ts';
import type { WireAnswer, WireRequest } from './exchange.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What is sent besides the headers that name us. */
export type Step = Pick<WireRequest, 'method' | 'target' | 'body'>;

/** Follows redirects within `origin` as Go's http.Client, which gives up after ten requests; to another origin our credentials do not go. */
export async function withRedirects(first: Step, origin: URL, send: (step: Step) => Promise<WireAnswer>): Promise<WireAnswer> {
  let step = first;
  for (let redirects = 0; ; redirects++) {
    const answer = await send(step);
    const location = REDIRECTS.has(answer.status) ? answer.headers.location : undefined;
    if (location === undefined) return answer;
    if (redirects + 1 >= LIMITS.redirects) throw new ClusterError('UnexpectedResponse', `stopped after ${LIMITS.redirects} redirects`);
    step = nextStep(step, answer.status, targetOf(location, step, origin));
  }
}

function targetOf(location: string, { target }: Step, origin: URL): string {
  const from = new URL(target, origin).href;
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (!to) throw new ClusterError('UnexpectedResponse', 'the server redirects to what is no URL');
  if (to.origin !== origin.origin)
    throw new ClusterError('UnexpectedResponse', `the server redirects to another place, ${to.origin}, where no credentials are sent`);
  return `${to.pathname}${to.search}`;
}

function nextStep(step: Step, status: number, target: string): Step {
  const keeps = status === 307 || status === 308 || step.method === 'GET';
  return keeps ? { ...step, target } : { method: 'GET', target, body: undefined };
}
