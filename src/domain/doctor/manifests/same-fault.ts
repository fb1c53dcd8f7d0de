import type { Finding } from '../../finding.ts';
import { pathText } from '../../kubernetes/schema/violation.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf } from '../check.ts';
import type { ManifestFacts } from './manifest.ts';

/**
 * Of one fault the API server or a webhook says that it is there, and a rule or the schema at which field: that is one finding, with the words of
 * both.
 */
export function mergedFaults(findings: readonly Finding<Code>[], { verdict }: ManifestFacts): readonly Finding<Code>[] {
  if (verdict.state !== 'refused') return findings;
  const answers = new Set(verdict.violations.map(({ path, text }) => keyOf(pathText(path), text)));
  const [said, own] = [true, false].map((isSaid) =>
    findings.filter((finding) => isRefusal(finding) && answers.has(keyOf(finding.field, finding.message)) === isSaid),
  );
  const wordsOf = new Map<Finding, readonly Finding<Code>[]>();
  const merged = new Set<Finding>();
  for (const words of said ?? []) {
    const fault = own?.find((one) => isSameFault(words, one));
    if (fault === undefined) continue;
    merged.add(words);
    wordsOf.set(fault, [...(wordsOf.get(fault) ?? []), words]);
  }
  return findings.filter((finding) => !merged.has(finding)).map((finding) => withWords(finding, wordsOf.get(finding) ?? []));
}

function keyOf(field: string | undefined, message: string): string {
  return JSON.stringify([field ?? '', message]);
}

function isRefusal({ code }: Finding<Code>): boolean {
  return code === 'invalid-manifest';
}

function withWords(finding: Finding<Code>, words: readonly Finding<Code>[]): Finding<Code> {
  const others = words.filter(({ message }) => message !== finding.message);
  return { ...finding, evidence: [...finding.evidence, ...others.map(({ message }) => evidenceOf(finding.object, 'dry run', message))] };
}

const UNREADABLE = /^json: cannot unmarshal .* into Go struct field (\S+)/;

/** @param said what the server says, of the whole object or of a part of it */
function isSameFault(said: Finding, own: Finding): boolean {
  const [place = '', field = ''] = [said.field, own.field];
  // What lies in a list where an object belongs is unknown to the server.
  if (isBelow(place, field)) return own.message.includes('must be of type');
  if (place !== '' && !isBelow(field, place)) return false;
  const [, goField] = UNREADABLE.exec(said.message) ?? [];
  if (goField !== undefined) return field.split(/[.[\]]/).includes(goField.split('.').at(-1) ?? '');
  // A webhook that falls over an object says nothing of it.
  return said.message.startsWith('panic: ') || saysTheSame(said.message, own.message);
}

function isBelow(field: string, other: string): boolean {
  return other !== '' && (field.startsWith(`${other}.`) || field.startsWith(`${other}[`));
}

/** Of the shorter text most words are in the longer one. */
const MOST_WORDS = 0.6;
const FEWEST_WORDS = 3;

function saysTheSame(one: string, other: string): boolean {
  const [a, b] = [wordsIn(one), wordsIn(other)];
  const fewest = Math.min(a.size, b.size);
  return fewest >= FEWEST_WORDS && a.intersection(b).size >= MOST_WORDS * fewest;
}

function wordsIn(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[a-z]{3,}/g));
}
