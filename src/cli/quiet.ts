import type { Out } from '../host.ts';
import type { CliHost } from './cli-host.ts';
import type { Values } from './parse/values.ts';

const MUTE: Out = { write: () => undefined, isTTY: false, columns: undefined };

/** The host for `-q`, which writes nothing on stdout, and `-qq`, which writes nothing at all. */
export function quieted(host: CliHost, { quiet }: Values): CliHost {
  if (typeof quiet !== 'number' || quiet === 0) return host;
  return { ...host, streams: { ...host.streams, out: MUTE, ...(quiet > 1 && { errOut: MUTE }) } };
}
