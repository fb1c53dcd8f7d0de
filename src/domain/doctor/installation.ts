import { shellCommand } from '../../text/shell.ts';
import type { Finding, FindingObject } from '../finding.ts';
import { KSERVE_GROUP } from '../kserve/kinds.ts';
import { isServed } from '../kserve/resource-lookup.ts';
import { CONTROLLER, kserveFloor, releaseOfImage } from '../kserve/version.ts';
import { fieldOf, listOf, textOf } from '../kubernetes/json-value.ts';
import type { Discovery, KubeObject } from '../kubernetes/resource.ts';
import type { Code } from './catalogue/catalogue.ts';
import { evidenceOf, found, sentence } from './check.ts';
import { type Facts, nameOf, namespaceOf } from './facts.ts';
import { at, refOf } from './service.ts';

/** What was learned of KServe itself. */
export interface InstallationFacts {
  readonly facts: Facts;
  /** Undefined if it could not be read. */
  readonly discovery: Discovery | undefined;
  /** When the CA certificate of a webhook ends, by the name of the webhook; undefined if it cannot be read. */
  readonly caEnds: ReadonlyMap<string, Date | undefined>;
}

/** KServe as it is installed, and what is wrong with that. */
export interface Installation {
  readonly version?: string | undefined;
  /** Of the controller. */
  readonly namespace?: string | undefined;
  readonly findings: readonly Finding<Code>[];
}

const CONFIG = 'inferenceservice-config';
const KSERVE: FindingObject = { kind: 'KServe', name: 'kserve' };

export function examineInstallation(input: InstallationFacts): Installation {
  const controller = controllerOf(input.facts);
  const version = controller && versionOf(controller);
  const findings = [
    ...missingKinds(input),
    ...unavailable(input.facts),
    ...webhookFindings(input),
    ...configFindings(input.facts),
    ...skew(input, controller, version),
    ...noRuntimes(input),
  ];
  return { version, namespace: controller && namespaceOf(controller), findings };
}

function controllerOf({ list }: Facts): KubeObject | undefined {
  return list('Deployment').find((deployment) => nameOf(deployment) === CONTROLLER);
}

function versionOf(controller: KubeObject): string | undefined {
  const containers = listOf(at(controller, 'spec', 'template', 'spec', 'containers'));
  const manager = containers.find((container) => fieldOf(container, 'name') === 'manager') ?? containers[0];
  return releaseOfImage(textOf(fieldOf(manager, 'image')) ?? '');
}

