import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Terminal cells that a line takes, as cli-table3 counts them: none for marks and combining characters, two for wide ones. */
export function cellsOf(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
}
