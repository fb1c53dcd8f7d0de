import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ClusterError } from '../../errors.ts';
import { goQuote } from '../../text/go-quote.ts';
import { LIMITS } from '../limits.ts';
import { BodyTooLarge, readBody } from './body.ts';
import type { DialOptions } from './dial.ts';
import type { HeaderLines } from './headers.ts';
import type { EarlyTcp } from './tcp/early.ts';
import { codeOf, lostConnection } from './tcp/fault.ts';
import { handshakeFault } from './tls/fault.ts';

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, or a whole URL for a proxy. */
  readonly target: string;
  readonly headers: HeaderLines;
  readonly body: Buffer | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  /** Empty if it is a failure that is larger than one may be. */
  readonly body: Buffer;
  readonly isTooLarge?: boolean;
}

/** What `send` adds to the options of a request, for `dial`: under the name `signal` Node would not hand it on to the agent. */
interface OptionsForAgent {
  readonly dialOptions: DialOptions;
}

/**
 * Keeps connections that `dial` makes, until the signal of the request that needs one is aborted. TLS or not is `dial`'s business, so that
 * `node:https` need not be loaded.
 */
export function createAgent(dial: (options: DialOptions) => Promise<Duplex>): Agent {
  // How many requests are under way is the transport's business; an answer that stays open keeps its connection.
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = (options, callback) => {
    const { dialOptions } = options as unknown as OptionsForAgent;
    const done = callback as (error: unknown, socket?: Duplex) => void;
    dial(dialOptions).then((socket) => done(null, socket), done);
    return undefined;
  };
  return agent;
}

export interface ExchangeOptions {
  /** Of the answer's body. */
  readonly mostBytes: number;
  /** What the error of a peer that speaks no HTTP shows goes through it. */
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
  /** To be used if the request needs a connection of its own. */
  readonly early?: EarlyTcp | undefined;
}

/** Sends one request and reads its answer. Rejects with a ClusterError. */
export async function exchange(agent: Agent, wire: WireRequest, options: ExchangeOptions): Promise<WireAnswer> {
  return wholeAnswer(await send(agent, wire, options), options);
}

/** Reads an answer to its end. */
export async function wholeAnswer(answer: IncomingMessage, { mostBytes }: Pick<ExchangeOptions, 'mostBytes'>): Promise<WireAnswer> {
  const head = headOf(answer);
  return isSuccess(head) ? { ...head, body: await readBody(answer, mostBytes) } : { ...head, ...(await failureBody(answer)) };
}

export function isSuccess({ status }: Pick<WireAnswer, 'status'>): boolean {
  return status >= 200 && status <= 206;
}

/** The status says that it failed whatever the body holds: with megabytes of explanation a server only keeps us busy. */
async function failureBody(answer: IncomingMessage): Promise<Pick<WireAnswer, 'body' | 'isTooLarge'>> {
  try {
    return { body: await readBody(answer, LIMITS.failureBytes) };
  } catch (error) {
    if (error instanceof BodyTooLarge) return { body: Buffer.alloc(0), isTooLarge: true };
    throw error;
  }
}

/** All but the body. */
export function headOf({ statusCode: status = 0, statusMessage: statusText = '', headers, rawHeaders }: IncomingMessage) {
  return { status, statusText, headers, rawHeaders } satisfies Omit<WireAnswer, 'body'>;
}

// Else the agent tries whether the host is an address: a regular expression that takes as long to compile as a request to send.
const NO_SERVER_NAME: object = { servername: '' };

/** Resolves when the head of the answer is there. */
export function send(agent: Agent, wire: WireRequest, { signal, redact, early }: ExchangeOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const forAgent: OptionsForAgent = { dialOptions: { signal, early } };
    const sending = httpRequest({
      ...NO_SERVER_NAME,
      ...forAgent,
      agent,
      host: 'server',
      method: wire.method,
      path: wire.target,
      headers: wire.headers,
      setHost: false,
      maxHeaderSize: LIMITS.headerBytes,
    });
    // Node's own option for this loads the whole machinery of streams.
    const abort = () => sending.destroy(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    sending.once('close', () => signal.removeEventListener('abort', abort));
    sending.once('response', resolve);
    sending.once('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new ClusterError('UnexpectedResponse', 'the server switched to another protocol, which it was not asked to (HTTP 101)'));
    });
    sending.on('error', (error) => reject(sendFault(error, sending, redact)));
    boundInformation(sending);
    sending.end(wire.body);
  });
}

function boundInformation(sending: ClientRequest): void {
  let answers = 0;
  sending.on('information', () => {
    answers++;
    if (answers > LIMITS.informationalAnswers)
      sending.destroy(new ClusterError('UnexpectedResponse', 'net/http: too many 1xx informational responses'));
  });
}

function sendFault(error: unknown, sending: ClientRequest, redact: ExchangeOptions['redact']): unknown {
  if (error instanceof ClusterError) return error;
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ClusterError('UnexpectedResponse', `net/http: server response headers exceeded ${LIMITS.headerBytes} bytes; aborted`, {
      cause: error,
    });
  if (code.startsWith('HPE_')) return malformed(error, redact);
  if (code.startsWith('ERR_SSL_')) return handshakeFault(code, error);
  return lostConnection(error, sending.reusedSocket ? 'at once' : 'later') ?? error;
}

/** Longest part of it that is shown. */
const FIRST_LINE = 80;

/** What answered is no HTTP: a TLS server asked in plain text, or something else altogether. */
function malformed(cause: unknown, redact: ExchangeOptions['redact']): ClusterError {
  const packet = cause instanceof Error && 'rawPacket' in cause && Buffer.isBuffer(cause.rawPacket) ? cause.rawPacket : Buffer.alloc(0);
  const [line = ''] = redact(packet.toString('latin1')).slice(0, FIRST_LINE).split(/\r?\n/, 1);
  const broken = 'net/http: HTTP/1.x transport connection broken: malformed';
  if (line.startsWith('HTTP/')) return new ClusterError('UnexpectedResponse', `${broken} HTTP response header`, { cause });
  return new ClusterError('WrongProtocol', `${broken} HTTP response ${goQuote(line)}`, { cause });
}
