import { didYouMean } from '../../../text/did-you-mean.ts';
import type { Finding } from '../../finding.ts';
import { ANNOTATIONS, DEPLOYMENT_MODES, OTHER_PREFIXES } from '../../kserve/annotations.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { quoted } from '../check.ts';
import { annotationOf } from '../facts.ts';
import { foundAt, type ManifestFacts, type ManifestRule } from './manifest.ts';

const OWN = 'serving.kserve.io/';
const MODE = `${OWN}deploymentMode`;
/** A longer key is no slip of one of KServe's. */
const LONGEST = 80;

/** Annotations that nothing reads, but that are near to one of KServe's, and modes that there are not. */
const deadWords: ManifestRule = (facts) => [...keys(facts), ...mode(facts)];

function keys(facts: ManifestFacts): readonly Finding<Code>[] {
  const { annotations } = facts.manifest.object.metadata;
  const given = typeof annotations === 'object' && annotations !== null ? Object.keys(annotations) : [];
  return given.flatMap((key) => {
    const meant = meantKey(key);
    if (meant === undefined) return [];
    const text = `KServe does not read the annotation ${quoted(key)}: did you mean ${meant}?`;
    return [foundAt('annotation-unread', facts, ['metadata', 'annotations', key], text, { fix: { text: `write ${meant}` } })];
  });
}

function meantKey(key: string): string | undefined {
  if (key.length > LONGEST || ANNOTATIONS.includes(key)) return undefined;
  const prefix = [OWN, ...OTHER_PREFIXES].find((one) => key.toLowerCase().startsWith(one));
  if (prefix === undefined) return undefined;
  const name = key.slice(prefix.length).toLowerCase();
  const near = didYouMean(
    name,
    ANNOTATIONS.map((one) => one.slice(OWN.length)),
  );
  return near === undefined ? undefined : `${OWN}${near}`;
}

function mode(facts: ManifestFacts): readonly Finding<Code>[] {
  const { object } = facts.manifest;
  const given = annotationOf(object, MODE);
  if (object.kind !== 'InferenceService' || given === undefined || DEPLOYMENT_MODES.includes(given)) return [];
  const near = didYouMean(given, DEPLOYMENT_MODES);
  const hint = near === undefined ? `it knows ${DEPLOYMENT_MODES.slice(0, 3).join(', ')}` : `did you mean ${near}?`;
  const text = `KServe does not know the deployment mode ${quoted(given)} and uses that of the cluster: ${hint}`;
  return [foundAt('annotation-unread', facts, ['metadata', 'annotations', MODE], text)];
}

export const WORD_RULES: readonly ManifestRule[] = [deadWords];
