import type { IncomingMessage } from 'node:http';
import { ClusterError } from '../../errors.ts';
import { parseExactly, rawNumber } from '../../text/raw-json.ts';
import { LIMITS } from '../limits.ts';
import { ConnectionLost, lostConnection } from './tcp/fault.ts';

/** Reads an answer to its end, unzipped. Rejects with a ClusterError if it is cut short, too large or no gzip. */
export async function readBody(answer: IncomingMessage, most: number): Promise<Buffer> {
  const bytes = await collect(answer, most);
  return answer.headers['content-encoding']?.toLowerCase() === 'gzip' && bytes.length > 0 ? gunzip(bytes, most) : bytes;
}

function collect(answer: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: ClusterError) => {
      answer.on('error', () => undefined);
      answer.destroy();
      reject(error);
    };
    if (Number(answer.headers['content-length']) > most) {
      fail(new BodyTooLarge(most));
      return;
    }
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) fail(new BodyTooLarge(most));
      else chunks.push(chunk);
    });
    answer.once('end', () => (answer.complete ? resolve(Buffer.concat(chunks, size)) : fail(cutShort())));
    answer.once('error', (error) => fail(brokenBody(error)));
  });
}

export function brokenBody(error: Error): ClusterError {
  if (error.message === 'aborted') return cutShort(error);
  return lostConnection(error, 'never') ?? new ClusterError('UnexpectedResponse', 'malformed HTTP response body', { cause: error });
}

export function cutShort(cause?: unknown): ClusterError {
  return new ConnectionLost('unexpected EOF', 'never', { cause });
}

const ASK_FOR_LESS = 'Ask for less: one namespace, a selector, or smaller pages with --chunk-size.';

/** More bytes came, or were announced, than are read. */
export class BodyTooLarge extends ClusterError {
  constructor(most: number) {
    super('UnexpectedResponse', `the server's response is larger than ${most} bytes`, { hint: ASK_FOR_LESS });
  }
}

async function gunzip(bytes: Buffer, most: number): Promise<Buffer> {
  const zlib = await import('node:zlib');
  return new Promise((resolve, reject) => {
    zlib.gunzip(bytes, { maxOutputLength: most }, (error, unzipped) => {
      if (!error) resolve(unzipped);
      else reject(gzipFault(error, most));
    });
  });
}

export function gzipFault(error: NodeJS.ErrnoException, most: number): ClusterError {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') return new BodyTooLarge(most);
  if (error.code === 'Z_BUF_ERROR') return cutShort(error);
  return new ClusterError('UnexpectedResponse', 'gzip: invalid header', { cause: error });
}

/**
 * The value of a JSON body, with all its texts and names as `redact` leaves them; of large integers `rawNumber` gives the digits. Throws a ClusterError;
 * invalid UTF-8 becomes U+FFFD, as in Go.
 */
export function parseJson(body: Buffer, redact: (text: string) => string = (text) => text): unknown {
  const text = body.toString('utf8');
  const excess = excessOf(text);
  if (excess) throw excess;
  const value = parseExactly(text);
  // Whatever is done to a text later, and wherever it is cut: there is no secret in it any more.
  return redact(text) === text ? value : redactValue(value, redact);
}

function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact));
  if (typeof value !== 'object' || value === null || rawNumber(value) !== undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [redact(name), redactValue(field, redact)]));
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/**
 * The failure of a JSON text that is beyond a bound, undefined if it is not. Brackets outside strings may not nest too deep, as what recurses over the value
 * later would exhaust the stack, and values may not be too many, as each costs far more memory than text.
 */
export function excessOf(text: string): ClusterError | undefined {
  if (isSurelyWithin(text)) return undefined;
  let depth = 0;
  let values = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    depth += step(code);
    values += startsValue(code);
    if (depth > LIMITS.jsonDepth) return tooDeep();
    if (values > LIMITS.jsonValues) return tooMany();
  }
  return undefined;
}

/**
 * Tells of most answers, which are small, without a loop over each character: that costs most before it has been compiled. Saves 6 % of the
 * processor time of `runtimes list`.
 */
function isSurelyWithin(text: string): boolean {
  if (text.length > LIMITS.jsonValues) return false;
  let brackets = 0;
  for (const bracket of ['{', '['])
    for (let index = text.indexOf(bracket); index !== -1; index = text.indexOf(bracket, index + 1)) {
      brackets++;
      if (brackets > LIMITS.jsonDepth) return false;
    }
  return true;
}

function tooDeep(): ClusterError {
  return new ClusterError('UnexpectedResponse', `the server's response nests deeper than ${LIMITS.jsonDepth} levels`);
}

function tooMany(): ClusterError {
  return new ClusterError('UnexpectedResponse', `the server's response has more than ${LIMITS.jsonValues} values`, { hint: ASK_FOR_LESS });
}

/** What a character outside strings adds to the nesting. */
function step(code: number): number {
  if (code === 0x7b || code === 0x5b) return 1;
  return code === 0x7d || code === 0x5d ? -1 : 0;
}

function startsValue(code: number): number {
  return code === COMMA || code === 0x7b || code === 0x5b ? 1 : 0;
}

/** Where the string that starts at `start` ends: at its quote, or behind the text. Linear over all strings of a text. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (index - first) % 2 === 1;
}
