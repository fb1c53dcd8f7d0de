const MASK = '***';
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

let open: <T>(secret: Secret<T>) => T;

/**
 * A token, a password or a private key that nothing shows by accident: printed, inspected, spread, cloned or written as JSON it has no content.
 * Two of them look equal to `deepEqual`: compare what `reveal` gives.
 */
export class Secret<T = string> {
  readonly #value: T;

  static {
    open = (secret) => secret.#value;
  }

  constructor(value: T) {
    this.#value = value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [INSPECT](): string {
    return MASK;
  }
}

/** What the secret holds. For `cluster/credentials` and `cluster/transport` alone: a test refuses it elsewhere. */
export function reveal<T>(secret: Secret<T>): T {
  return open(secret);
}
