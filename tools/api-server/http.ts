// Between Node's HTTP and the API: reading a request, and sending an answer as it is or as a fault wants it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { constants, gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import type { ApiRequest } from './api.ts';
import type { Fault } from './faults.ts';
import type { Watch } from './watches.ts';

/** The server compresses from 128 KiB on: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/writers.go */
const COMPRESS_FROM = 128 * 1024;

/** The whole request, headers one value a line. */
export async function readRequest(message: IncomingMessage, pathPrefix: string): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const sent = message.url ?? '/';
  const url = sent.startsWith(pathPrefix) ? sent.slice(pathPrefix.length) : sent;
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  const body = Buffer.concat(chunks).toString('utf8');
  const certificate = peerSubject(message);
  return {
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    url,
    headers: message.headersDistinct,
    body,
    certificate,
  };
}

/** Ends when all is sent, or when `signal` or the client ends it. */
export async function sendAnswer(answer: Answer, request: ApiRequest, response: ServerResponse, fault?: Fault): Promise<void> {
  const plain = Buffer.from(typeof answer.body === 'string' ? answer.body : `${JSON.stringify(answer.body)}\n`);
  const isCompressed = plain.length >= COMPRESS_FROM && (request.headers['accept-encoding'] ?? []).join(',').includes('gzip');
  const body = isCompressed ? gzipSync(plain, { level: constants.Z_BEST_SPEED }) : plain;
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': body.length,
    ...(isCompressed && { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }),
    ...answer.headers,
    ...(fault?.kind === 'headers' && fault.headers),
  });
  if (request.method === 'HEAD') response.end();
  else if (fault?.kind === 'truncate') response.write(body.subarray(0, fault.bytes), () => response.destroy());
  else if (fault?.kind === 'slow') await trickle(body, fault, response);
  else response.end(body);
}

// https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go (defaultBookmarkFrequency)
const BOOKMARK_MILLISECONDS = 60_000;
/** So long before the end of a watch a last bookmark comes. */
const LAST_BOOKMARK_MILLISECONDS = 2000;

/** Sends events, one a line, until the client goes, `timeoutSeconds` are over or the server closes. */
export function sendWatch(watch: Watch, request: ApiRequest, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
  const send = (event: object) => response.write(`${JSON.stringify(event)}\n`);
  const stop = watch.start((event) => {
    send(event);
    if ('type' in event && event.type === 'ERROR') response.end();
  });
  const milliseconds = Number(request.query.get('timeoutSeconds') ?? '0') * 1000;
  const mark = () => {
    const event = watch.bookmark?.();
    if (event !== undefined) send(event);
  };
  const timers = [
    setInterval(mark, BOOKMARK_MILLISECONDS),
    ...(milliseconds > LAST_BOOKMARK_MILLISECONDS ? [setTimeout(mark, milliseconds - LAST_BOOKMARK_MILLISECONDS)] : []),
    ...(milliseconds > 0 ? [setTimeout(() => response.end(), milliseconds)] : []),
  ];
  response.on('close', () => {
    for (const timer of timers) clearTimeout(timer);
    stop();
  });
}

async function trickle(body: Buffer, { bytes, everyMs }: Extract<Fault, { kind: 'slow' }>, response: ServerResponse): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    await delay(everyMs);
    response.write(body.subarray(at, at + bytes));
  }
  response.end();
}

/** The subject of a client certificate of our authority; any other certificate is nobody's, which is 401. */
function peerSubject({ socket }: IncomingMessage): ApiRequest['certificate'] {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  if (subject === undefined) return undefined;
  if (!socket.authorized) return 'untrusted';
  const organizations: unknown = subject.O ?? [];
  return {
    commonName: String(subject.CN),
    organizations: Array.isArray(organizations) ? organizations : [organizations],
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}
