// The process of `far-line.ts`: node tools/far-line-process.ts TARGET_PORT ROUND_TRIP_MILLISECONDS. Writes its own port, and ends with its stdin.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const [target = 0, roundTrip = 0] = process.argv.slice(2).map(Number);

const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true });
  // This machine's kernel takes a connection at once, but over a line nothing can be sent before the answer to it has come.
  carry(client, upstream, performance.now() + roundTrip);
  carry(upstream, client, 0);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().once('end', () => process.exit());

/** Half a round trip after it was sent, and not before `open`, what one end sends is at the other. */
function carry(from: Socket, to: Socket, open: number): void {
  const underWay: (() => void)[] = [];
  const later = (deliver: () => void): void => {
    underWay.push(deliver);
    const sent = Math.max(performance.now(), open);
    // Whichever timer fires first, what was sent first arrives first.
    setTimeout(() => underWay.shift()?.(), sent + roundTrip / 2 - performance.now());
  };
  from.on('data', (data) => later(() => to.write(data)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => to.destroy()));
}
