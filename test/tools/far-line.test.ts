import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { startFarLine } from '../../tools/far-line.ts';
import { atClose, closeAll, listen } from '../support/wire.ts';

describe('a far line', () => {
  afterEach(closeAll);

  it('passes on what either end sends, in order, and that it has ended', async () => {
    const { port } = await listen(createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)));
    const line = await startFarLine(port, 20);
    atClose(line.close);
    const client = connect({ host: '127.0.0.1', port: line.port, noDelay: true });
    const answered = text(client);
    const sent = Array.from({ length: 400 }, (_, index) => `${index}\n`);
    for (const part of sent) {
      client.write(part);
      // Each on its own, before and after the connection stands: timers for one and the same moment.
      await delay(0);
    }
    client.end();
    assert.equal(await answered, sent.join(''));
  });

  it('breaks a connection that breaks at the other end', async () => {
    const { port } = await listen(createServer((socket) => socket.resetAndDestroy()));
    const line = await startFarLine(port, 4);
    atClose(line.close);
    const client = connect({ host: '127.0.0.1', port: line.port });
    client.on('error', () => undefined);
    await once(client, 'close');
  });
});
