import { shorten } from '../../text/shorten.ts';
import { warningLine } from '../../text/warning.ts';
import { LIMITS } from '../limits.ts';

export interface Warnings {
  /** Prints what the values of one answer's `Warning` header say. */
  readonly handle: (values: readonly string[]) => void;
  readonly count: () => number;
}

// Nobody reads more, and each is kept to tell repeats.
const MOST_WARNINGS = 1000;

/** The API server's warnings (RFC 7234, 5.5), each printed once; other codes than 299 are proxies' and caches'. */
export function createWarnings(write: (text: string) => void, redact: (text: string) => string): Warnings {
  const seen = new Set<string>();
  const handle = (values: readonly string[]) => {
    for (const text of values.flatMap(parseWarnings)) {
      if (seen.has(text) || seen.size >= MOST_WARNINGS) continue;
      seen.add(text);
      write(warningLine(shorten(redact(text), LIMITS.messageCharacters)));
    }
  };
  return { handle, count: () => seen.size };
}

// Code, agent, quoted text, and perhaps a quoted date.
const WARNING = /^\s*(\d{3}) (\S+) "((?:[^"\\]|\\[\s\S])*)"\s*(?:"[^"]*"\s*)?(?:,|$)/;

/**
 * Texts of the warnings in one header value, up to the first that is malformed, as
 * https://pkg.go.dev/k8s.io/apimachinery/pkg/util/net#ParseWarningHeaders reads them.
 */
function parseWarnings(value: string): string[] {
  const texts: string[] = [];
  let rest = Buffer.from(value, 'latin1').toString('utf8').trim();
  for (let match = WARNING.exec(rest); match && rest !== ''; match = WARNING.exec(rest)) {
    const [whole, code, , quoted = ''] = match;
    const text = quoted.replace(/\\([\s\S])/g, unescaped);
    if (/\p{Cc}/u.test(text)) break;
    if (code === '299' && text !== '') texts.push(text);
    rest = rest.slice(whole.length).trim();
  }
  return texts;
}

/** A backslash before anything but a quote or backslash is dropped. */
function unescaped(_pair: string, character: string): string {
  return character;
}
