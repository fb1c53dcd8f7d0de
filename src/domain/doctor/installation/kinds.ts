import type { Finding } from '../../finding.ts';
import { KSERVE_GROUP } from '../../kserve/kinds.ts';
import { type Installed, isServed } from '../../kserve/resource-lookup.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found } from '../check.ts';
import type { InstallationFacts } from './input.ts';

/** Whether a kind of KServe is served. */
export function isServedKind(plural: string, { discovery }: Pick<InstallationFacts, 'discovery'>): Installed {
  return discovery === undefined ? 'unknown' : isServed({ group: KSERVE_GROUP, plural }, discovery);
}

export function missingKinds(input: InstallationFacts): readonly Finding<Code>[] {
  const missing = ['inferenceservices', 'servingruntimes'].filter((plural) => isServedKind(plural, input) === 'no');
  return missing.map((plural) => {
    const object = { kind: 'CustomResourceDefinition', name: `${plural}.${KSERVE_GROUP}` };
    return found(
      'crd-missing',
      object,
      `the API server does not serve ${plural} of ${KSERVE_GROUP}: KServe is not installed, or only in part`,
      { evidence: [evidenceOf(object, 'discovery', 'not served')] },
    );
  });
}
