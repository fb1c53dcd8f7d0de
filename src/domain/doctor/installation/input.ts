import type { Discovery } from '../../kubernetes/resource.ts';
import type { Facts } from '../facts.ts';

/** What was learned of KServe itself. */
export interface InstallationFacts {
  readonly facts: Facts;
  /** Undefined if it could not be read. */
  readonly discovery: Discovery | undefined;
  /** When the CA certificate of a webhook ends, by the name of the webhook; undefined if it cannot be read. */
  readonly caEnds: ReadonlyMap<string, Date | undefined>;
}
