// Nothing that a server echoes brings a secret to light: in no field, no format, at no -v, in no writing of it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { completeWords } from '../../src/cli/completion/complete.ts';
import { connect } from '../../src/cluster/connect.ts';
import { goQuote } from '../../src/text/go-quote.ts';
import { createAuthority } from '../../tools/certificates.ts';
import { type CliResult, createHost, runCli } from '../support/run-cli.ts';
import { closeAll, type Recorded, serve } from '../support/wire.ts';

const KSERVE = 'serving.kserve.io';

/** Writings of a text: the programs between here and there have their own. */
const WRITINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  url: (text) => encodeURIComponent(text.toWellFormed()),
  'url in lower case': (text) => encodeURIComponent(text.toWellFormed()).replace(/%../g, (byte) => byte.toLowerCase()),
  'url of all bytes': (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  form: (text) => `${new URLSearchParams({ '': text })}`.slice(1),
  json: (text) => JSON.stringify(text).slice(1, -1),
  'json of Go': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
  'json in json': (text) => JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1),
  'json of all characters': (text) =>
    text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`),
  go: (text) => goQuote(text).slice(1, -1),
  html: (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  'html by name': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 behind a byte': (text) => Buffer.from(`:${text}:`).toString('base64'),
  'base64 behind two bytes': (text) => Buffer.from(`a:${text}`).toString('base64'),
  base64url: (text) => Buffer.from(`user:${text}`).toString('base64url'),
  'base64 in a url': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
};

const OF_ALL_BYTES = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...`"\\&<>'%+/=:;$\`{}[]()|*?!#@~^.,- `) },
  { weight: 2, arbitrary: fc.constantFrom(...'abcXYZ019') },
  { weight: 1, arbitrary: fc.constantFrom('ä', 'ß', '€', '漢', '😀', '\u00a0', '\u0301') },
);
const CONTROLS = fc.constantFrom(
  '\u0000',
  '\u0001',
  '\t',
  '\n',
  '\r',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u200b',
  '\u202e',
  '\u2028',
  '\ufeff',
);

const around = (parts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  // Two that are no words, for words are left alone.
  fc.array(parts, { minLength: 6, maxLength: 30 }).map((all) => `K7${all.join('')}q9`);

interface World {
  readonly token: boolean;
  readonly secret: string;
  readonly writing: string;
  readonly argv: readonly string[];
  readonly verbosity: number;
  readonly isTTY: boolean;
  /** How the server answers. */
  readonly answer: 'objects' | 'status' | 'text' | 'html' | 'page' | 'garbage';
}

const COMMANDS = [
  'runtimes list',
  'runtimes list -A -o wide',
  'runtimes list -o json',
  'runtimes list -o yaml',
  'runtimes list -o name',
  'runtimes list --show-labels',
  'version',
  'version -o json',
  'version -o yaml',
  'rbac check',
  'rbac check -o json',
  'rbac check -o yaml',
  'rbac check get pods',
  'rbac check get pods -o json',
  'rbac check get,list pods,secrets -o yaml',
  'rbac check --list',
  'rbac check --list -o json',
  'rbac check get pods --for-user bob',
  '__complete runtimes list --model-format ',
  '__complete rbac check get ',
];

const world: fc.Arbitrary<World> = fc.boolean().chain((token) =>
  fc.record({
    token: fc.constant(token),
    // A header cannot hold a token with control characters.
    secret: around(token ? OF_ALL_BYTES : fc.oneof({ weight: 4, arbitrary: OF_ALL_BYTES }, { weight: 1, arbitrary: CONTROLS })).map(
      (text) => (token ? text.trim() : text),
    ),
    writing: fc.constantFrom(...Object.keys(WRITINGS)),
    argv: fc.constantFrom(...COMMANDS).map((line) => line.split(' ')),
    verbosity: fc.constantFrom(0, 6, 7, 8, 9, 10),
    isTTY: fc.boolean(),
    answer: fc.constantFrom('objects', 'objects', 'status', 'text', 'html', 'page', 'garbage'),
  }),
);

function objectsFor({ method, url, body }: Recorded, echo: string): object {
  const path = url.split('?')[0] ?? '';
  if (path === '/version') return { gitVersion: `v1.30.0-${echo}`, platform: echo };
  if (method === 'POST') return review(JSON.parse(body), echo);
  if (path === '/apis' || path === '/api') {
    const resource = { resource: `x${echo}`, singularResource: echo, shortNames: [echo], verbs: ['get', echo], scope: 'Namespaced' };
    const group = path === '/api' ? '' : KSERVE;
    const versions = [{ version: 'v1alpha1', resources: [{ ...resource, responseKind: { kind: echo } }] }];
    return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [{ metadata: { name: group }, versions }] };
  }
  const kind = path.includes('clusterservingruntimes') ? 'ClusterServingRuntime' : 'ServingRuntime';
  const item = {
    metadata: {
      name: echo,
      namespace: 'default',
      labels: { [echo]: echo },
      annotations: { [echo]: echo, 'openshift.io/display-name': echo },
    },
    spec: {
      supportedModelFormats: [{ name: echo, version: echo, autoSelect: true }],
      protocolVersions: [echo],
      containers: [{ name: 'kserve-container', image: echo, args: [echo] }],
    },
    status: { note: [echo, { [echo]: echo }] },
  };
  return { kind: `${kind}List`, apiVersion: `${KSERVE}/v1alpha1`, metadata: {}, items: [item] };
}

