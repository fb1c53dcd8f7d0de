import type { Page, PageQuery } from './pages.ts';

/** A page as it came, not read yet. */
interface Arrived<T> {
  /** Where the next page seems to start; undefined after the last, and where it is not seen at a glance. */
  readonly next: string | undefined;
  /** Throws what is wrong with it. */
  readonly read: () => Page<T>;
}

/**
 * Fetches page after page, and asks for the next one before it reads what has arrived: the server makes one while we take the other apart. No more than
 * one page is taken apart at a time. What was asked for in vain is left alone: it is a list, which changes nothing.
 */
export function readAhead<T>(fetch: (query: PageQuery) => Promise<Arrived<T>>): (query: PageQuery) => Promise<Page<T>> {
  let ahead: { readonly start: string; readonly arrived: Promise<Arrived<T>> } | undefined;
  return async (query) => {
    const arrived = await (ahead !== undefined && ahead.start === query.continue ? ahead.arrived : fetch(query));
    ahead = undefined;
    const { next: start } = arrived;
    if (start !== undefined) {
      ahead = { start, arrived: fetch({ ...query, continue: start }) };
      // It is reported to who waits for it, if anybody does.
      ahead.arrived.catch(() => undefined);
      // Reading leaves no room for anything else: until then it has to be on its way.
      await new Promise(setImmediate);
    }
    return arrived.read();
  };
}

/** Bytes at either end of a list in which its metadata are. */
const METADATA = 1024;

/**
 * Where a list seems to go on: servers write its metadata last for custom resources, first for others. It is a guess, which may be of a field of an object,
 * and whoever uses it compares it with what is read.
 */
export function likelyNext(body: Buffer): string | undefined {
  const ends = body.toString('latin1', 0, METADATA) + body.toString('latin1', Math.max(METADATA, body.length - METADATA));
  const [, rest = ''] = ends.split('"continue":"', 2);
  return rest.split('"', 1)[0] || undefined;
}
