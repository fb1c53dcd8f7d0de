import { creationRefusals } from '../../kserve/admission/admission.ts';
import { pathText, type Violation } from '../../kubernetes/schema/violation.ts';
import { adviceFor } from './advice.ts';
import { wrongVersion } from './api-version.ts';
import { foundAt, type ManifestFacts, type ManifestRule } from './manifest.ts';
import { meantType, noMatch } from './meant-type.ts';

/** More than anyone corrects at once. */
const MOST = 50;

/** What the API server and KServe's webhooks refuse of a manifest: in their words where they were asked, else as far as the schema and the rules say it. */
export const invalidManifest: ManifestRule = (facts) =>
  refusals(facts)
    .slice(0, MOST)
    .map((violation) => foundAt('invalid-manifest', facts, violation.path, violation.text, { fix: adviceFor(facts, violation) }));

function refusals(facts: ManifestFacts): readonly Violation[] {
  const { verdict, schema, manifest } = facts;
  if (verdict.state === 'accepted') return [];
  const wrong = wrongVersion(facts);
  if (wrong.length > 0) return wrong;
  const meant = meantType(manifest.object);
  if (meant !== undefined && verdict.state === 'untried' && verdict.isServed !== true) return [noMatch(manifest.object, meant.field)];
  // What is no type of KServe's is under none of its rules.
  const own = meant === undefined ? creationRefusals(manifest.object, schema) : [];
  if (verdict.state === 'untried') return own;
  // A server stops at the first kind of fault: the others are worth saying at once.
  const said = verdict.violations.map((violation) => placed(violation, own));
  return [...said, ...elsewhere(own, said)];
}

/** A webhook says what is wrong and not where: the rule that says the same knows the place. */
function placed(violation: Violation, own: readonly Violation[]): Violation {
  if (violation.path.length > 0) return violation;
  const same = own.find(({ text }) => violation.text.includes(text));
  return same === undefined ? violation : { path: same.path, text: violation.text };
}

/** Those about fields that nothing is said of yet. */
function elsewhere(more: readonly Violation[], said: readonly Violation[]): readonly Violation[] {
  const fields = new Set(said.map(({ path }) => pathText(path)));
  return more.filter(({ path }) => !fields.has(pathText(path)));
}
