import type { Agent, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import type { Deadline } from '../../async/deadline.ts';
import { ClusterError } from '../../errors.ts';
import { brokenBody, cutShort, gzipFault } from './body.ts';
import { type ExchangeOptions, headOf, send, type WireAnswer, type WireRequest, wholeAnswer } from './exchange.ts';

/** An answer of which the head is there, and the body is still coming. */
export interface OpenAnswer extends WireAnswer {
  /** The body as it comes, unpacked: `body` is empty then. Absent if there is no stream of JSON: `body` is all of it. Rejects with a ClusterError. */
  readonly chunks?: AsyncIterable<Buffer> & { readonly close: () => void };
}

/** Sends one request. Only a success is left open. */
export async function openExchange(agent: Agent, wire: WireRequest, options: ExchangeOptions): Promise<OpenAnswer> {
  const answer = await send(agent, wire, options);
  if (!isStream(answer)) return wholeAnswer(answer, options);
  const chunks = { [Symbol.asyncIterator]: () => chunksOf(answer), close: () => answer.destroy() };
  return { ...headOf(answer), body: Buffer.alloc(0), chunks };
}

function isStream({ statusCode, headers }: IncomingMessage): boolean {
  return statusCode === 200 && /^(?:$|application\/json\b)/i.test(headers['content-type'] ?? '');
}

async function* chunksOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of await unpacked(answer)) yield chunk as Buffer;
  } catch (error) {
    throw streamFault(error);
  } finally {
    answer.destroy();
  }
  if (!answer.complete) throw cutShort();
}

/** Not asked for, but a gateway may pack what it passes on. */
async function unpacked(answer: IncomingMessage): Promise<AsyncIterable<unknown>> {
  if (answer.headers['content-encoding']?.toLowerCase() !== 'gzip') return answer;
  const { constants, createGunzip } = await import('node:zlib');
  // What has arrived is unpacked at once, not when a block is full.
  const gunzip = createGunzip({ flush: constants.Z_SYNC_FLUSH });
  return pipeline(answer, gunzip, () => undefined);
}

function streamFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ClusterError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return code.startsWith('Z_') ? gzipFault(error, 0) : brokenBody(error);
}

interface Closing {
  readonly deadline: Deadline;
  readonly ended: AbortSignal;
  /** The failure to report in place of one that a stream had: the limit of time or an interruption may be behind it. */
  readonly failure: (error: unknown) => unknown;
}

/** Keeps the limit of time until the answer is read or closed, and ends it where `ended` says so. */
export async function untilClosed(opening: Promise<OpenAnswer>, { deadline, ended, failure }: Closing): Promise<OpenAnswer> {
  const end = () => deadline.abort(ended.reason);
  if (ended.aborted) end();
  ended.addEventListener('abort', end, { once: true });
  const release = () => {
    deadline.clear();
    ended.removeEventListener('abort', end);
  };
  let answer: OpenAnswer | undefined;
  try {
    answer = await opening;
  } finally {
    if (answer?.chunks === undefined) release();
  }
  const { chunks } = answer;
  if (chunks === undefined) return answer;
  const close = () => {
    release();
    chunks.close();
  };
  return { ...answer, chunks: { [Symbol.asyncIterator]: () => released(chunks, release, failure), close } };
}

async function* released(chunks: AsyncIterable<Buffer>, release: () => void, failure: Closing['failure']): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    throw failure(error);
  } finally {
    release();
  }
}
