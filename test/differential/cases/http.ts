import { gzipSync } from 'node:zlib';
import { type Answer, runtimes } from '../api-recorder.ts';
import { type ApiSetup, type Case, type Given, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';

const USER = { token: secret('u') };
const BEARER = { authorization: `Bearer ${secret('u')}` };
const LIST = '/apis/serving.kserve.io/v1alpha1/namespaces/team/servingruntimes';
type Expected = Pick<Case, 'sees' | 'fails' | 'differs'>;

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
    request.path === LIST || request.path.endsWith('/clusterservingruntimes')
      ? { status: code, headers: { Location: `/moved${request.path}` } }
      : { body: runtimes('ServingRuntime', 'team') },
  );
}

function warning(name: string, headers: string | readonly string[]): Case {
  return http(name, () => ({ headers: { Warning: headers }, body: runtimes('ServingRuntime', 'team') }), {});
}

function serverError(name: string, answer: Answer, fails: string, differs?: Case['differs']): Case {
  return http(name, () => answer, { fails, ...(differs ? { differs } : {}) }, { section: '6.1' });
}

const TEXT = { 'Content-Type': 'text/plain' };

/** connection.md 6: requests, retries, redirects, warnings and server errors. */
export const httpCases: readonly Case[] = [
  http(
    'gzip is offered and understood',
    (request) => ({
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' },
      body: gzipSync(JSON.stringify(runtimes('ServingRuntime', request.path === LIST ? 'team' : undefined))),
    }),
    { sees: { acceptsGzip: true } },
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
  timeout('-5s', '-5s'),
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
    { fails: 'Unable to connect to the server: ', differs: { id: 'timeout-wording', fails: 'context deadline exceeded' } },
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
      const list = runtimes(path === LIST ? 'ServingRuntime' : 'ClusterServingRuntime', path === LIST ? 'team' : undefined);
      return { body: { ...list, metadata: first ? { resourceVersion: '1', continue: 'next' } : { resourceVersion: '1' } } };
    },
    { sees: { query: { limit: '500', continue: 'next' } } },
  ),
  http(
    'a list that expires between pages is asked for again, whole',
    ({ query, path }) => {
      if (query.continue !== undefined) return status(410, 'Expired', 'too old');
      const list = runtimes(path === LIST ? 'ServingRuntime' : 'ClusterServingRuntime', path === LIST ? 'team' : undefined);
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
    () => ({ headers: { Warning: '299 - "careful"' }, body: runtimes('ServingRuntime', 'team') }),
    { fails: 'error: 1 warning received' },
    flags('--warnings-as-errors'),
  ),
  http('--warnings-as-errors without warnings', undefined, {}, flags('--warnings-as-errors')),
  serverError(
    'a Status with a reason',
    status(403, 'Forbidden', 'no runtimes for you'),
    'Error from server (Forbidden): no runtimes for you',
  ),
  serverError('a Status without a reason', status(500, undefined, 'odd'), 'Error from server: odd'),
  serverError(
    'a Status of failure with code 200',
    { ...status(500, 'InternalError', 'etcd is away'), status: 200 },
    'Error from server (InternalError): etcd is away',
  ),
  serverError('a Status 401', status(401, 'Unauthorized', 'Unauthorized'), 'error: You must be logged in to the server (Unauthorized)'),
  serverError(
    '400 without a body',
    { status: 400 },
    'the server rejected our request for an unknown reason (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '401 without a body',
    { status: 401 },
    'error: You must be logged in to the server (the server has asked for the client to provide credentials (get servingruntimes.serving.kserve.io))',
  ),
  serverError(
    '403 with a text',
    { status: 403, headers: TEXT, body: 'the gateway says no' },
    'Error from server (Forbidden): the gateway says no (get servingruntimes.serving.kserve.io)',
  ),
  serverError('403 without a body', { status: 403 }, 'Error from server (Forbidden):  (get servingruntimes.serving.kserve.io)'),
  serverError(
    '403 with a page',
    { status: 403, headers: { 'Content-Type': 'text/html' }, body: '<html>no</html>' },
    'Error from server (Forbidden): <html>no</html> (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '403 with a body that is no text',
    { status: 403, headers: { 'Content-Type': 'application/octet-stream' }, body: 'bytes' },
    'Error from server (Forbidden): unknown (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '404 without a body',
    { status: 404 },
    'the server could not find the requested resource (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '405 without a body',
    { status: 405 },
    'Error from server (MethodNotAllowed): the server does not allow this method on the requested resource (get servingruntimes.serving.kserve.io)',
  ),
  serverError('406 without a body', { status: 406 }, 'Error from server (NotAcceptable): '),
  serverError(
    '409 without a body',
    { status: 409 },
    'Error from server (Conflict): the server reported a conflict (get servingruntimes.serving.kserve.io)',
  ),
  serverError('410 without a body', { status: 410 }, 'Error from server'),
  serverError('422 without a body', { status: 422 }, 'The servingruntimes "" is invalid: : ', {
    id: 'invalid-wording',
    fails:
      'Error from server (Invalid): the server rejected our request due to an error in our request (get servingruntimes.serving.kserve.io)',
  }),
  serverError(
    '429 without a body',
    { status: 429 },
    'Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '500 with a text',
    { status: 500, headers: TEXT, body: 'boom' },
    'Error from server (InternalError): an error on the server ("boom") has prevented the request from succeeding (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '500 without a body',
    { status: 500 },
    'Error from server (InternalError): an error on the server ("") has prevented the request from succeeding (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '502 with a page',
    { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<h1>Bad Gateway</h1>\n' },
    'Error from server (InternalError): an error on the server ("<h1>Bad Gateway</h1>") has prevented the request from succeeding (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '503 without a body',
    { status: 503 },
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '504 without a body',
    { status: 504 },
    'Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing the request (get servingruntimes.serving.kserve.io)',
  ),
  serverError(
    '418 without a body',
    { status: 418 },
    'Error from server: the server responded with the status code 418 but did not return more information (get servingruntimes.serving.kserve.io)',
  ),
  serverError('200 with a login page', { headers: { 'Content-Type': 'text/html' }, body: '<html>Log in</html>' }, 'error: ', {
    id: 'login-page',
    fails: '<html>Log in</html>',
  }),
  http(
    '200 with another kind is printed by kubectl',
    () => ({ body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } } }),
    { differs: { id: 'another-kind', fails: 'Pod' } },
    { section: '6.1' },
  ),
  serverError('200 with nothing', { headers: { 'Content-Type': 'application/json' }, body: '' }, 'unexpected end of JSON input'),
  serverError(
    '200 cut short',
    { headers: { 'Content-Type': 'application/json' }, body: '{"apiVersion":', truncated: true },
    'unexpected EOF',
  ),
  serverError(
    '200 with JSON cut short',
    { headers: { 'Content-Type': 'application/json' }, body: '{"apiVersion":' },
    'unexpected end of JSON input',
  ),
];
