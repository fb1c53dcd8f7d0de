import { type Deadline, startDeadline, unlessAborted, type Wait, wait } from '../../async/deadline.ts';
import { ClusterError, messageOf } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { formatGoDuration } from '../../text/go-duration.ts';
import type { Secret } from '../../text/secret.ts';
import type { Secrets } from '../../text/secrets.ts';
import type { ClientConfig, Credential, Impersonation } from '../kubeconfig/client-config.ts';
import { LIMITS } from '../limits.ts';
import { createConnections } from './connections.ts';
import { exchange, type WireAnswer } from './exchange.ts';
import { createGate } from './gate.ts';
import { requestHeaders } from './headers.ts';
import { blamingCredentials, explain } from './hints.ts';
import type { OpenAnswer } from './open-answer.ts';
import { unusedProxyNote } from './proxy/proxy.ts';
import { addKey, createRedactor } from './redact.ts';
import { type Step, withRedirects } from './redirect.ts';
import { withRetries } from './retry.ts';
import type { EarlyTcp } from './tcp/early.ts';
import type { Trace, TraceRequest } from './trace.ts';
import { createWarnings } from './warnings.ts';

/** A request below the server's URL. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Escaped, from `/api` or `/apis` on. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `application/json` if absent. */
  readonly contentType?: string;
  readonly accept?: string;
  /** A write that changes nothing and may be sent twice. */
  readonly repeatable?: boolean;
  /** In place of the configuration's. */
  readonly impersonation?: Impersonation;
  /** The answer is to come as it is made, not packed. */
  readonly isOpen?: boolean;
}

export interface Transport {
  /** Any answer of the server, whatever its status. Rejects with a ClusterError. */
  readonly request: (request: ApiRequest) => Promise<WireAnswer>;
  /**
   * The same for an answer that goes on, such as that of a watch. The limit of time is on all of it. `ended` ends it with its reason, also before it
   * began; whoever gets `chunks` has to read or close them.
   */
  readonly open: (request: ApiRequest, ended: AbortSignal) => Promise<OpenAnswer>;
  /** Text of the server without the secrets in use. */
  readonly redact: (text: string) => string;
  /** The error with a next step that the configuration tells. */
  readonly explain: (error: ClusterError) => ClusterError;
  readonly warningCount: () => number;
  readonly close: () => void;
}

export interface TransportOptions {
  readonly config: ClientConfig;
  readonly env: Host['env'];
  readonly platform: NodeJS.Platform;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly userAgent: string;
  /** Sent as `Kubectl-Command`. */
  readonly commandName?: string | undefined;
  /** Where warnings and traces go: stderr. */
  readonly write: (text: string) => void;
  readonly verbosity: number;
  /** Those of the whole run; if absent, what is sent. */
  readonly secrets?: Secrets | undefined;
  readonly wait?: Wait;
  /** Of one answer; `LIMITS.bodyBytes` if absent. */
  readonly mostBodyBytes?: number;
}

