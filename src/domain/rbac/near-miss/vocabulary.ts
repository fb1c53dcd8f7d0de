import { KSERVE_KINDS } from '../../kserve/kinds.ts';
import type { ApiResource, Discovery } from '../../kubernetes/resource.ts';
import type { ResourceAccessRequest } from '../access-review.ts';

/** What is known of the words that a rule may hold. */
export interface Vocabulary {
  /** Other words for the kind that is asked about, in lower case: singular, Kind, short names. */
  readonly otherWords: readonly string[];
  /** True if a plural of that group is served, or a known kind of KServe; then it is hardly a misspelling of another. */
  readonly isPlural: (group: string, plural: string) => boolean;
}

/** `discovery` is undefined if it failed. */
export function vocabularyFor(request: ResourceAccessRequest, discovery: Discovery | undefined): Vocabulary {
  const served = (discovery?.groups ?? []).flatMap(({ versions }) => versions.flatMap(({ resources }) => resources));
  const all: readonly ApiResource[] = [...served, ...KSERVE_KINDS];
  const plurals = new Set(all.map(({ group, plural }) => `${group}/${plural}`));
  const kinds = all.filter(({ group, plural }) => group === request.group && plural === request.resource);
  const known = kinds.flatMap(({ singular, kind, shortNames }) => [singular, kind.toLowerCase(), ...shortNames]);
  // Without discovery English has to do.
  const words = [...known, request.resource.replace(/s$/, '')];
  return {
    otherWords: [...new Set(words.filter((word) => word !== '' && word !== request.resource))],
    isPlural: (group, plural) => plurals.has(`${group}/${plural}`),
  };
}
