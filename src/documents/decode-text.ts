import { lookUp } from '../text/look-up.ts';
import { DecodeError } from './decode-error.ts';

const ENCODINGS: Readonly<Record<string, string>> = { fffe: 'utf-16le', feff: 'utf-16be' };

/** UTF-8, or UTF-16 with a byte order mark, as Windows writes it. Throws a DecodeError. https://yaml.org/spec/1.1/#id868742 */
export function decodeText(bytes: Buffer): string {
  const encoding = lookUp(ENCODINGS, bytes.toString('hex', 0, 2)) ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new DecodeError(`yaml: not valid ${encoding.toUpperCase()}`);
  }
}