/** Talks to one API server as one identity, on few kept-alive connections. Nothing is sent before the first request. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const { config, write } = options;
  const redactor = createRedactor(options.secrets);
  addKey(config.tls.clientCertificate?.key, options.secrets);
  const warnings = createWarnings(write, redactor.redact);
  const trace = await loadTrace(options, redactor.redact);
  trace?.files(config.files.read);
  const gate = createGate();
  const connections = createConnections(options, gate.widen);

  const surroundings = { now: options.now, proxyNote: () => unusedProxyNote(config, options.env) };
  const explained = (error: ClusterError) => explain(error, config, redactor.redact, surroundings);

  let hasCredentials = config.credentials.isAtHand === true;

  const sendNow = async <A extends WireAnswer>(send: Send<A>, { request, step, used, signal, early }: Attempt): Promise<A> => {
    // As kubectl, before a plugin runs or an identity provider is asked.
    await unlessAborted(connections.check(), signal);
    const credential = await unlessAborted(config.credentials.get(signal), signal);
    used.credential = credential;
    hasCredentials = true;
    redactor.add(credential.authorization);
    addKey(credential.clientCertificate?.key, options.secrets);
    const { agent, proxyAuthorization, absoluteForm } = connections.open(credential);
    redactor.add(proxyAuthorization);
    const headers = headersOf(options, request, step, credential, absoluteForm ? proxyAuthorization : undefined);
    const url = `${config.url.origin}${step.target}`;
    const traced = { method: step.method, url, headers, body: step.body };
    const sent = send(
      agent,
      { ...step, headers, target: absoluteForm ? url : step.target },
      { mostBytes: options.mostBodyBytes ?? LIMITS.bodyBytes, redact: redactor.redact, signal, early },
    );
    const answer = await observed(unlessAborted(sent, signal), traced, trace, options.now);
    warnings.handle(answer.headers.warning === undefined ? [] : warningValues(answer.rawHeaders));
    return answer;
  };

  // To connect takes as long over a far line as it takes us to load what goes over it. A plugin that asks people would leave the server waiting.
  const openEarly = async (signal: AbortSignal) => {
    const early = gate.isAnswered() || !config.credentials.isAtHand ? undefined : connections.openEarly(signal);
    // Node connects when nothing else is to be done at once.
    if (early !== undefined) await new Promise((resolve) => setImmediate(resolve));
    return early;
  };

  const sendOnce = <A extends WireAnswer>(send: Send<A>, attempt: Attempt) =>
    gate.limit(async () => {
      attempt.signal.throwIfAborted();
      const early = await openEarly(attempt.signal);
      return sendNow(send, { ...attempt, early }).finally(() => early?.discard());
    });

  const inTime = (error: unknown, { signal }: Deadline): unknown => {
    const known: unknown = signal.aborted ? signal.reason : error;
    if (!(known instanceof ClusterError)) return known;
    return explained(known.reason === 'RequestTimedOut' && !hasCredentials ? blamingCredentials(known, config) : known);
  };

  const answered = <A extends WireAnswer>(send: Send<A>, request: ApiRequest, deadline: Deadline): Promise<A> => {
    const { signal } = deadline;
    const repeatable = request.method === 'GET' || request.repeatable === true;
    const first = firstStep(config, request);
    const used: Used = { credential: undefined };
    const follow = () => withRedirects(first, config.url, (step) => sendOnce(send, { request, step, used, signal }));
    const once = withRefresh(follow, config, used);
    return withRetries(once, { repeatable, wait: options.wait ?? wait, signal }).catch((error: unknown) => {
      throw inTime(error, deadline);
    });
  };

  const request = (request: ApiRequest): Promise<WireAnswer> => {
    const deadline = startDeadline(config.requestTimeout, options.signal);
    return answered(exchange, request, deadline).finally(deadline.clear);
  };

  const open = async (request: ApiRequest, ended: AbortSignal): Promise<OpenAnswer> => {
    const { openExchange, untilClosed } = await import('./open-answer.ts');
    const deadline = startDeadline(config.requestTimeout, options.signal);
    const opened = answered(openExchange, { ...request, isOpen: true }, deadline);
    return untilClosed(opened, { deadline, ended, failure: (error) => inTime(error, deadline) });
  };
  return { request, open, redact: redactor.redact, explain: explained, warningCount: warnings.count, close: connections.close };
}

/** One exchange of a request and what comes back. */
type Send<A> = (...parameters: Parameters<typeof exchange>) => Promise<A>;

async function loadTrace({ verbosity, write }: TransportOptions, redact: (text: string) => string): Promise<Trace | undefined> {
  if (verbosity < 6) return undefined;
  const { createTrace } = await import('./trace.ts');
  return createTrace(verbosity, write, redact);
}

function headersOf(
  options: TransportOptions,
  request: ApiRequest,
  step: Step,
  credential: Credential,
  proxyAuthorization: Secret | undefined,
) {
  const { config, userAgent, commandName } = options;
  return requestHeaders({
    host: config.url.host,
    userAgent,
    accept: request.accept ?? 'application/json',
    compression: config.compression && request.isOpen !== true,
    body: step.body,
    contentType: request.contentType,
    credential,
    impersonation: request.impersonation ?? config.impersonation,
    commandName,
    proxyAuthorization,
  });
}

function firstStep({ url, requestTimeout }: ClientConfig, { method, path, query, body }: ApiRequest): Step {
  const timeout = requestTimeout === undefined ? {} : { timeout: formatGoDuration(requestTimeout) };
  const parameters = new URLSearchParams({ ...query, ...timeout }).toString();
  const target = `${url.pathname.replace(/\/$/, '')}${path}${parameters === '' ? '' : `?${parameters}`}`;
  return { method, target, body: body === undefined ? undefined : Buffer.from(body) };
}

/** What the latest attempt of one request has sent. */
interface Used {
  credential: Credential | undefined;
}

interface Attempt {
  readonly request: ApiRequest;
  readonly step: Step;
  readonly used: Used;
  readonly signal: AbortSignal;
  readonly early?: EarlyTcp | undefined;
}

/** After a 401 asks for other credentials, and if there are some tries once more. */
function withRefresh<A extends WireAnswer>(attempt: () => Promise<A>, { credentials }: ClientConfig, used: Used): () => Promise<A> {
  let refreshed = false;
  return async () => {
    const answer = await attempt();
    if (answer.status !== 401 || refreshed || !credentials.refresh?.(used.credential)) return answer;
    refreshed = true;
    return attempt();
  };
}

async function observed<A extends WireAnswer>(
  sent: Promise<A>,
  request: TraceRequest,
  trace: Trace | undefined,
  now: () => Date,
): Promise<A> {
  if (!trace) return sent;
  trace.request(request);
  const start = now().getTime();
  try {
    const answer = await sent;
    trace.answer(request, answer, now().getTime() - start);
    return answer;
  } catch (error) {
    trace.failure(request, messageOf(error), now().getTime() - start);
    throw error;
  }
}

/** Each line by itself: Node joins repeated headers. */
function warningValues(raw: readonly string[]): string[] {
  return raw.flatMap((name, index) => (index % 2 === 0 && name.toLowerCase() === 'warning' ? [raw[index + 1] ?? ''] : []));
}
