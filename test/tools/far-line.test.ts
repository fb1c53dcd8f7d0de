import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { startFarLine } from '../../tools/far-line.ts';
import { closeAll, listen } from '../support/wire.ts';

describe('a far line', () => {
  afterEach(closeAll);

  it('passes on what either end sends, in order, and that it has ended', async () => {
    const { port } = await listen(createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)));
    const line = await startFarLine(port, 4);
    const client = connect({ host: '127.0.0.1', port: line.port, noDelay: true });
    const answered = text(client);
    const sent = Array.from({ length: 100 }, (_, index) => `${index}\n`);
    for (const part of sent) {
      client.write(part);
      // A part of its own for each.
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.end();
    assert.equal(await answered, sent.join(''));
    line.close();
  });

  it('breaks a connection that breaks at the other end', async () => {
    const { port } = await listen(createServer((socket) => socket.resetAndDestroy()));
    const line = await startFarLine(port, 4);
    const client = connect({ host: '127.0.0.1', port: line.port });
    client.on('error', () => undefined);
    await once(client, 'close');
    line.close();
  });
});
