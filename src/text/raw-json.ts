/** What `JSON.parse` and `JSON.stringify` can do with a number's own digits: https://github.com/tc39/proposal-json-parse-with-source. TypeScript does not know it yet. */
interface JsonWithSource {
  readonly parse: (text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown) => unknown;
  readonly rawJSON: (text: string) => RawJson;
  readonly isRawJSON: (value: unknown) => value is RawJson;
}

/** A JSON text that `JSON.stringify` writes as it is. */
interface RawJson {
  readonly rawJSON: string;
}

const json = JSON as unknown as JsonWithSource;

// Not within strings only: it is a hint, and costs nothing where there is none.
const LONG_NUMBER = /[:[,]\s*-?\d{16}/;

/** The range of Go's int64; beyond it Kubernetes itself keeps a floating point number. */
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** As `JSON.parse`, but integers that JavaScript cannot hold, up to 64 bits, keep their digits: they become what `rawNumber` reads. */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source }) => (isInexact(value, source) ? json.rawJSON(source) : value));
}

function isInexact(value: unknown, source: string | undefined): source is string {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined || !/^-?\d{1,19}$/.test(source)) return false;
  const exact = BigInt(source);
  return exact >= LEAST && exact <= MOST;
}

/** The digits of an integer that JavaScript cannot hold; undefined for every other value. */
export function rawNumber(value: unknown): string | undefined {
  return json.isRawJSON(value) ? value.rawJSON : undefined;
}
