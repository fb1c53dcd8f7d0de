import type { Finding } from '../../finding.ts';
import { fieldOf, textOf } from '../../kubernetes/json-value.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, quoted, sentence } from '../check.ts';
import { nameOf, namespaceOf } from '../facts.ts';
import { at, isPresent, refOf } from '../service.ts';
import { controllerOf } from './controllers.ts';
import type { InstallationFacts } from './input.ts';

const CONFIG = 'inferenceservice-config';

/** What KServe reads at each reconcile: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/configmap.go */
export function configFindings(input: InstallationFacts): readonly Finding<Code>[] {
  const configs = input.facts.list('ConfigMap').filter((config) => nameOf(config) === CONFIG);
  if (configs.length === 0) return withoutConfig(input);
  return configs.flatMap((config) =>
    Object.entries((config.data as object | undefined) ?? {}).flatMap(([section, text]) => sectionFindings(config, section, text, input)),
  );
}

/** Without it KServe does nothing at all. */
function withoutConfig(input: InstallationFacts): readonly Finding<Code>[] {
  const controller = controllerOf(input);
  const namespace = controller && namespaceOf(controller);
  if (controller === undefined || !input.facts.isComplete('ConfigMap', namespace)) return [];
  const object = { kind: 'ConfigMap', ...(namespace !== undefined && { namespace }), name: CONFIG };
  return [
    found('config-invalid', object, `there is no ConfigMap ${CONFIG} beside the controller: KServe refuses every service`, {
      evidence: [evidenceOf(object, 'metadata.name', '<none>')],
      fix: { text: 'apply it from your KServe release' },
    }),
  ];
}

interface Section {
  readonly config: KubeObject;
  readonly name: string;
  readonly value: unknown;
  readonly input: InstallationFacts;
}

type SectionRule = (section: Section) => readonly Finding<Code>[];

const RULES: ReadonlyMap<string, readonly SectionRule[]> = new Map<string, readonly SectionRule[]>([
  ['deploy', [deploymentMode]],
  ['ingress', [ingressGateways, pathTemplate, gatewayApi]],
  ['storageInitializer', [image, resources]],
  ['agent', [image, resources]],
  ['logger', [image, resources]],
  ['batcher', [image, resources]],
  ['router', [image, resources]],
]);

/** Sections whose text is JSON; `_example` is for people. */
function sectionFindings(config: KubeObject, name: string, text: unknown, input: InstallationFacts): readonly Finding<Code>[] {
  if (typeof text !== 'string' || name.startsWith('_')) return [];
  const value = parsed(text);
  if (value instanceof SyntaxError) {
    const ref = refOf(config);
    const message = `the section ${name} of ${CONFIG} is not JSON: ${sentence(value.message)}`;
    return [found(codeOf(name), ref, message, { field: `data.${name}`, evidence: [evidenceOf(ref, `data.${name}`, text)] })];
  }
  return (RULES.get(name) ?? []).flatMap((rule) => rule({ config, name, value, input }));
}