function missingKinds({ discovery }: InstallationFacts): readonly Finding<Code>[] {
  if (discovery === undefined) return [];
  const missing = ['inferenceservices', 'servingruntimes'].filter(
    (plural) => isServed({ group: KSERVE_GROUP, plural }, discovery) === 'no',
  );
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

const CONTROLLERS = [CONTROLLER, 'llmisvc-controller-manager'];

function unavailable({ list }: Facts): readonly Finding<Code>[] {
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

const WEBHOOK_KINDS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
const DAY = 86_400_000;
const SOON = 14 * DAY;

function webhookFindings(input: InstallationFacts): readonly Finding<Code>[] {
  const { facts } = input;
  return WEBHOOK_KINDS.flatMap((kind) => {
    const own = facts.list(kind).filter((object) => /(?:^|\.)serving\.kserve\.io$/.test(nameOf(object)));
    if (own.length === 0 && facts.isComplete(kind, undefined) && facts.list('InferenceService').length > 0) return [noWebhooks(kind)];
    return own.flatMap((object) => listOf(object.webhooks).flatMap((webhook) => webhookFinding(object, webhook, input)));
  });
}

function noWebhooks(kind: string): Finding<Code> {
  const object = { kind, name: 'inferenceservice.serving.kserve.io' };
  return found('webhook-not-ready', object, `there is no ${kind} of KServe: nothing sets defaults or checks services`, {
    evidence: [evidenceOf(object, 'metadata.name', '<none>')],
  });
}

function webhookFinding(object: KubeObject, webhook: unknown, { facts, caEnds }: InstallationFacts): readonly Finding<Code>[] {
  const ref = refOf(object);
  const name = textOf(fieldOf(webhook, 'name')) ?? '';
  const field = `webhooks[${name}].clientConfig.caBundle`;
  if ((textOf(at(webhook, 'clientConfig', 'caBundle')) ?? '') === '') {
    return [
      found('webhook-not-ready', ref, `the webhook ${name} has no CA bundle: the API server cannot trust it`, {
        field,
        evidence: [evidenceOf(ref, field, '<none>')],
      }),
    ];
  }
  const end = caEnds.get(name);
  const left = end === undefined ? Number.POSITIVE_INFINITY : end.getTime() - facts.now.getTime();
  if (end === undefined || left > SOON) return [];
  const isOver = left <= 0;
  return [
    found('webhook-not-ready', ref, `the CA certificate of the webhook ${name} ${isOver ? 'ended' : 'ends'} at ${end.toISOString()}`, {
      field,
      severity: isOver ? 'error' : 'warning',
      evidence: [evidenceOf(ref, `${field} notAfter`, end.toISOString())],
    }),
  ];
}

const OLD_MODES: ReadonlyMap<string, string> = new Map([
  ['RawDeployment', 'Standard'],
  ['Serverless', 'Knative'],
]);

function configFindings({ list }: Facts): readonly Finding<Code>[] {
  return list('ConfigMap')
    .filter((config) => nameOf(config) === CONFIG)
    .flatMap((config) =>
      Object.entries((config.data as object | undefined) ?? {}).flatMap(([section, text]) => sectionFinding(config, section, text)),
    );
}

/** Sections whose text is JSON; `_example` is for people. */
function sectionFinding(config: KubeObject, section: string, text: unknown): readonly Finding<Code>[] {
  const ref = refOf(config);
  if (typeof text !== 'string' || section.startsWith('_')) return [];
  const field = `data.${section}`;
  const value = parsed(text);
  if (value instanceof SyntaxError) {
    return [
      found(
        section === 'ingress' ? 'ingress-config' : 'config-invalid',
        ref,
        `the section ${section} of ${CONFIG} is not JSON: ${sentence(value.message)}`,
        { field, evidence: [evidenceOf(ref, field, text)] },
      ),
    ];
  }
  return section === 'deploy'
    ? renamedMode(config, textOf(fieldOf(value, 'defaultDeploymentMode')))
    : section === 'ingress'
      ? ingressFinding(config, value)
      : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function renamedMode(config: KubeObject, mode: string | undefined): readonly Finding<Code>[] {
  const now = OLD_MODES.get(mode ?? '');
  if (now === undefined) return [];
  const ref = refOf(config);
  return [
    found('deployment-mode-renamed', ref, `defaultDeploymentMode is "${mode}", which is called "${now}" since KServe 0.16`, {
      field: 'data.deploy',
      evidence: [evidenceOf(ref, 'data.deploy.defaultDeploymentMode', mode ?? '')],
      fix: { text: `set defaultDeploymentMode to "${now}"` },
    }),
  ];
}

/** What KServe refuses at each reconcile: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/configmap.go */
function ingressFinding(config: KubeObject, ingress: unknown): readonly Finding<Code>[] {
  const ref = refOf(config);
  const isGateway = fieldOf(ingress, 'enableGatewayApi') === true;
  const wanted = isGateway ? ['ingressGateway', 'kserveIngressGateway'] : ['ingressGateway'];
  const missing = wanted.find((name) => (textOf(fieldOf(ingress, name)) ?? '') === '');
  if (missing === undefined) return [];
  return [
    found('ingress-config', ref, `${missing} is not set in the section ingress of ${CONFIG}: KServe refuses every service`, {
      field: 'data.ingress',
      evidence: [evidenceOf(ref, `data.ingress.${missing}`, '<none>')],
    }),
  ];
}

/** 0.17 serves LLMInferenceServices as v1alpha2 too; a kind that is newer than the controller belongs to newer CRDs. */
function skew({ discovery }: InstallationFacts, controller: KubeObject | undefined, version: string | undefined): readonly Finding<Code>[] {
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

function noRuntimes({ facts, discovery }: InstallationFacts): readonly Finding<Code>[] {
  const isThere = facts.list('ServingRuntime').length > 0 || facts.list('ClusterServingRuntime').length > 0;
  const isInstalled = discovery !== undefined && isServed({ group: KSERVE_GROUP, plural: 'servingruntimes' }, discovery) === 'yes';
  if (isThere || !isInstalled || !facts.isComplete('ClusterServingRuntime', undefined)) return [];
  return [
    found('runtimes-missing', KSERVE, 'there are no ClusterServingRuntimes, and no ServingRuntimes where they were looked for', {
      evidence: [evidenceOf(KSERVE, 'clusterservingruntimes', '<none>')],
    }),
  ];
}
