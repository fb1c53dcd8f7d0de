import { reveal, Secret } from '../../src/text/secret.ts';

/** A value in which each secret is what it holds. */
export type Revealed<T> =
  T extends Secret<infer Held>
    ? Revealed<Held>
    : T extends string | Buffer | URL | ((...given: never[]) => unknown)
      ? T
      : { [K in keyof T]: Revealed<T[K]> };

/** Data with its secrets open, for comparisons: to `deepEqual` all secrets are equal. */
export function revealed<T>(value: T): Revealed<T> {
  return opened(value) as Revealed<T>;
}

function opened(value: unknown): unknown {
  if (value instanceof Secret) return opened(reveal(value));
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, opened(field)]));
}
