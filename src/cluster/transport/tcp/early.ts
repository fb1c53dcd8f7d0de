import type { Socket } from 'node:net';
import { openTcp } from './tcp.ts';

/** A connection that is opened before all is ready to use it. */
export interface EarlyTcp {
  /** Once: undefined if it was taken already, or broke before. Rejects as `openTcp`. */
  readonly take: () => Promise<Socket | undefined>;
  /** Closes it, if nobody took it. */
  readonly discard: () => void;
}

export function openEarly(host: string, port: number, signal: AbortSignal): EarlyTcp {
  let opening: Promise<Socket> | undefined = openTcp(host, port, signal);
  // Whoever takes it hears of a failure, and nobody need take it.
  opening.then((socket) => socket.on('error', () => undefined)).catch(() => undefined);
  const taken = () => {
    const one = opening;
    opening = undefined;
    return one;
  };
  return {
    take: async () => {
      const socket = await taken();
      return socket?.destroyed ? undefined : socket;
    },
    discard: () =>
      void taken()?.then(
        (socket) => socket.destroy(),
        () => undefined,
      ),
  };
}
