import { gzipSync } from 'node:zlib';
import { type Answer, type Reply, runtimesAt } from '../api-recorder.ts';
import { type ApiSetup, type Case, type Given, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';

const USER = { token: secret('u') };
const BEARER = { authorization: `Bearer ${secret('u')}` };
type Expected = Pick<Case, 'sees' | 'fails' | 'prints' | 'differs'>;

function http(
  name: string,
  answer: ApiSetup['answer'],
  expected: Expected = { sees: BEARER },
  { cluster = {}, given = {}, section = '6', api = {} }: { cluster?: object; given?: Given; section?: string; api?: ApiSetup } = {},
): Case {
  return {
    section,
    name,
    api: { ...api, ...(answer ? { answer } : {}) },
    given: (server, { clusterOf }) => ({ config: kubeconfig({ cluster: { ...clusterOf(server), ...cluster }, user: USER }), ...given }),
    ...expected,
  };
}

const flags = (...words: readonly string[]) => ({ given: { flags: words } });
const status = (code: number, reason: string | undefined, message: string, more: object = {}) => ({
  status: code,
  body: { apiVersion: 'v1', kind: 'Status', status: 'Failure', message, ...(reason === undefined ? {} : { reason }), code, ...more },
});
const twice = (first: Answer) => (_: unknown, attempt: number) => (attempt === 1 ? first : undefined);
const BAD_TIMEOUT =
  'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)';

/** `--request-timeout`, and what the server is told. */
function timeout(value: string, sent: string | undefined): Case {
  const query: Record<string, string> = sent === undefined ? { limit: '500' } : { limit: '500', timeout: sent };
  return http(`--request-timeout=${value}`, undefined, { sees: { query } }, flags(`--request-timeout=${value}`));
}

function badTimeout(value: string): Case {
  return http(`--request-timeout=${value} is refused`, undefined, { fails: BAD_TIMEOUT }, flags(`--request-timeout=${value}`));
}

function redirect(code: number): Case {
  return http(`${code} on the same origin is followed`, (request) =>
    !request.path.startsWith('/moved')
      ? { status: code, headers: { Location: `/moved${request.path}` } }
      : { body: runtimesAt(request.path) },
  );
}

function warning(name: string, headers: string | readonly string[]): Case {
  return http(name, ({ path }) => ({ headers: { Warning: headers }, body: runtimesAt(path) }), {});
}

function serverError(name: string, answer: Answer, fails: string, differs?: Case['differs']): Case {
  return http(name, () => answer, { fails, ...(differs ? { differs } : {}) }, { section: '6.1' });
}

/** A list whose only item has a number that is written so, and how it is printed. */
function number(written: string, printed: string, format: 'json' | 'yaml'): Case {
  const answer: ApiSetup['answer'] = ({ path }) => ({
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(runtimesAt(path)).replace('"spec":{', `"spec":{"number":${written},`),
  });
  const prints = format === 'json' ? `"number": ${printed}` : `number: ${printed}\n`;
  return http(`the number ${written} in ${format}`, answer, { prints }, flags('-o', format));
}

const TEXT = { 'Content-Type': 'text/plain' };

/** docs/connection.md 6: requests, retries, redirects, warnings and server errors. */
export const httpCases: readonly Case[] = [
  number('9007199254740993', '9007199254740993', 'json'),
  number('9007199254740993', '9007199254740993', 'yaml'),
  number('-9223372036854775808', '-9223372036854775808', 'json'),
  number('-9223372036854775808', '-9223372036854775808', 'yaml'),
  number('9223372036854775807', '9223372036854775807', 'json'),
  number('12345678901234567890', '12345678901234567000', 'json'),
  number('-0', '0', 'json'),
  number('1.50', '1.5', 'json'),
  http(
    'gzip is offered and understood',
    (request) => ({
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' },
      body: gzipSync(JSON.stringify(runtimesAt(request.path))),
    }),
    { sees: { acceptsGzip: true } },
  ),
  http(
    'gzip is understood in any case',
    (request) => ({
      headers: { 'Content-Encoding': 'GZIP', 'Content-Type': 'application/json' },
      body: gzipSync(JSON.stringify(runtimesAt(request.path))),
    }),
    {},
  ),
  http('--disable-compression', undefined, { sees: { acceptsGzip: false } }, flags('--disable-compression')),
  http('--disable-compression=false', undefined, { sees: { acceptsGzip: true } }, flags('--disable-compression=false')),
  http('disable-compression of the cluster', undefined, { sees: { acceptsGzip: false } }, { cluster: { 'disable-compression': true } }),
  http(
    '--disable-compression=false does not change the cluster',
    undefined,
    { sees: { acceptsGzip: false } },
    { cluster: { 'disable-compression': true }, ...flags('--disable-compression=false') },
  ),
  timeout('90', '1m30s'),
  timeout('1m30s', '1m30s'),
  timeout('2h', '2h0m0s'),
  timeout('90.5s', '1m30.5s'),
  timeout('90000ms', '1m30s'),
  timeout('+30s', '30s'),
  timeout('1h1m1.001s', '1h1m1.001s'),
  timeout('.5m', '30s'),
  timeout('60000000us', '1m0s'),
  timeout('60000000µs', '1m0s'),
  timeout('0', undefined),
  timeout('0s', undefined),
  timeout('', undefined),
  http(
    '--request-timeout=-5s is told to the server by kubectl',
    undefined,
    { sees: { query: { limit: '500', timeout: '-5s' } }, differs: { id: 'negative-timeout', sees: { query: { limit: '500' } } } },
    flags('--request-timeout=-5s'),
  ),
  badTimeout('1d'),
  badTimeout('5S'),
  badTimeout('-1'),
  badTimeout('abc'),
  badTimeout('5 s'),
  badTimeout('1.5'),
  badTimeout('s'),
  http(
    'a server that never answers',
    () => 'hang',
    {
      fails: 'Unable to connect to the server: ',
      differs: { id: 'timeout-wording', fails: 'context deadline exceeded (--request-timeout=1s)' },
    },
    flags('--request-timeout=1s'),
  ),
  http('429 with Retry-After is repeated', twice({ status: 429, headers: { 'Retry-After': '1' } })),
  http('503 with Retry-After: 0 is repeated', twice({ status: 503, headers: { 'Retry-After': '0' } })),
  http('500 with Retry-After is repeated', twice({ status: 500, headers: { 'Retry-After': '0' } })),
  http(
    'a Status with Retry-After is repeated',
    twice({ ...status(429, 'TooManyRequests', 'slow down'), headers: { 'Retry-After': '0', 'Content-Type': 'application/json' } }),
  ),
  http(
    'Retry-After for ever is given up after ten repeats',
    () => ({ ...status(429, 'TooManyRequests', 'slow down'), headers: { 'Retry-After': '0', 'Content-Type': 'application/json' } }),
    {
      fails: 'Error from server (TooManyRequests): slow down',
    },
  ),
  http('429 without Retry-After is not repeated', twice(status(429, 'TooManyRequests', 'slow down')), {
    fails: 'Error from server (TooManyRequests): slow down',
  }),
  http('503 without Retry-After is not repeated', twice(status(503, 'ServiceUnavailable', 'starting')), {
    fails: 'Error from server (ServiceUnavailable): starting',
  }),
  http(
    'a Retry-After that is a date does not count',
    twice({
      ...status(503, 'ServiceUnavailable', 'starting'),
      headers: { 'Retry-After': 'Wed, 21 Oct 2099 07:28:00 GMT', 'Content-Type': 'application/json' },
    }),
    {
      fails: 'Error from server (ServiceUnavailable): starting',
    },
  ),
  http(
    '404 with Retry-After is not repeated',
    twice({ ...status(404, 'NotFound', 'gone'), headers: { 'Retry-After': '0', 'Content-Type': 'application/json' } }),
    { fails: 'gone' },
  ),
  http('a connection that is lost is tried again', twice('drop')),
  redirect(301),
  redirect(302),
  redirect(303),
  redirect(307),
  redirect(308),
  http('redirects without end', (request) => ({ status: 302, headers: { Location: request.path } }), {
    fails: 'stopped after 10 redirects',
  }),
  http('a redirect without a Location', () => ({ status: 302 }), {
    fails: 'the server responded with the status code 302 but did not return more information (get servingruntimes.serving.kserve.io)',
  }),
  {
    section: '6.3',
    name: 'a redirect to another origin is followed by kubectl only',
    given: async (api, { clusterOf, api: start }) => {
      const front = await start('front', { answer: ({ path }) => ({ status: 307, headers: { Location: `${api.url}${path}` } }) });
      return { config: kubeconfig({ cluster: clusterOf(front), user: USER }) };
    },
    sees: { server: 'api', ...BEARER },
    differs: { id: 'redirect-elsewhere', fails: 'redirect', sees: { server: 'front' } },
  },
  http(
    'pages are joined',
    ({ query, path }) => {
      const first = query.continue === undefined;
      const list = runtimesAt(path, first ? 'one' : 'other');
      return { body: { ...list, metadata: first ? { resourceVersion: '1', continue: 'next' } : { resourceVersion: '1' } } };
    },
    { sees: { query: { limit: '500', continue: 'next' } } },
  ),
  http(
    'a list that expires between pages is asked for again, whole',
    ({ query, path }) => {
      if (query.continue !== undefined) return status(410, 'Expired', 'too old');
      const list = runtimesAt(path);
      return {
        body: { ...list, metadata: query.limit === undefined ? { resourceVersion: '2' } : { resourceVersion: '1', continue: 'next' } },
      };
    },
    { fails: 'Error from server (Expired): too old', differs: { id: 'expired-page', sees: { query: {} } } },
  ),
  http('a first page that has expired', () => status(410, 'Expired', 'too old'), { fails: 'Error from server (Expired): too old' }),
  warning('a warning', '299 - "be careful"'),
  warning('several warnings in one header', '299 - "one", 299 - "two"'),
  warning('warnings in several headers, each told once', ['299 - "one"', '299 - "two"', '299 - "one"']),
  warning('a warning with quotes and commas', '299 k8s "say \\"no\\", twice"'),
  warning('other warning codes do not count', '199 - "other"'),
  warning('a warning with a date', '299 - "dated" "Wed, 21 Oct 2015 07:28:00 GMT"'),
  warning('junk in place of a warning', 'junk'),
  http(
    '--warnings-as-errors',
    ({ path }) => ({ headers: { Warning: '299 - "careful"' }, body: runtimesAt(path) }),
    { fails: 'error: 1 warning received' },
    flags('--warnings-as-errors'),
  ),
  http('--warnings-as-errors without warnings', undefined, {}, flags('--warnings-as-errors')),
  ...statusCases(),
  ...gatewayCases(),
  ...brokenAnswerCases(),
];

/** Errors that the API server words itself. */
function statusCases(): readonly Case[] {
  return [
    serverError('a Status with a reason', status(500, 'InternalError', 'etcd is away'), 'Error from server (InternalError): etcd is away'),
    serverError('a Status without a reason', status(500, undefined, 'odd'), 'Error from server: odd'),
    serverError(
      'a Status of failure with code 200',
      { ...status(500, 'InternalError', 'etcd is away'), status: 200 },
      'Error from server (InternalError): etcd is away',
    ),
    serverError('a Status 401', status(401, 'Unauthorized', 'Unauthorized'), 'error: You must be logged in to the server (Unauthorized)'),
    serverError('a Status 403', status(403, 'Forbidden', 'no runtimes for you'), 'Error from server (Forbidden): no runtimes for you', {
      id: 'refusal-prefix',
      fails: 'error: no runtimes for you',
    }),
    serverError('a Status 404', status(404, 'NotFound', 'not here'), 'not here'),
  ];
}

/** An answer without a Status; both give it a reason and the same text, but ours does not call it a refusal by Kubernetes. */
function gateway(name: string, reply: Reply, reason: string, message: string): Case {
  const text = `${message} (get servingruntimes.serving.kserve.io)`;
  const differs = reason === 'Forbidden' ? { id: 'gateway-refusal', fails: `HTTP 403, but not from Kubernetes: ${text}` } : undefined;
  return serverError(name, reply, `Error from server (${reason}): ${text}`, differs);
}

/** Codes without a Status, as a gateway or a load balancer answers. */
function gatewayCases(): readonly Case[] {
  const html = { 'Content-Type': 'text/html' };
  const unknown = 'the server rejected our request for an unknown reason (get servingruntimes.serving.kserve.io)';
  const invalid = 'the server rejected our request due to an error in our request (get servingruntimes.serving.kserve.io)';
  const withoutBody = 'has prevented the request from succeeding';
  return [
    serverError('400 without a body', { status: 400 }, unknown),
    serverError(
      '401 without a body',
      { status: 401 },
      'error: You must be logged in to the server (the server has asked for the client to provide credentials (get servingruntimes.serving.kserve.io))',
    ),
    gateway('403 with a text', { status: 403, headers: TEXT, body: 'the gateway says no' }, 'Forbidden', 'the gateway says no'),
    gateway('403 without a body', { status: 403 }, 'Forbidden', ''),
    gateway('403 with a page', { status: 403, headers: html, body: '<html>no</html>' }, 'Forbidden', '<html>no</html>'),
    gateway(
      '403 with bytes',
      { status: 403, headers: { 'Content-Type': 'application/octet-stream' }, body: 'bytes' },
      'Forbidden',
      'unknown',
    ),
    serverError(
      '404 without a body',
      { status: 404 },
      'the server could not find the requested resource (get servingruntimes.serving.kserve.io)',
    ),
    gateway('405 without a body', { status: 405 }, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'),
    gateway(
      '406 without a body',
      { status: 406 },
      'NotAcceptable',
      'the server was unable to respond with a content type that the client supports',
    ),
    gateway('409 without a body', { status: 409 }, 'Conflict', 'the server reported a conflict'),
    serverError('422 without a body', { status: 422 }, 'The servingruntimes "" is invalid: : ', {
      id: 'invalid-wording',
      fails: invalid,
    }),
    gateway(
      '429 without a body',
      { status: 429 },
      'TooManyRequests',
      'the server has received too many requests and has asked us to try again later',
    ),
    gateway(
      '500 with a text',
      { status: 500, headers: TEXT, body: 'boom' },
      'InternalError',
      `an error on the server ("boom") ${withoutBody}`,
    ),
    gateway('500 without a body', { status: 500 }, 'InternalError', `an error on the server ("") ${withoutBody}`),
    gateway(
      '502 with a page',
      { status: 502, headers: html, body: '<h1>Bad</h1>\n' },
      'InternalError',
      `an error on the server ("<h1>Bad</h1>") ${withoutBody}`,
    ),
    gateway('503 without a body', { status: 503 }, 'ServiceUnavailable', 'the server is currently unable to handle the request'),
    gateway(
      '504 without a body',
      { status: 504 },
      'Timeout',
      'the server was unable to return a response in the time allotted, but may still be processing the request',
    ),
    serverError(
      '418 without a body',
      { status: 418 },
      'Error from server: the server responded with the status code 418 but did not return more information (get servingruntimes.serving.kserve.io)',
    ),
  ];
}

/** A success that is none: never an empty list. */
function brokenAnswerCases(): readonly Case[] {
  const json = { 'Content-Type': 'application/json' };
  const ours = (fails: string) => ({ id: 'broken-answer', fails });
  return [
    serverError(
      '200 with a login page',
      { headers: { 'Content-Type': 'text/html' }, body: '<html>Log in</html>' },
      'error: ',
      ours('<html>Log in</html>'),
    ),
    http(
      '200 with another kind is printed by kubectl',
      () => ({ body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } } }),
      { differs: { id: 'another-kind', fails: 'Pod' } },
      { section: '6.1' },
    ),
    serverError(
      '200 with nothing',
      { headers: json, body: '' },
      'unexpected end of JSON input',
      ours('the server answered 200 OK with a body that is no JSON object'),
    ),
    serverError(
      '200 with half a JSON',
      { headers: json, body: '{"apiVersion":' },
      'unexpected end of JSON input',
      ours('the server answered 200 OK with a body that is no JSON object'),
    ),
    serverError('200 cut short', { headers: json, body: '{"apiVersion":', truncated: true }, 'unexpected EOF'),
  ];
}
