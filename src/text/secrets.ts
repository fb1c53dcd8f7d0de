import { replaceWritten, type Span, type WrittenText } from './writings.ts';

/** What replaces a secret, as in client-go's own logs. */
export const MASK = '<masked>';

/** The secrets of one run, so that nobody who echoes them brings them to light. */
export interface Secrets {
  /** A text that must not be shown. One that could be an ordinary word is not looked for: see `isOrdinary`. */
  readonly add: (secret: string) => void;
  /** The text without the secrets, plain or as URLs, JSON, Go, HTML, terminals and base64 have them, in any mixture. */
  readonly redact: (text: string) => string;
}

interface Known {
  /** One of these is in any text that holds the secret, unless letters and digits are escaped as well. Empty: it must be looked for. */
  readonly needles: readonly string[];
  readonly texts: readonly WrittenText[];
}

export function createSecrets(): Secrets {
  const known = new Map<string, Known>();
  return {
    add: (secret) => {
      if (!known.has(secret) && !isOrdinary(secret)) known.set(secret, knownOf(secret));
    },
    redact: (text) => {
      if (known.size === 0) return text;
      const escaped = escapedIn(text);
      const isPlain = ({ needles }: Known) => needles.length === 0 || needles.some((needle) => text.includes(needle));
      const found = [...known.values()]
        .map((one) => ({ ...one, isPlain: isPlain(one) }))
        .filter((one) => one.isPlain || escaped.length > 0)
        .flatMap(({ texts, isPlain }) => texts.map((written) => ({ written, isPlain })));
      return found.reduce((rest, one) => mask(rest, one), { text, escaped }).text;
    },
  };
}

/** A text as far as it is masked. */
interface Masked {
  readonly text: string;
  readonly escaped: readonly Span[];
}

/** @param isPlain the secret may be anywhere, not only at an escape */
function mask(rest: Masked, { written, isPlain }: { readonly written: WrittenText; readonly isPlain: boolean }): Masked {
  const text = replaceWritten(rest.text, written, MASK, isPlain ? undefined : rest.escaped);
  return text === rest.text ? rest : { text, escaped: escapedIn(text) };
}

// Of letters and digits nothing needs an escape: where one has it, all may have.
const ESCAPED_WORD =
  /%(?:25)*(?:3\d|[4-7][\da-f])|\\(?:u00|x|u\{0*|U0{2,6})(?:3\d|[4-7][\da-f])|\\(?:0[67]|1[0-7])[0-7]|&(?:amp;)*#(?:x0*[3-7][\da-f]|0*(?:[4-9]\d|1[0-2]\d))/gi;

/** Escapes that are no further apart count as one: a text may be full of them. */
const NEAR = 4096;

/** The parts of a text that a secret touches unless its letters and digits are plain. */
function escapedIn(text: string): readonly Span[] {
  const spans: { first: number; last: number }[] = [];
  for (const { index, 0: writing } of text.matchAll(ESCAPED_WORD)) {
    const before = spans.at(-1);
    const last = index + writing.length;
    if (before !== undefined && index - before.last < NEAR) before.last = last;
    else spans.push({ first: index, last });
  }
  return spans;
}

/** Names and other words of ordinary output, which would all be blotted out. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'administrator anonymous authenticated cluster-admin clusterservingruntime clusterservingruntimes container development forbidden inference ' +
    'inferenceservice inferenceservices kserve-container kube-system kubernetes localhost metadata namespace namespaces openshift password production ' +
    'protocol resource resources serviceaccount servingruntime servingruntimes serving.kserve.io sklearn-server staging supported template unauthorized ' +
    'undefined username v1alpha1 v1alpha2 v1beta1 validation'
  ).split(' '),
);

/** Too short to be looked for, or a word as it stands in any output. Where a secret is known to stand it is masked all the same. */
function isOrdinary(secret: string): boolean {
  if (secret.length < 4 || WORDS.has(secret.toLowerCase())) return true;
  if (/^(?:[A-Za-z]+|\d+|[a-z\d]+(?:-[a-z\d]+)+)$/.test(secret)) return secret.length < 8;
  return /^[A-Za-z\d]+$/.test(secret) && secret.length < 6;
}

function knownOf(secret: string): Known {
  const cores = base64Cores(secret);
  const longest = longestRun(secret);
  return {
    needles: longest.length < 3 ? [] : [longest, ...cores.map(longestRun)],
    texts: [...cores.map((text) => ({ text, isBase64: true })), ...writingsOf(secret).map((text) => ({ text, isBase64: false }))],
  };
}

/** The secret, and its UTF-8 read byte by byte, as in header lines. */
function writingsOf(secret: string): readonly string[] {
  return [...new Set([secret, Buffer.from(secret).toString('latin1')])];
}

/** The longest part of letters and digits, at most as long as it takes to be rare. */
function longestRun(text: string): string {
  const runs = text.match(/[A-Za-z\d]+/g) ?? [];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '').slice(0, 24);
}

/** What base64 makes of the secret alone, at each of the three places in a group that it may begin at. Too short ones say nothing. */
function base64Cores(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2]
    .map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)),
    )
    .filter((core) => core.length >= 6);
}
