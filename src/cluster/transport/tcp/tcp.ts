import { connect, type Socket } from 'node:net';
import { LIMITS } from '../../limits.ts';
import { DIAL_TIMEOUT } from './fault.ts';

// Node gives up on all but the last address after 250 ms, less than a far server takes to answer.
const ADDRESS_ATTEMPT_MILLISECONDS = 1000;

// client-go's: the system's own two hours are longer than most firewalls remember a silent connection.
const KEEP_ALIVE_MILLISECONDS = 30_000;

/** Connects within 30 s, as client-go's dialer. Rejects with the system's error, or the signal's reason. */
export function openTcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MILLISECONDS,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MILLISECONDS,
    });
    const fail = (error: unknown) => {
      release();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(Object.assign(new Error('dial timeout'), { code: DIAL_TIMEOUT })), LIMITS.dialMilliseconds);
    const abort = () => fail(signal.reason);
    const succeed = () => {
      release();
      resolve(socket);
    };
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off('connect', succeed);
    };
    signal.addEventListener('abort', abort);
    socket.once('error', fail).once('connect', succeed);
  });
}
