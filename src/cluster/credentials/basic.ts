/** A value of `Authorization` or `Proxy-Authorization`, over UTF-8 (RFC 7617). */
export function basicAuthorization({ name, password }: { readonly name: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}
