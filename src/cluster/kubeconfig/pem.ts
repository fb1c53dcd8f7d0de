import { decodeBase64 } from '../../documents/go-base64.ts';

/** What stands between a BEGIN and an END line. */
export interface PemBlock {
  readonly type: string;
  readonly der: Buffer;
  readonly hasHeaders: boolean;
}

const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';

/**
 * The blocks of a PEM text as Go's `pem.Decode` finds them: a block begins and ends with whole lines, blank lines and blanks in it do not
 * count, and what is no block is skipped. In time that grows with the text alone. https://pkg.go.dev/encoding/pem#Decode
 */
export function pemBlocks(pem: Buffer): PemBlock[] {
  const text = pem.toString('latin1');
  const found: PemBlock[] = [];
  let from = 0;
  for (let end = text.indexOf(END); end >= 0; end = text.indexOf(END, from)) {
    const block = blockBefore(text, from, end);
    from = block === undefined ? end + END.length : lineAt(text, end + 1).next;
    if (block !== undefined) found.push(block);
  }
  return found;
}

/** A line without the blanks at its end, and where the next one starts. */
function lineAt(text: string, start: number): { readonly line: string; readonly next: number } {
  const stop = text.indexOf('\n', start);
  const next = stop < 0 ? text.length : stop + 1;
  let end = stop < 0 ? text.length : stop;
  if (text[end - 1] === '\r') end--;
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return { line: text.slice(start, end), next };
}

/** The block whose END line follows the line break at `end`; it begins at the last BEGIN line before that. */
function blockBefore(text: string, from: number, end: number): PemBlock | undefined {
  const begin = text.slice(from, end).lastIndexOf(BEGIN) + from;
  if (begin < from || (begin > 0 && text[begin - 1] !== '\n')) return undefined;
  const head = lineAt(text, begin + BEGIN.length);
  if (!head.line.endsWith(DASHES)) return undefined;
  const type = head.line.slice(0, -DASHES.length);
  if (lineAt(text, end + 1).line !== `${END.slice(1)}${type}${DASHES}`) return undefined;
  const body = afterHeaders(text, head.next, end);
  const der = decoded(text.slice(body, Math.max(body, end)));
  return der && { type, der, hasHeaders: body > head.next };
}

function afterHeaders(text: string, start: number, end: number): number {
  let body = start;
  for (let at = lineAt(text, body); body < end && at.line.includes(':'); at = lineAt(text, body)) body = at.next;
  return body;
}

function decoded(base64: string): Buffer | undefined {
  try {
    return decodeBase64(base64.replace(/[ \t]/g, ''));
  } catch {
    return undefined;
  }
}

/** One block in the form that every reader takes. */
export function toPem(type: string, der: Buffer): string {
  return `${BEGIN}${type}${DASHES}\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${type}${DASHES}\n`;
}
