import { settled } from '../../async/settled.ts';
import { ClusterError } from '../../errors.ts';
import type { ListResult } from '../cluster.ts';
import { LIMITS } from '../limits.ts';

/** One page of a list, already mapped. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; `''` after the last. */
  readonly next: string;
  /** Of the answer that it came in. */
  readonly bytes: number;
}

/** The query of one page: `limit` and `continue`, never a resourceVersion, which a continued list may not have. */
export type PageQuery = Readonly<Record<string, string>>;

/**
 * All pages of a list, as https://github.com/kubernetes/client-go/blob/master/tools/pager/pager.go. If the server has forgotten
 * the state that later pages continue from, what is there is discarded and all is asked for at once. Rejects if the first page
 * fails; a later failure leaves what came before, and is reported beside it.
 */
export async function allPages<T>(chunkSize: number, fetchPage: (query: PageQuery) => Promise<Page<T>>): Promise<ListResult<T>> {
  const limit: PageQuery = chunkSize > 0 ? { limit: String(chunkSize) } : {};
  const first = await fetchPage(limit);
  const items = [...first.items];
  let { next, bytes } = first;
  for (let page = 2; next !== ''; page++) {
    const more = await settled(following({ page, start: next, items: items.length, bytes }, limit, fetchPage), isFailedPage);
    if (more instanceof ClusterError) return isExpired(more) ? wholeList(items, fetchPage) : { items, failure: more };
    for (const item of more.items) items.push(item);
    next = more.next;
    bytes += more.bytes;
  }
  return { items };
}

function tooLong(what: string): ClusterError {
  return new ClusterError('UnexpectedResponse', `the list ${what}`, { hint: 'Ask for less: one namespace, or a selector.' });
}

/** How far a list has been read. */
interface Progress {
  readonly page: number;
  /** Of the next page. */
  readonly start: string;
  readonly items: number;
  readonly bytes: number;
}

async function following<T>(
  { page, start, items, bytes }: Progress,
  limit: PageQuery,
  fetchPage: (query: PageQuery) => Promise<Page<T>>,
): Promise<Page<T>> {
  if (page > LIMITS.pages) throw tooLong(`does not end after ${LIMITS.pages} pages`);
  const fetched = await fetchPage({ ...limit, continue: start });
  if (fetched.next === start)
    throw new ClusterError('UnexpectedResponse', 'the list does not go on: the server gave the same continue token twice');
  if (items + fetched.items.length > LIMITS.items) throw tooLong(`has more than ${LIMITS.items} items`);
  if (bytes + fetched.bytes > LIMITS.listBytes) throw tooLong(`is larger than ${LIMITS.listBytes} bytes`);
  return fetched;
}

async function wholeList<T>(partial: readonly T[], fetchPage: (query: PageQuery) => Promise<Page<T>>): Promise<ListResult<T>> {
  const whole = await settled(fetchPage({}), isFailedPage);
  if (whole instanceof ClusterError) return { items: partial, failure: whole };
  if (whole.next === '') return { items: whole.items };
  const failure = new ClusterError('UnexpectedResponse', 'the server gave a part of the list where it was asked for all of it');
  return { items: whole.items, failure };
}

/** `Expired` is a Gone with this reason; other Gones are final. */
function isExpired({ code, reason }: ClusterError): boolean {
  return code === 410 && reason === 'Expired';
}

/** Ctrl-C ends the command, whatever has arrived. */
function isFailedPage(error: unknown): error is ClusterError {
  return error instanceof ClusterError && error.reason !== 'Interrupted';
}
