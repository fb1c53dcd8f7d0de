import { wait } from '../async/deadline.ts';
import type { Connection } from '../cluster/cluster.ts';
import type { Context } from '../command/context.ts';
import { paintLabels } from '../output/paint.ts';
import { createStyle, type Style, wantsColor } from '../output/style.ts';
import type { CliHost } from './cli-host.ts';
import { toConnectionOptions } from './options.ts';
import type { Values } from './parse/values.ts';
import { programName } from './program-name.ts';
import type { Wrap } from './wrapping.ts';

/** A context, and what only `run.ts` asks of it. */
export interface OwnedContext {
  readonly context: Context;
  /** The connection if one was made. */
  readonly connected: () => Connection | undefined;
}

/** What a run adds to a context: a template to apply, or a place for a table. */
export type GivenContext = Pick<Context, 'template' | 'table'>;

/** `--color`, or `never` for `--no-color`. */
export function colorChoice({ color, noColor }: Values): string {
  return noColor === true ? 'never' : String(color ?? 'auto');
}

/** How a stream is marked: in colour if it is wanted there. */
export function styleOn({ isTTY }: Pick<CliHost['streams']['out'], 'isTTY'>, choice: string, env: CliHost['env']): Style {
  return createStyle(wantsColor({ choice, env, isTTY }));
}

/** The host, with the labels of failures and warnings on stderr marked if colour is wanted there. */
export function withPaintedLabels(host: CliHost, choice: string): CliHost {
  const { errOut } = host.streams;
  // Not before there is something to write: to look at a stream costs time.
  let style: Style | undefined;
  const painted = {
    write: (text: string) => {
      style ??= styleOn(errOut, choice, host.env);
      errOut.write(paintLabels(text, style));
    },
    get isTTY() {
      return errOut.isTTY;
    },
    get columns() {
      return errOut.columns;
    },
  };
  return { ...host, streams: { ...host.streams, errOut: painted } };
}

/** Makes what a command may use out of the outside world and the values of the command line. */
export function createContext(host: CliHost, values: Values, wrap: Wrap, given: GivenContext): OwnedContext {
  const options = toConnectionOptions(values);
  let connected: Connection | undefined;
  let connecting: Promise<Connection> | undefined;
  const connect = async (): Promise<Connection> => {
    connected = await host.connect(options, host);
    return connected;
  };
  const context: Context = {
    streams: host.streams,
    style: styleOn(host.streams.out, colorChoice(values), host.env),
    wrap: (text) => wrap(host.secrets?.redact(text) ?? text),
    now: host.now,
    signal: host.signal,
    env: host.env,
    platform: host.platform,
    build: host.build,
    connectionOptions: options,
    programName: programName(host),
    ...given,
    connection: () => {
      connecting ??= connect();
      return connecting;
    },
    reconnect: async () => {
      const anew = await connect();
      connecting = Promise.resolve(anew);
      return anew;
    },
    wait: host.wait ?? wait,
  };
  return { context, connected: () => connected };
}
