import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { loadClientConfig } from '../../../src/cluster/credentials/client-config.ts';
import { impersonationHeaders } from '../../../src/cluster/credentials/impersonation.ts';
import { KserveError } from '../../../src/errors.ts';
import { formatGoDuration } from '../../../src/text/go-duration.ts';
import { BUILD_MS, kubectlOrSkip } from '../../support/kubectl-or-skip.ts';
import { revealed } from '../../support/revealed.ts';
import { createHost, createPlace, type Place } from './config-host.ts';
import { type FlagCase, flagCases, toWords } from './flag-cases.ts';

const COUNT = 300;
const SEED = 20_261_123;

/** The request that a server saw, or why there was none. */
interface Outcome {
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly error?: string;
}

function seenBy({ url, rawHeaders }: IncomingMessage): Outcome {
  const lines = rawHeaders.flatMap((header, index) => (index % 2 === 0 ? [`${header.toLowerCase()}: ${rawHeaders[index + 1]}`] : []));
  return { path: url ?? '', headers: lines.filter((line) => /^(?:impersonate-|authorization)/.test(line)).toSorted() };
}

async function askOurs(place: Place, { options }: FlagCase): Promise<Outcome> {
  try {
    // "get --raw" never asks for a namespace, so kubectl checks in the order that it has with -n.
    const config = await loadClientConfig({ ...options, kubeconfig: 'config', namespace: 'n' }, createHost(place).host);
    if (config.isFallback) return { error: 'refused' };
    const { authorization } = revealed(await config.credentials.get(new AbortController().signal));
    const impersonation = config.impersonation === undefined ? {} : impersonationHeaders(config.impersonation);
    const lines = Object.entries(impersonation).flatMap(([header, values]) =>
      [values].flat().map((value) => `${header.toLowerCase()}: ${value}`),
    );
    const headers = [...lines, ...(authorization === undefined ? [] : [`authorization: ${authorization}`])];
    const timeout = config.requestTimeout === undefined ? '' : `?timeout=${formatGoDuration(config.requestTimeout)}`;
    return { path: `${config.url.pathname.replace(/\/$/, '')}/api${timeout}`, headers: headers.toSorted() };
  } catch (cause) {
    if (cause instanceof KserveError) return { error: cause.message.replace(/^(?:Error in configuration|--[a-z-]+): (?!\n)/, '') }; // ours names the flag
    throw cause;
  }
}

function errorOf(stderr: string): string {
  if (stderr.includes('localhost:8080 was refused')) return 'refused';
  return stderr.trimEnd().replace(/^(?:error|Error in configuration|Unable to connect to the server): (?!\n)/, '');
}

describe('kubeconfig and flags, against the real kubectl', () => {
  let kubectl = '';
  let place: Place;
  let server: Server;
  let origin = '';
  let seen: Outcome | undefined;

  before(async function () {
    this.timeout(BUILD_MS);
    kubectl = await kubectlOrSkip(this);
    place = createPlace();
    server = createServer((request, reply) => {
      seen = seenBy(request);
      reply.end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    place?.remove();
    server?.closeAllConnections();
    if (server !== undefined) await once(server.close(), 'close');
  });

  function askKubectl({ options }: FlagCase): Promise<Outcome> {
    const args = ['get', '--raw', '/api', '--kubeconfig=config', ...toWords(options)];
    const env = { HOME: place.folder, PATH: process.env.PATH };
    return new Promise((resolve) => {
      const child = execFile(kubectl, args, { cwd: place.folder, env }, (failure, _, stderr) => {
        resolve(failure ? { error: errorOf(stderr) } : (seen ?? { error: 'no request' }));
        seen = undefined;
      });
      // A user without credentials is asked for them.
      child.stdin?.end();
    });
  }

  it(`send the same request, or refuse with the same words, in ${COUNT} random cases`, async function () {
    this.timeout(180_000);
    let sent = 0;
    for (const [index, sample] of fc.sample(flagCases(origin), { numRuns: COUNT, seed: SEED }).entries()) {
      place.write('config', sample.kubeconfig);
      place.write('there', 'content');
      const [theirs, ours] = [await askKubectl(sample), await askOurs(place, sample)];
      assert.deepEqual(ours, theirs, `case ${index}: ${JSON.stringify(sample, null, 1)}`);
      if (ours.path !== undefined) sent++;
    }
    assert.ok(sent > COUNT / 3, `only ${sent} cases sent a request`);
  });
});