function codeOf(section: string): Code {
  return section === 'ingress' ? 'ingress-config' : 'config-invalid';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

/** A finding about one value of a section. */
function about(
  { config, name }: Section,
  path: string,
  value: string,
  message: string,
  more: { readonly code?: Code; readonly severity?: 'warning'; readonly fix?: string } = {},
): Finding<Code> {
  const ref = refOf(config);
  return found(more.code ?? codeOf(name), ref, message, {
    field: `data.${name}`,
    severity: more.severity,
    evidence: [evidenceOf(ref, `data.${name}.${path}`, value)],
    ...(more.fix !== undefined && { fix: { text: more.fix } }),
  });
}

const NEW_MODES: ReadonlyMap<string, string> = new Map([
  ['RawDeployment', 'Standard'],
  ['Serverless', 'Knative'],
]);
const MODES: ReadonlySet<string> = new Set(['Standard', 'Knative', 'ModelMesh', ...NEW_MODES.keys()]);

function deploymentMode(section: Section): readonly Finding<Code>[] {
  const mode = textOf(fieldOf(section.value, 'defaultDeploymentMode')) ?? '';
  const path = 'defaultDeploymentMode';
  if (!MODES.has(mode)) {
    const what = mode === '' ? `${path} is not set` : `${path} is ${quoted(mode)}, which is not a deployment mode`;
    return [
      about(section, path, mode || '<unset>', `${what}: KServe refuses every service`, { fix: `set ${path} to Standard or Knative` }),
    ];
  }
  const now = NEW_MODES.get(mode);
  const renamed =
    now === undefined
      ? []
      : [
          about(section, path, mode, `${path} is "${mode}", which is called "${now}" since KServe 0.16`, {
            code: 'deployment-mode-renamed',
            severity: 'warning',
            fix: `set ${path} to "${now}"`,
          }),
        ];
  const isKnative = (now ?? mode) === 'Knative';
  if (!isKnative || section.input.facts.serves('serving.knative.dev') !== 'no') return renamed;
  const message = `${path} is "${mode}", but Knative Serving is not installed: services without the annotation serving.kserve.io/deploymentMode are refused`;
  return [
    ...renamed,
    about(section, path, mode, message, {
      code: 'knative-missing',
      severity: 'warning',
      fix: `set ${path} to Standard, or install Knative Serving`,
    }),
  ];
}

function ingressGateways(section: Section): readonly Finding<Code>[] {
  const isGateway = fieldOf(section.value, 'enableGatewayApi') === true;
  const wanted = isGateway ? ['ingressGateway', 'kserveIngressGateway'] : ['ingressGateway'];
  const missing = wanted.find((name) => (textOf(fieldOf(section.value, name)) ?? '') === '');
  if (missing !== undefined) {
    return [about(section, missing, '<none>', `${missing} is not set in the section ingress of ${CONFIG}: KServe refuses every service`)];
  }
  const gateway = textOf(fieldOf(section.value, 'kserveIngressGateway')) ?? '';
  if (!isGateway || /^[^/]+\/[^/]+$/.test(gateway)) return [];
  return [
    about(
      section,
      'kserveIngressGateway',
      gateway,
      `kserveIngressGateway is ${quoted(gateway)}, not NAMESPACE/NAME: KServe refuses every service`,
    ),
  ];
}

function pathTemplate(section: Section): readonly Finding<Code>[] {
  const isSet = (name: string): boolean => (textOf(fieldOf(section.value, name)) ?? '') !== '';
  if (!isSet('pathTemplate') || isSet('ingressDomain')) return [];
  return [about(section, 'ingressDomain', '<none>', 'pathTemplate is set, but ingressDomain is not: KServe refuses every service')];
}

function gatewayApi(section: Section): readonly Finding<Code>[] {
  if (fieldOf(section.value, 'enableGatewayApi') !== true || section.input.facts.serves('gateway.networking.k8s.io') !== 'no') return [];
  const message = 'enableGatewayApi is true, but the Gateway API is not installed: no service gets a route';
  return [
    about(section, 'enableGatewayApi', 'true', message, {
      fix: 'install the CRDs of the Gateway API and a gateway controller, or set enableGatewayApi to false',
    }),
  ];
}

function image(section: Section): readonly Finding<Code>[] {
  const { name, value } = section;
  if ((textOf(fieldOf(value, 'image')) ?? '') !== '') return [];
  return [about(section, 'image', '<none>', `image is not set in the section ${name} of ${CONFIG}`, { severity: 'warning' })];
}

/** KServe panics, or refuses Pods, where one is no quantity. */
function resources(section: Section): readonly Finding<Code>[] {
  const { name, value } = section;
  return ['memoryRequest', 'memoryLimit', 'cpuRequest', 'cpuLimit'].flatMap((field) => {
    const quantity = at(value, field);
    const text = textOf(quantity) ?? '';
    if (!isPresent(quantity) || parseQuantity(text) !== undefined) return [];
    return [about(section, field, text, `${field} is ${quoted(text)} in the section ${name} of ${CONFIG}, which is not a quantity`)];
  });
}
