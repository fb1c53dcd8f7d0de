import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runCli } from '../../../../src/cli/run.ts';
import { clusterOver } from '../../../../src/cluster/api/client.ts';
import { until } from '../../../support/fake-clock.ts';
import { createHost } from '../../../support/run-cli.ts';
import { clientConfig, closeAll, sendJson, serve, transportTo } from '../../../support/wire.ts';

const API_VERSION = 'serving.kserve.io/v1alpha1';
const OBJECTS = 100;
const PADDING = 'x'.repeat(2000);

function event(index: number): string {
  const metadata = {
    name: `r${index % OBJECTS}`,
    namespace: 'a',
    resourceVersion: String(index + 1),
    annotations: { padding: `${PADDING}${index}` },
  };
  return `${JSON.stringify({ type: 'MODIFIED', object: { apiVersion: API_VERSION, kind: 'ServingRuntime', metadata, spec: {} } })}\n`;
}

/** Sends events no faster than they are read. */
async function stream(response: ServerResponse, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    if (response.write(event(index))) continue;
    await new Promise<void>((resolve) => response.once('drain', resolve));
  }
}

/** Bytes in use when all that can be freed is. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round++) collect();
  return process.memoryUsage().heapUsed;
}

describe('the memory of runtimes list --watch', function () {
  this.timeout(60_000);
  afterEach(closeAll);

  it('does not grow with 10,000 events of 2 KB', async () => {
    let watch: ServerResponse | undefined;
    const server = await serve((request, response) => {
      if (!request.url.includes('watch=true')) {
        sendJson(response, { apiVersion: API_VERSION, kind: 'ServingRuntimeList', metadata: { resourceVersion: '1' }, items: [] });
        return;
      }
      watch = response.writeHead(200, { 'Content-Type': 'application/json' });
      watch.flushHeaders();
    });
    const transport = await transportTo(clientConfig(server.url));
    const connection = {
      cluster: clusterOver(transport),
      namespace: 'a',
      contextName: 'test',
      warningCount: () => 0,
      close: transport.close,
    };
    const interrupted = new AbortController();
    const { host } = createHost({
      argv: 'runtimes list --scope namespace -w --output-watch-events',
      connect: async () => connection,
      signal: interrupted.signal,
    });
    let rows = 0;
    const write = (text: string): void => {
      rows += text.split('\n').length - 1;
    };
    const out = { ...host.streams.out, write };
    const ended = runCli({ ...host, streams: { ...host.streams, out } });
    await until(() => watch !== undefined);
    assert.ok(watch);
    await stream(watch, 1, 2001);
    await until(() => rows === 2001);
    const before = heap();
    await stream(watch, 2001, 12_001);
    await until(() => rows === 12_001);
    const grown = heap() - before;
    // All events together are twenty times as much.
    assert.ok(grown < 1024 * 1024, `${grown} bytes more`);
    interrupted.abort('SIGINT');
    assert.equal(await ended, 130);
  });
});
