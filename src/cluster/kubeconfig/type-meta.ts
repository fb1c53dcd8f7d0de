import { DecodeError } from '../../documents/decode-error.ts';
import { struct, text } from '../../documents/go-json.ts';
import { messageOf } from '../../errors.ts';

/** What every Kubernetes document starts with. */
export interface TypeMeta {
  readonly apiVersion?: string;
  readonly kind?: string;
}

const typeMeta = struct<TypeMeta>('', { apiVersion: text(), kind: text() }, 'struct');

/** Reads version and kind, before anything else is looked at. Throws a DecodeError. */
export function decodeTypeMeta(document: unknown): TypeMeta {
  try {
    return typeMeta.decode(document, { struct: '', path: '' }) ?? {};
  } catch (cause) {
    throw new DecodeError(`couldn't get version/kind; json parse error: ${messageOf(cause)}`);
  }
}
