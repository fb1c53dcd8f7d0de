/** A text is not what its format asks for. The message is Go's and names line or field, never the value: it may be a secret. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
