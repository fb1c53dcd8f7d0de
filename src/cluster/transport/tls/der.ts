/** One element of DER: its tag, and where its content stands. */
interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

const TAG = { boolean: 0x01, integer: 0x02, version: 0xa0, extensions: 0xa3 } as const;

/** What of a certificate Node does not tell. */
export interface CertificateDetails {
  /** Content of the OBJECT IDENTIFIER, in hexadecimal digits. */
  readonly signatureAlgorithm: string;
  /** By the content of their OBJECT IDENTIFIER, in hexadecimal digits. */
  readonly extensions: ReadonlyMap<string, { readonly critical: boolean; readonly value: Buffer }>;
}

function elements(der: Buffer): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < der.length; ) {
    const { start, end } = contentAt(der, at);
    found.push({ tag: der.readUInt8(at), content: der.subarray(start, end) });
    at = end;
  }
  return found;
}

function contentAt(der: Buffer, at: number): { readonly start: number; readonly end: number } {
  const first = der.readUInt8(at + 1);
  const bytes = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + bytes;
  const end = start + (bytes === 0 ? first : der.readUIntBE(at + 2, bytes));
  if (end > der.length) throw new RangeError('DER ends within an element');
  return { start, end };
}

function contents(der: Buffer | undefined): readonly Buffer[] {
  return elements(der ?? Buffer.alloc(0)).map(({ content }) => content);
}

/** Reads a certificate that OpenSSL has taken. Throws a RangeError for what is no DER. https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
export function certificateDetails(certificate: Buffer): CertificateDetails {
  const [tbs, algorithm] = contents(contents(certificate)[0]);
  const listed = elements(tbs ?? Buffer.alloc(0)).find(({ tag }) => tag === TAG.extensions);
  const extensions = contents(contents(listed?.content)[0]).map((extension) => {
    const parts = elements(extension);
    const critical = parts.some(({ tag, content }) => tag === TAG.boolean && content[0] !== 0);
    return [hex(parts[0]?.content), { critical, value: parts.at(-1)?.content ?? Buffer.alloc(0) }] as const;
  });
  return { signatureAlgorithm: hex(contents(algorithm)[0]), extensions: new Map(extensions) };
}

function hex(content: Buffer | undefined): string {
  return content?.toString('hex') ?? '';
}

/** `BasicConstraints`: how many authorities may follow below; undefined if it is no authority. */
export function authorityDepth(value: Buffer): number | undefined {
  const parts = elements(contents(value).length === 0 ? Buffer.alloc(0) : (elements(value)[0]?.content ?? Buffer.alloc(0)));
  if (!parts.some(({ tag, content }) => tag === TAG.boolean && content[0] !== 0)) return undefined;
  const length = parts.find(({ tag }) => tag === TAG.integer)?.content;
  return length === undefined ? Number.POSITIVE_INFINITY : length.readUIntBE(0, length.length);
}