function review(asked: { readonly kind: string; readonly apiVersion: string; readonly spec?: object }, echo: string): object {
  const rules = {
    resourceRules: [{ apiGroups: ['*'], resources: [echo, '*'], verbs: [echo], resourceNames: [echo] }],
    nonResourceRules: [],
  };
  const userInfo = { username: echo, groups: [echo], uid: echo, extra: { [echo]: [echo] } };
  const verdict = { allowed: false, reason: echo, evaluationError: echo, conditionalDecision: { [echo]: echo } };
  return { ...asked, metadata: {}, status: { ...verdict, ...rules, incomplete: true, evaluationError: echo, userInfo } };
}

function answer(given: World, request: Recorded, response: ServerResponse): void {
  const echo = `<a ${WRITINGS[given.writing]?.(given.secret)} b>`;
  const line = echo.replace(/[^\x20-\x7e]/g, '?');
  response.statusMessage = line;
  response.setHeader('Warning', `299 - "${line.replace(/["\\]/g, '\\$&')}"`);
  response.setHeader('X-Echo', line);
  const json = { 'Content-Type': 'application/json' };
  switch (given.answer) {
    case 'objects':
      return void response.writeHead(200, json).end(JSON.stringify(objectsFor(request, echo)));
    case 'status':
      return void response.writeHead(403, json).end(
        JSON.stringify({
          kind: 'Status',
          status: 'Failure',
          reason: 'Forbidden',
          message: echo,
          code: 403,
          details: { name: echo, kind: echo },
        }),
      );
    case 'text':
      return void response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`${'x'.repeat(1990)} ${echo}`);
    case 'html':
      return void response.writeHead(502, { 'Content-Type': 'text/html' }).end(`<html>${echo}</html>`);
    case 'page':
      return void response.writeHead(200, { 'Content-Type': `text/x; charset="${line}"` }).end(echo);
    case 'garbage':
      return void response.writeHead(200, json).end(`{"kind": ${echo}`);
  }
}

/** Writings of the secret that are in a text. */
function shown(text: string, secret: string): readonly string[] {
  return Object.entries(WRITINGS)
    .filter(([name, write]) => {
      const written = write(secret);
      // What surrounds it decides the ends of base64.
      const core = name.startsWith('base64') ? written.slice(6, -6) : written;
      return core.length > 7 && text.includes(core);
    })
    .map(([name]) => name);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [name, ...textsIn(field)]);
}

/** Texts of structured output as its readers have them. */
function decoded({ stdout }: CliResult, argv: readonly string[]): readonly string[] {
  if (argv.includes('json') && stdout !== '') return textsIn(JSON.parse(stdout));
  return argv.includes('yaml') && stdout !== '' ? textsIn(load(stdout)) : [];
}

describe('secrets that a server echoes', () => {
  let folder = '';
  let given: World | undefined;
  let server: Awaited<ReturnType<typeof serve>>;
  let authority = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    const { certificate, issue } = await createAuthority('kubernetes');
    authority = certificate;
    const tls = await issue({ commonName: 'server', hosts: ['127.0.0.1'] });
    server = await serve((request, response) => given && answer(given, request, response), { tls });
  });
  after(() => {
    closeAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(one: World): Promise<CliResult> {
    given = one;
    const user = one.token ? { token: one.secret } : { username: 'user', password: one.secret };
    const config = {
      clusters: [
        { name: 'c', cluster: { server: server.url.href, 'certificate-authority-data': Buffer.from(authority).toString('base64') } },
      ],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(join(folder, 'config'), JSON.stringify(config));
    const options = { connect, env: { KUBECONFIG: join(folder, 'config'), HOME: folder }, isTTY: one.isTTY, columns: 60 };
    if (one.argv[0] !== '__complete') return runCli({ ...options, argv: [...one.argv, `-v=${one.verbosity}`, '--request-timeout=20s'] });
    const { host, written } = createHost({ ...options, argv: one.argv });
    await completeWords(one.argv, host);
    return { code: 0, ...written() };
  }

  it('are in no output, however they are written', async function () {
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(world, async (one) => {
        const result = await run(one);
        for (const text of [result.stdout, result.stderr, ...decoded(result, one.argv)])
          assert.deepEqual(shown(text, one.secret), [], `${JSON.stringify(one)}\n${text}`);
      }),
      { numRuns: Number(process.env.SECRETS_RUNS ?? 150) },
    );
  });

  it('would be found: without a look at them they are there', () => {
    const secret = 'K7"a\\<b>& ä/+q9secret';
    for (const [name, write] of Object.entries(WRITINGS)) assert.ok(shown(`x ${write(secret)} y`, secret).length > 0, name);
  });
});
