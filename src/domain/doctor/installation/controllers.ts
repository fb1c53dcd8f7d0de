import { shellCommand } from '../../../text/shell.ts';
import type { Finding } from '../../finding.ts';
import { KSERVE_GROUP } from '../../kserve/kinds.ts';
import { CONTROLLER, CONTROLLER_CONTAINER, CONTROLLER_NAMESPACES, kserveFloor, releaseOfImage } from '../../kserve/version.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found } from '../check.ts';
import { nameOf, namespaceOf } from '../facts.ts';
import { at, refOf } from '../service.ts';
import type { InstallationFacts } from './input.ts';
import { isServedKind } from './kinds.ts';

export function controllerOf({ facts: { list } }: InstallationFacts): KubeObject | undefined {
  return list('Deployment').find((deployment) => nameOf(deployment) === CONTROLLER);
}

export function versionOf(controller: KubeObject): string | undefined {
  const containers = listOf(at(controller, 'spec', 'template', 'spec', 'containers'));
  const manager = containers.find((container) => fieldOf(container, 'name') === CONTROLLER_CONTAINER) ?? containers[0];
  return releaseOfImage(textOf(fieldOf(manager, 'image')) ?? '');
}

const LLM_CONTROLLER = 'llmisvc-controller-manager';
/** Each looks after kinds of its own. */
const CONTROLLERS = [CONTROLLER, LLM_CONTROLLER, 'kserve-localmodel-controller-manager'];

export function controllerFindings(input: InstallationFacts): readonly Finding<Code>[] {
  const controller = controllerOf(input);
  return [
    ...(controller === undefined ? notFound(input) : withoutLlm(input, controller)),
    ...unavailable(input),
    ...skew(input, controller),
  ];
}

/** KServe's kinds are there, and its controller is in none of the namespaces that it is usually installed in. */
function notFound(input: InstallationFacts): readonly Finding<Code>[] {
  const { isComplete } = input.facts;
  const isKnown = CONTROLLER_NAMESPACES.every((namespace) => isComplete('Deployment', namespace));
  if (!isKnown || isServedKind('inferenceservices', input) !== 'yes') return [];
  const object = { kind: 'Deployment', name: CONTROLLER };
  const places = CONTROLLER_NAMESPACES.join(', ');
  return [
    found(
      'controller-unavailable',
      object,
      `there is no Deployment ${CONTROLLER} in ${places}: KServe does not run, or is installed in another namespace`,
      {
        severity: 'warning',
        evidence: [evidenceOf(object, 'metadata.name', '<none>')],
        fix: {
          text: 'look for it in all namespaces; if there is none, install the KServe release that your CRDs are from',
          commands: [shellCommand(['kubectl', 'get', 'deployments', '-A', '--field-selector', `metadata.name=${CONTROLLER}`])],
        },
      },
    ),
  ];
}

/** LLMInferenceServices have a controller of their own. */
function withoutLlm({ facts: { list, isComplete } }: InstallationFacts, controller: KubeObject): readonly Finding<Code>[] {
  const namespace = namespaceOf(controller);
  const services = list('LLMInferenceService').length;
  const isThere = list('Deployment', namespace).some((deployment) => nameOf(deployment) === LLM_CONTROLLER);
  if (services === 0 || isThere || !isComplete('Deployment', namespace)) return [];
  const object = { kind: 'Deployment', ...(namespace !== undefined && { namespace }), name: LLM_CONTROLLER };
  return [
    found(
      'controller-unavailable',
      object,
      `there is no Deployment ${LLM_CONTROLLER}: nothing reconciles the ${services} LLMInferenceServices`,
      {
        evidence: [evidenceOf(object, 'metadata.name', '<none>')],
        fix: { text: 'install the LLMInferenceService part of your KServe release (chart kserve-llmisvc-resources)' },
      },
    ),
  ];
}

function unavailable({ facts: { list } }: InstallationFacts): readonly Finding<Code>[] {
  const controllers = list('Deployment').filter((deployment) => CONTROLLERS.includes(nameOf(deployment)));
  return controllers
    .filter((deployment) => Number(textOf(at(deployment, 'status', 'availableReplicas')) ?? 0) === 0)
    .map((deployment) => {
      const ref = refOf(deployment);
      const place = ref.namespace === undefined ? [] : ['-n', ref.namespace];
      return found('controller-unavailable', ref, `Deployment ${ref.name} has no available replica: KServe does not work`, {
        field: 'status.availableReplicas',
        evidence: [
          evidenceOf(ref, 'status.availableReplicas', '0'),
          evidenceOf(ref, 'spec.replicas', textOf(at(deployment, 'spec', 'replicas')) ?? '<unset>'),
        ],
        fix: {
          text: 'look at its Pods and their log',
          commands: [
            shellCommand(['kubectl', 'get', 'pods', ...place]),
            shellCommand(['kubectl', 'logs', `deployment/${ref.name}`, ...place, '--tail=50']),
          ],
        },
      });
    });
}

/** 0.17 serves LLMInferenceServices as v1alpha2 too; a kind that is newer than the controller belongs to newer CRDs. */
function skew({ discovery }: InstallationFacts, controller: KubeObject | undefined): readonly Finding<Code>[] {
  const version = controller && versionOf(controller);
  if (discovery === undefined || controller === undefined || version === undefined) return [];
  const floor = kserveFloor(discovery);
  const ref = refOf(controller);
  const evidence = [evidenceOf(ref, 'spec.template.spec.containers[manager].image', version)];
  if (floor?.kind === 'atLeast' && isOlder(version, floor.version)) {
    return [found('version-skew', ref, `the controller is KServe ${version}, but the CRDs are of ${floor.version} or newer`, { evidence })];
  }
  const versions = discovery.groups.find(({ name }) => name === KSERVE_GROUP)?.versions ?? [];
  const llm = versions
    .filter(({ resources }) => resources.some(({ plural }) => plural === 'llminferenceservices'))
    .map((one) => one.version);
  if (llm.length === 0 || llm.includes('v1alpha2') || isOlder(version, '0.17')) return [];
  return [
    found(
      'version-skew',
      ref,
      `the controller is KServe ${version}, but the CRD llminferenceservices is older than 0.17: it has no v1alpha2`,
      { evidence },
    ),
  ];
}

function isOlder(a: string, b: string): boolean {
  const [first, second] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  const [major = 0, minor = 0] = first ?? [];
  const [otherMajor = 0, otherMinor = 0] = second ?? [];
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
