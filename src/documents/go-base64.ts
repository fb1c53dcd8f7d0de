import { DecodeError } from './decode-error.ts';

const NEITHER_DIGIT_NOR_BREAK = /[^A-Za-z0-9+/\r\n]/;

function skipBreaks(encoded: string, from: number): number {
  const length = /^[\r\n]*/.exec(encoded.slice(from))?.[0].length ?? 0;
  return from + length;
}

function paddingFault(encoded: string, padding: number, digits: number): number {
  if (digits < 2) return padding;
  let end = padding + 1;
  if (digits === 2) {
    const second = skipBreaks(encoded, end);
    if (second === encoded.length) return second;
    if (encoded[second] !== '=') return second - 1;
    end = second + 1;
  }
  const rest = skipBreaks(encoded, end);
  return rest === encoded.length ? -1 : rest;
}

function fault(encoded: string): number {
  const stop = encoded.search(NEITHER_DIGIT_NOR_BREAK);
  const digits = (stop < 0 ? encoded : encoded.slice(0, stop)).replace(/[\r\n]/g, '').length % 4;
  if (stop < 0) return digits === 0 ? -1 : encoded.length - digits;
  return encoded[stop] === '=' ? paddingFault(encoded, stop, digits) : stop;
}

/**
 * Decodes base64 as Go's `base64.StdEncoding` does: standard alphabet, padding required, line breaks skipped. Throws a
 * DecodeError with Go's words and offset; Node's own decoder accepts almost anything.
 */
export function decodeBase64(encoded: string): Buffer {
  const index = fault(encoded);
  if (index >= 0) throw new DecodeError(`illegal base64 data at input byte ${index}`);
  return Buffer.from(encoded, 'base64');
}
