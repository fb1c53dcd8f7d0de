import type { Finding, FindingObject } from '../../finding.ts';
import { runtimeFindings } from '../../kserve/runtime-findings.ts';
import { type ServingRuntime, toServingRuntime } from '../../kserve/serving-runtime.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found } from '../check.ts';
import type { InstallationFacts } from './input.ts';
import { isServedKind } from './kinds.ts';

const KSERVE: FindingObject = { kind: 'KServe', name: 'kserve' };

/** Whether there are runtimes, and each of them can be used. */
export function runtimesFindings(input: InstallationFacts): readonly Finding<Code>[] {
  const { list } = input.facts;
  const runtimes = [
    ...list('ServingRuntime').map((object) => toServingRuntime(object, 'namespace')),
    ...list('ClusterServingRuntime').map((object) => toServingRuntime(object, 'cluster')),
  ];
  if (runtimes.length === 0) return noRuntimes(input);
  // That a runtime has to be named for a format is how it is meant.
  const own = runtimes.flatMap((runtime) => runtimeFindings(runtime, runtimes)).filter(({ severity }) => severity !== 'info');
  return [...own, ...unusable(runtimes)];
}

function noRuntimes(input: InstallationFacts): readonly Finding<Code>[] {
  const isInstalled = isServedKind('servingruntimes', input) === 'yes';
  if (!isInstalled || !input.facts.isComplete('ClusterServingRuntime', undefined)) return [];
  return [
    found('runtimes-missing', KSERVE, 'there are no ClusterServingRuntimes, and no ServingRuntimes where they were looked for', {
      evidence: [evidenceOf(KSERVE, 'clusterservingruntimes', '<none>')],
    }),
  ];
}

/** There are some, and KServe may choose none of them. */
function unusable(runtimes: readonly ServingRuntime[]): readonly Finding<Code>[] {
  const names = runtimes.map(({ name }) => name).join(', ');
  const enabled = runtimes.filter(({ disabled }) => !disabled);
  if (enabled.length === 0) {
    const message = runtimes.length === 1 ? 'the only runtime is disabled' : `all ${runtimes.length} runtimes are disabled`;
    return [
      found('runtimes-missing', KSERVE, message, {
        evidence: [evidenceOf(KSERVE, 'runtimes', names)],
        fix: { text: 'set spec.disabled to false in those that are to serve' },
      }),
    ];
  }
  const isChosen = enabled.some(
    ({ multiModel, supportedModelFormats }) => !multiModel && supportedModelFormats.some(({ autoSelect }) => autoSelect),
  );
  if (isChosen) return [];
  return [
    found('runtimes-missing', KSERVE, 'no runtime has a model format with autoSelect: true: InferenceServices have to name one', {
      severity: 'info',
      evidence: [evidenceOf(KSERVE, 'runtimes', names)],
      fix: { text: 'name the runtime in spec.predictor.model.runtime, or set autoSelect: true where KServe may choose it' },
    }),
  ];
}
