import type { Out } from '../host.ts';
import type { CliHost } from './cli-host.ts';

/** Fits text to one terminal. */
export type Wrap = (text: string) => string;

const asItIs: Wrap = (text) => text;

/** How text for people is fitted to a stream: not at all in pipes and files. Loads nothing for those. */
export async function wrapFor({ isTTY, columns }: Out): Promise<Wrap> {
  if (!isTTY || columns === undefined || columns <= 0) return asItIs;
  const { wrapText } = await import('../output/wrap-text.ts');
  return (text) => wrapText(text, columns);
}

/** The host, with messages that fit the terminal: nothing but messages goes to stderr. */
export function withWrappedMessages(host: CliHost, wrap: Wrap): CliHost {
  const { errOut } = host.streams;
  const wrapped = {
    write: (text: string) => errOut.write(wrap(text)),
    get isTTY() {
      return errOut.isTTY;
    },
    get columns() {
      return errOut.columns;
    },
  };
  return { ...host, streams: { ...host.streams, errOut: wrapped } };
}
