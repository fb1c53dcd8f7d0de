const MARK = 's3cr3t';

/** A token, password or other secret that can be recognised wherever it turns up. */
export function secret(name: string): string {
  return `${MARK}-${name}`;
}

/** Value of a `Basic` header. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Lines of `text` that show a secret of the suite or a private key, plain or in base64. */
export function linesWithSecrets(text: string): string[] {
  return text.split('\n').filter((line) => FORMS.some((form) => line.includes(form)));
}

const FORMS = [MARK, 'PRIVATE KEY'].flatMap((word) => [word, ...[0, 1, 2].map((offset) => base64Core(word, offset))]);

/** The characters of base64 that `word` alone decides, when it starts `offset` bytes after a group of three. */
function base64Core(word: string, offset: number): string {
  const start = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + word.length) * 8) / 6);
  return Buffer.from('x'.repeat(offset) + word)
    .toString('base64')
    .slice(start, end);
}
