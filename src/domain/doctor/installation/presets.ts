import type { Finding } from '../../finding.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found } from '../check.ts';
import { nameOf, namespaceOf } from '../facts.ts';
import { conditionsOf, conditionText, refOf } from '../service.ts';
import { controllerOf } from './controllers.ts';
import type { InstallationFacts } from './input.ts';

/** What KServe 0.16 and newer bases an LLMInferenceService on, by how it is to run; later releases add more. */
const PRESETS = [
  'template',
  'worker-data-parallel',
  'decode-template',
  'decode-worker-data-parallel',
  'prefill-template',
  'prefill-worker-data-parallel',
  'router-route',
  'scheduler',
];

/** Presets of LLMInferenceServices that the controller looks for in its own namespace. */
export function presetFindings(input: InstallationFacts): readonly Finding<Code>[] {
  const controller = controllerOf(input);
  const namespace = controller && namespaceOf(controller);
  const { list, isComplete } = input.facts;
  const presets = list('LLMInferenceServiceConfig').filter((config) => namespaceOf(config) === namespace);
  const unready = presets.flatMap((config) =>
    conditionsOf(config)
      .filter(({ type, status }) => type === 'Ready' && status === 'False')
      .map((condition) => {
        const ref = refOf(config);
        return found('llm-config-invalid', ref, `the LLMInferenceServiceConfig ${ref.name} is not ready: ${conditionText(condition)}`, {
          severity: 'warning',
          evidence: [evidenceOf(ref, 'status.conditions[Ready].message', conditionText(condition))],
        });
      }),
  );
  if (namespace === undefined || !isComplete('LLMInferenceServiceConfig', namespace)) return unready;
  // A distribution may put its release before the name.
  const missing = PRESETS.filter((name) => !presets.some((config) => nameOf(config).endsWith(`kserve-config-llm-${name}`)));
  const isUsed = list('LLMInferenceService').length > 0;
  if (missing.length === 0 || (presets.length === 0 && !isUsed)) return unready;
  const object = { kind: 'LLMInferenceServiceConfig', namespace, name: `kserve-config-llm-${missing[0]}` };
  const names = missing.map((name) => `kserve-config-llm-${name}`).join(', ');
  return [
    ...unready,
    found(
      'llm-preset-missing',
      object,
      `${missing.length} of KServe's presets for LLMInferenceServices are not in ${namespace}: ${names}`,
      {
        severity: isUsed ? 'error' : 'warning',
        evidence: [evidenceOf(object, 'metadata.name', presets.map(nameOf).join(', ') || '<none>')],
      },
    ),
  ];
}
