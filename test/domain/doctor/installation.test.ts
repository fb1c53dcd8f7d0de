import assert from 'node:assert/strict';
import { toFacts } from '../../../src/domain/doctor/facts.ts';
import { examineInstallation } from '../../../src/domain/doctor/installation/installation.ts';
import type { Discovery, KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import { conditions, LOOKED_AT, llm, observed, shared } from '../../support/doctor-world.ts';

const KSERVE = 'serving.kserve.io';
const NOW = new Date(LOOKED_AT);
const IN_KSERVE = { namespace: 'kserve' };

const served = (...plurals: readonly string[]): Discovery => ({
  groups: [
    {
      name: KSERVE,
      versions: [
        {
          version: 'v1alpha1',
          stale: false,
          resources: ['inferenceservices', 'servingruntimes', ...plurals].map((plural) => ({
            group: KSERVE,
            version: 'v1alpha1',
            plural,
            kind: plural,
            singular: '',
            namespaced: true,
            shortNames: [],
            verbs: [],
            subresources: [],
          })),
        },
      ],
    },
  ],
});

const running = (name: string, availableReplicas: number, image = 'kserve/kserve-controller:v0.16.0') =>
  observed(
    'apps/v1',
    'Deployment',
    { name, ...IN_KSERVE },
    { spec: { replicas: 1, template: { spec: { containers: [{ name: 'manager', image }] } } }, status: { availableReplicas } },
  );
const controller = running('kserve-controller-manager', 1);
const config = (data: object) => observed('v1', 'ConfigMap', { name: 'inferenceservice-config', ...IN_KSERVE }, { data });
const noConfig = config({});
const csr = (name: string, spec: object = {}) =>
  shared(`${KSERVE}/v1alpha1`, 'ClusterServingRuntime', name, {
    spec: {
      supportedModelFormats: [{ name, version: '1', autoSelect: true }],
      protocolVersions: ['v1'],
      containers: [{ name: 'kserve-container', image: 'x' }],
      ...spec,
    },
  });
const runtime = csr('sk');
const role = (name: string, rules: readonly object[]) => shared('rbac.authorization.k8s.io/v1', 'ClusterRole', name, { rules });
const reader = role('reader', [{ apiGroups: [KSERVE], resources: ['clusterservingruntimes'], verbs: ['list'] }]);
const WEBHOOKS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;
const webhooks = (kind: (typeof WEBHOOKS)[number], caBundle: string, name = 'w') =>
  shared('admissionregistration.k8s.io/v1', kind, 'inferenceservice.serving.kserve.io', {
    webhooks: [{ name, clientConfig: { caBundle } }],
  });
const webhook = (caBundle: string) => webhooks('MutatingWebhookConfiguration', caBundle);
const sound = [controller, noConfig, runtime, reader, ...WEBHOOKS.map((kind) => webhooks(kind, 'x', 'sound'))];
const without = (...kinds: readonly string[]) => sound.filter(({ kind = '' }) => !kinds.includes(kind));
const injected = (annotation: string, value: string): KubeObject => {
  const object = webhook('Cg==');
  return { ...object, metadata: { ...object.metadata, annotations: { [annotation]: value } } };
};
const section = (name: string, value: object) => [...without('ConfigMap'), config({ [name]: JSON.stringify(value) })];
const storage = (name: string, spec: object) => shared(`${KSERVE}/v1alpha1`, 'ClusterStorageContainer', name, { spec });
const S3 = { container: { image: 'x' }, supportedUriFormats: [{ prefix: 's3://' }] };
const preset = (name: string, status: object = {}) =>
  observed(`${KSERVE}/v1alpha2`, 'LLMInferenceServiceConfig', { name, ...IN_KSERVE }, { status });
const PRESETS = [
  'template',
  'worker-data-parallel',
  'decode-template',
  'decode-worker-data-parallel',
  'prefill-template',
  'prefill-worker-data-parallel',
  'router-route',
  'scheduler',
].map((name) => preset(`v0-20-0-kserve-config-llm-${name}`));
const llmController = running('llmisvc-controller-manager', 1);
const binding = (name: string, to: string) =>
  shared('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', name, {
    roleRef: { kind: 'ClusterRole', name: to },
    subjects: [{ kind: 'ServiceAccount', name: 'kserve-controller-manager' }],
  });

interface Options {
  readonly discovery?: Discovery;
  readonly ends?: Date;
  readonly serves?: 'yes' | 'no';
  readonly unread?: readonly string[];
}

function findings(objects: readonly KubeObject[], { discovery = served(), ends, serves, unread = [] }: Options = {}) {
  const facts = toFacts({
    objects,
    isComplete: (kind) => !unread.includes(kind),
    serves: () => serves ?? 'unknown',
    now: NOW,
    clockIsExact: true,
  });
  return examineInstallation({ facts, discovery, caEnds: new Map([['w', ends]]) }).findings;
}

type Case = readonly [does: string, objects: readonly KubeObject[], expected: readonly string[], options?: Options];

const CASES: readonly Case[] = [
  ['nothing', sound, []],
  ['kinds that are not served', sound, ['crd-missing error', 'crd-missing error'], { discovery: { groups: [] } }],
  ['a controller without replicas', [...without('Deployment'), running('kserve-controller-manager', 0)], ['controller-unavailable error']],
  ['no controller where it usually is', without('Deployment'), ['controller-unavailable warning']],
  ['nothing of a controller that may not be read', without('Deployment'), [], { unread: ['Deployment'] }],
  ['a controller of LLMs without replicas', [...sound, running('llmisvc-controller-manager', 0)], ['controller-unavailable error']],
  ['no controller of LLMs, for LLMs', [...sound, llm(), ...PRESETS], ['controller-unavailable error']],
  ['no controller of LLMs, for none', sound, [], { discovery: served('llminferenceservices') }],
  [
    'CRDs that are newer than the controller',
    [...without('Deployment'), running('kserve-controller-manager', 1, 'x/kserve-controller:v0.15.2')],
    ['version-skew warning'],
    { discovery: served('llminferenceservices') },
  ],
  [
    'CRDs that are older than the controller',
    [...without('Deployment'), running('kserve-controller-manager', 1, 'x/kserve-controller:v0.20.0')],
    ['version-skew warning'],
    { discovery: served('llminferenceservices') },
  ],

  ['no configuration', without('ConfigMap'), ['config-invalid error']],
  [
    'sections that are no JSON',
    [...without('ConfigMap'), config({ ingress: '{', logger: '{', _example: 'x' })],
    ['ingress-config error', 'config-invalid error'],
  ],
  ['an ingress section without a gateway', section('ingress', { ingressGateway: '' }), ['ingress-config error']],
  [
    'a Gateway without a namespace',
    section('ingress', { ingressGateway: 'a/b', enableGatewayApi: true, kserveIngressGateway: 'edge' }),
    ['ingress-config error'],
  ],
  [
    'a Gateway API that is not there',
    section('ingress', { ingressGateway: 'a/b', enableGatewayApi: true, kserveIngressGateway: 'a/b' }),
    ['ingress-config error'],
    { serves: 'no' },
  ],
  [
    'a Gateway API that is there',
    section('ingress', { ingressGateway: 'a/b', enableGatewayApi: true, kserveIngressGateway: 'a/b' }),
    [],
    { serves: 'yes' },
  ],
  ['a template for paths without a domain', section('ingress', { ingressGateway: 'a/b', pathTemplate: '/x' }), ['ingress-config error']],
  ['an old word for a mode', section('deploy', { defaultDeploymentMode: 'RawDeployment' }), ['deployment-mode-renamed warning']],
  ['no mode', section('deploy', {}), ['config-invalid error']],
  ['a mode that there is not', section('deploy', { defaultDeploymentMode: 'standard' }), ['config-invalid error']],
  [
    'Knative by default, and no Knative',
    section('deploy', { defaultDeploymentMode: 'Knative' }),
    ['knative-missing warning'],
    { serves: 'no' },
  ],
  ['Knative by default', section('deploy', { defaultDeploymentMode: 'Knative' }), [], { serves: 'yes' }],
  ['a storage initializer without an image', section('storageInitializer', { memoryLimit: '1Gi' }), ['config-invalid warning']],
  ['a memory that is no quantity', section('storageInitializer', { image: 'x', memoryLimit: '1 GB' }), ['config-invalid error']],

  ['a webhook without a CA bundle', [...sound, webhook('')], ['webhook-not-ready error']],
  ['a webhook with the CA bundle that KServe ships', [...sound, webhook('Cg==')], ['webhook-not-ready error']],
  ['a webhook whose CA has ended', [...sound, webhook('x')], ['webhook-not-ready error'], { ends: new Date(NOW.getTime() - 1) }],
  ['a webhook whose CA ends soon', [...sound, webhook('x')], ['webhook-not-ready warning'], { ends: new Date(NOW.getTime() + 86_400_000) }],
  ['no webhooks, with or without services', without(...WEBHOOKS), ['webhook-not-ready error', 'webhook-not-ready error']],
  ['no webhooks of what is not installed', without(...WEBHOOKS), ['crd-missing error', 'crd-missing error'], { discovery: { groups: [] } }],
  ['nothing of webhooks that may not be read', without(...WEBHOOKS), [], { unread: [...WEBHOOKS] }],

  ['no runtimes', without('ClusterServingRuntime'), ['runtimes-missing warning']],
  ['nothing of runtimes that may not be read', without('ClusterServingRuntime'), [], { unread: ['ClusterServingRuntime'] }],
  [
    'runtimes that are all disabled',
    [...without('ClusterServingRuntime'), csr('a', { disabled: true }), csr('b', { disabled: true })],
    ['runtimes-missing warning'],
  ],
  [
    'no runtime that KServe may choose',
    [...without('ClusterServingRuntime'), csr('a', { supportedModelFormats: [{ name: 'a', version: '1' }] })],
    ['runtimes-missing info'],
  ],
  ['a runtime without a container', [...sound, csr('a', { containers: [{ name: 'server' }] })], ['runtime-without-container error']],
  ['a runtime without an image', [...sound, csr('a', { containers: [{ name: 'kserve-container' }] })], ['runtime-without-image warning']],
  [
    'a runtime that KServe cannot read',
    [...sound, csr('a', { supportedModelFormats: [{ name: 'a', version: 1, autoSelect: true }] })],
    ['runtime-malformed error'],
  ],
  [
    'two runtimes of one rank',
    [...sound, csr('a'), csr('b', { supportedModelFormats: [{ name: 'a', version: '1', autoSelect: true }] })],
    ['runtime-same-rank warning', 'runtime-same-rank warning'],
  ],
  [
    'two runtimes of one name',
    [
      ...sound,
      observed(
        `${KSERVE}/v1alpha1`,
        'ServingRuntime',
        { name: 'sk' },
        { spec: { supportedModelFormats: [{ name: 'z', autoSelect: true }], containers: [{ name: 'kserve-container', image: 'x' }] } },
      ),
    ],
    ['runtime-same-name warning', 'runtime-same-name warning'],
  ],

  ['a storage container', [...sound, storage('default', S3)], []],
  ['a storage container without an image', [...sound, storage('default', { ...S3, container: {} })], ['storage-container-invalid error']],
  [
    'a storage container without formats',
    [...sound, storage('default', { container: { image: 'x' } })],
    ['storage-container-invalid info'],
  ],
  ['a format that is none', [...sound, storage('default', { ...S3, supportedUriFormats: [{}] })], ['storage-container-invalid error']],
  ['one prefix in two storage containers', [...sound, storage('default', S3), storage('mine', S3)], ['storage-container-invalid warning']],
  [
    'one prefix in two storage containers, one of them disabled',
    [...sound, storage('default', S3), { ...storage('mine', S3), disabled: true }],
    [],
  ],

  ['all presets', [...sound, llmController, llm(), ...PRESETS], []],
  ['no presets, and no LLMs', sound, []],
  ['no presets, for LLMs', [...sound, llmController, llm()], ['llm-preset-missing error']],
  ['some presets', [...sound, llmController, ...PRESETS.slice(1)], ['llm-preset-missing warning']],
  [
    'a preset that is not ready',
    [...sound, llmController, ...PRESETS, preset('mine', conditions({ Ready: ['False', 'x', 'bad template'] }))],
    ['llm-config-invalid warning'],
  ],

  [
    'words that nothing serves',
    [
      ...sound,
      role('kubeflow-kserve-view', [
        { apiGroups: [KSERVE], resources: ['inferenceservices', 'lllminferenceserviceconfigs'], verbs: ['get'] },
      ]),
    ],
    ['rbac-dead-rule warning'],
  ],
  [
    'the old group',
    [...sound, role('old', [{ apiGroups: ['serving.kubeflow.org'], resources: ['inferenceservices'], verbs: ['get'] }])],
    ['rbac-dead-rule warning'],
  ],
  [
    'kinds that are only not installed',
    [...sound, role('own', [{ apiGroups: [KSERVE], resources: ['localmodelcaches', 'inferenceservices/status'], verbs: ['get'] }])],
    [],
  ],
  ['a binding to no role', [...sound, binding('kserve-manager-rolebinding', 'kserve-manager-role')], ['rbac-dangling-role-ref warning']],
  ['a binding to a role', [...sound, role('kserve-manager-role', []), binding('kserve-manager-rolebinding', 'kserve-manager-role')], []],
  [
    'runtimes that users cannot see',
    [
      ...without('ClusterRole'),
      role('kserve-manager-role', [{ apiGroups: [KSERVE], resources: ['*'], verbs: ['*'] }]),
      role('cluster-admin', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
    ],
    ['rbac-runtimes-hidden info'],
  ],
  ['nothing of roles that may not be read', without('ClusterRole'), [], { unread: ['ClusterRole'] }],
];

describe('what is wrong with an installation', () => {
  for (const [does, objects, expected, options] of CASES) {
    it(`finds ${does}`, () => {
      const found = findings(objects, options);
      assert.deepEqual(
        found.map(({ code, severity }) => `${code} ${severity}`),
        expected,
      );
      for (const { evidence, fix } of found) assert.ok(evidence.length > 0 && fix !== undefined);
    });
  }

  it('sends to whoever keeps the CA bundle of a webhook', () => {
    const fixOf = (object: KubeObject) => findings([...sound, object])[0]?.fix;
    const certManager = fixOf(injected('cert-manager.io/inject-ca-from', 'kserve/serving-cert'));
    assert.match(certManager?.text ?? '', /^cert-manager writes the CA bundle/);
    assert.equal(certManager?.commands?.[1], 'kubectl describe certificate/serving-cert -n kserve');
    assert.match(fixOf(injected('service.beta.openshift.io/inject-cabundle', 'true'))?.text ?? '', /OpenShift/);
    assert.match(fixOf(webhook(''))?.text ?? '', /put its CA into caBundle\.$/);
    const [missing] = findings(without(...WEBHOOKS));
    assert.match(missing?.fix?.text ?? '', /^Apply kserve\.yaml of your KServe release again/);
  });

  it('names what a role probably meant', () => {
    const [first] = findings([...sound, role('v', [{ apiGroups: [KSERVE], resources: ['inferenceservice'], verbs: ['get'] }])]);
    assert.match(first?.message ?? '', /"inferenceservice.serving.kserve.io" \(did you mean inferenceservices\?\)/);
  });
});
