import { escapeText } from '../../text/escape.ts';
import { shorten } from '../../text/shorten.ts';
import type { HeaderLines } from './headers.ts';
import { maskBody, maskHeader } from './redact.ts';

export interface TraceRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderLines;
  readonly body: Buffer | undefined;
}

interface TraceAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Name, value, name, value, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** What `-v` shows on stderr. Every method does nothing below its level. */
export interface Trace {
  readonly files: (read: readonly string[]) => void;
  readonly request: (request: TraceRequest) => void;
  readonly answer: (request: TraceRequest, answer: TraceAnswer, milliseconds: number) => void;
  readonly failure: (request: TraceRequest, message: string, milliseconds: number) => void;
}

/** kubectl's levels: 6 files, URL, status and time; 7 request headers; 8 answer headers and 1 KiB of bodies; 9 curl, 10 KiB; 10 all. */
export function createTrace(verbosity: number, write: (text: string) => void, redact: (text: string) => string): Trace {
  const line = (text: string) => write(`${escapeText(redact(text))}\n`);
  const headers = (title: string, pairs: readonly (readonly [string, string])[]) => {
    line(title);
    for (const [name, value] of pairs) line(`    ${name}: ${maskHeader(name, value)}`);
  };
  // Masked before it is cut: of a secret across the cut the first part would be left.
  const body = (title: string, bytes: Buffer | undefined) => {
    if (verbosity >= 8 && bytes && bytes.length > 0) line(`${title}: ${truncate(redact(maskBody(bytes.toString('utf8'))), verbosity)}`);
  };
  return {
    files: (read) => {
      for (const file of read) line(`Config loaded from file: ${file}`);
    },
    request: (request) => {
      if (verbosity >= 9) line(toCurl(request));
      if (verbosity >= 7) headers('Request Headers:', headerPairs(request.headers));
      body('Request Body', request.body);
    },
    answer: (request, answer, milliseconds) => {
      line(`${request.method} ${request.url} ${answer.status} ${answer.statusText} in ${milliseconds} milliseconds`);
      if (verbosity >= 8) headers('Response Headers:', rawPairs(answer.rawHeaders));
      body('Response Body', answer.body);
    },
    failure: (request, message, milliseconds) =>
      line(`${request.method} ${request.url} failed in ${milliseconds} milliseconds: ${message}`),
  };
}

function headerPairs(headers: HeaderLines): (readonly [string, string])[] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => [name, utf8(one)] as const));
}

function rawPairs(raw: readonly string[]): (readonly [string, string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, utf8(raw[index + 1] ?? '')] as const] : []));
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/** One that can be pasted, but for what is masked. */
function toCurl({ method, url, headers }: TraceRequest): string {
  const flags = headerPairs(headers).map(([name, value]) => `-H ${quote(`${name}: ${maskHeader(name, value)}`)}`);
  return `curl -v -X${method} ${flags.join(' ')} ${quote(url)}`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function truncate(text: string, verbosity: number): string {
  const most = verbosity >= 10 ? Number.POSITIVE_INFINITY : verbosity === 9 ? 10_240 : 1024;
  return shorten(text, most);
}
