import { editDistance } from '../../text/did-you-mean.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../kserve/kinds.ts';
import { resourcesOfGroup } from '../kserve/resource-lookup.ts';
import { type Discovery, HIDDEN_SUBRESOURCES } from '../kubernetes/resource.ts';

/** A word of a rule that no request matches on this server: `plural.group`, with `/subresource`. */
export interface DeadWord {
  readonly word: string;
  /** `notInstalled`: a kind of KServe that this server lacks; `notAKind`: a kind that its group does not have. */
  readonly reason: 'groupNotServed' | 'groupWithVersion' | 'notInstalled' | 'notAKind' | 'subresourceNotServed';
  /** What was probably meant. */
  readonly suggestion?: string;
}

const VERSION = /^v\d+((alpha|beta)\d+)?(\/|$)/;
/** A word that is this near to a served one is a slip. */
const NEAR = 2;

interface RuleWord {
  readonly plural: string;
  readonly group: string;
  readonly subresource: string | undefined;
}

function parse(word: string): RuleWord {
  const dot = word.indexOf('.');
  const plural = dot === -1 ? word : word.slice(0, dot);
  const [group = '', ...rest] = dot === -1 ? [''] : word.slice(dot + 1).split('/');
  return { plural, group, subresource: rest.length === 0 ? undefined : rest.join('/') };
}

function nearest(plural: string, served: readonly string[]): string | undefined {
  const near = served.map((each) => ({ each, distance: editDistance(plural, each) })).filter(({ distance }) => distance <= NEAR);
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.each;
}

type Finding = Omit<DeadWord, 'word'>;

function examineKind({ plural, group, subresource }: RuleWord, discovery: Discovery): Finding | undefined {
  const kinds = resourcesOfGroup(group, discovery);
  const kind = kinds.find((each) => each.plural === plural);
  if (kind !== undefined) {
    const isServed = subresource === undefined || [...kind.subresources, ...HIDDEN_SUBRESOURCES, '*'].includes(subresource);
    return isServed ? undefined : { reason: 'subresourceNotServed' };
  }
  const ofKserve = group === KSERVE_GROUP ? KSERVE_KINDS : [];
  if (ofKserve.some((each) => each.plural === plural)) return { reason: 'notInstalled' };
  const suggestion = nearest(plural, [...new Set([...kinds, ...ofKserve].map((each) => each.plural))]);
  return { reason: 'notAKind', ...(suggestion !== undefined && { suggestion }) };
}

function examine(word: RuleWord, discovery: Discovery): Finding | undefined {
  const { plural, group, subresource = '' } = word;
  if (VERSION.test(subresource)) return { reason: 'groupWithVersion', suggestion: `${plural}.${group}` };
  const known = discovery.groups.find(({ name }) => name === group);
  if (known === undefined) return { reason: 'groupNotServed' };
  return known.versions.some(({ stale }) => stale) || plural === '*' ? undefined : examineKind(word, discovery);
}

/** The words of rules that have no effect here, each once. What discovery cannot tell is not among them, nor is a wildcard. */
export function deadWords(words: readonly string[], discovery: Discovery): readonly DeadWord[] {
  return [...new Set(words)].flatMap((word) => {
    const parsed = parse(word);
    const found = word === '*' || parsed.group === '*' ? undefined : examine(parsed, discovery);
    return found === undefined ? [] : [{ word, ...found }];
  });
}
