/** What replaces a secret, as in client-go's own logs. */
export const MASK = '<masked>';

/** A secret as it is, as a URL has it, and as a form has it. */
export function formsOf(secret: string): readonly string[] {
  const form = `${new URLSearchParams({ '': secret })}`.slice(1);
  return [secret, encodeURIComponent(secret.toWellFormed()), form];
}

export function maskSecrets(text: string, secrets: Iterable<string>): string {
  return [...secrets].reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
