import { type Predictor, withModelDefaults, withValue } from '../model.ts';
import type { Asked } from './fix.ts';

/** What the predictor asks for. A legacy field has no place for a version or a runtime, and its name is the format. */
export function askedBy({ request, written, path, legacyField }: Predictor): Asked {
  return {
    request,
    path,
    legacyField,
    changed: (key, value) => {
      if (legacyField !== undefined && key !== 'protocol' && key !== 'multiNode') return undefined;
      return withModelDefaults(withValue(written, key, value));
    },
  };
}
