import assert from 'node:assert/strict';
import type { Code } from '../../../src/domain/doctor/catalogue/catalogue.ts';
import { conditions, findingsOf, isvc, llm, refused, rootOf, SILENT, warning } from '../../support/doctor-world.ts';

const FORBIDDEN = 'pods "iris-predictor-7d4b9c6f5-" is forbidden';

/** Texts of the API server, its admission plugins and webhooks, in the words of several releases, and something that the finding says. */
const REFUSALS: readonly (readonly [code: Code, text: string, says: RegExp])[] = [
  [
    'quota-exceeded',
    `${FORBIDDEN}: exceeded quota: team, requested: limits.memory=2Gi,requests.cpu=1, used: limits.memory=0,requests.cpu=0, limited: limits.memory=1Gi,requests.cpu=500m`,
    /ResourceQuota "team".* Lower the resources of the component \(requested limits.memory=2Gi,requests.cpu=1/,
  ],
  [
    'quota-exceeded',
    `${FORBIDDEN}: exceeded quota: gpus, requested: requests.nvidia.com/gpu=4, used: requests.nvidia.com/gpu=2, limited: requests.nvidia.com/gpu=4`,
    /"gpus"/,
  ],
  [
    'quota-exceeded',
    `${FORBIDDEN}: exceeded quota: object-counts, requested: pods=1, used: pods=10, limited: pods=10`,
    /"object-counts".* Lower minReplicas or delete Pods/,
  ],
  [
    'quota-exceeded',
    `${FORBIDDEN}: failed quota: compute: must specify limits.cpu for: kserve-container; limits.memory for: kserve-container`,
    /"compute".*limits.cpu.* a LimitRange with defaults/,
  ],
  ['quota-exceeded', `${FORBIDDEN}: failed quota: compute: must specify limits.cpu,limits.memory`, /"compute"/],
  ['quota-exceeded', `${FORBIDDEN}: status unknown for quota: team, resources: limits.cpu,pods`, /"team"/],
  ['quota-exceeded', 'Internal error occurred: resource quota evaluation timed out', /quota/],
  ['limit-range', `${FORBIDDEN}: maximum cpu usage per Container is 500m, but limit is 1`, /LimitRange/],
  [
    'limit-range',
    `${FORBIDDEN}: [maximum memory usage per Container is 1Gi, but limit is 2Gi, maximum cpu usage per Container is 500m, but limit is 1]`,
    /LimitRange/,
  ],
  ['limit-range', `${FORBIDDEN}: minimum memory usage per Pod is 8Gi, but request is 2Gi`, /LimitRange/],
  ['limit-range', `${FORBIDDEN}: cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000`, /LimitRange/],
  ['limit-range', `${FORBIDDEN}: maximum cpu usage per Container is 2.  No limit is specified`, /LimitRange/],
  [
    'limit-range',
    'Pod "iris-predictor-7d4b9c6f5-x" is invalid: spec.containers[0].resources.requests: Invalid value: "1": must be less than or equal to cpu limit of 500m',
    /LimitRange/,
  ],
  [
    'pod-security',
    `${FORBIDDEN}: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "kserve-container" must set securityContext.allowPrivilegeEscalation=false)`,
    /"restricted:latest"/,
  ],
  ['pod-security', `${FORBIDDEN}: violates PodSecurity "baseline:v1.30": hostPath volumes (volume "models")`, /"baseline:v1.30"/],
  [
    'pod-security',
    `${FORBIDDEN}: unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount]`,
    /security context constraint/,
  ],
  [
    'pod-security',
    `${FORBIDDEN}: PodSecurityPolicy: unable to admit pod: [spec.containers[0].securityContext.runAsUser: Invalid value: 0]`,
    /security/i,
  ],
  [
    'serviceaccount-missing',
    `${FORBIDDEN}: error looking up service account team-a/model-reader: serviceaccount "model-reader" not found`,
    /there is no ServiceAccount "model-reader" in the namespace "team-a".*Create the ServiceAccount "model-reader"/,
  ],
  ['serviceaccount-missing', `${FORBIDDEN}: error looking up service account team-a/sa: serviceaccounts "sa" not found`, /"sa"/],
  [
    'storage-secret-missing',
    'admission webhook "inferenceservice.kserve-webhook-server.pod-mutator" denied the request: can\'t read storage secret storage-config: Secret "storage-config" not found',
    /"storage-config"/,
  ],
  [
    'storage-secret-missing',
    'admission webhook "inferenceservice.kserve-webhook-server.pod-mutator" denied the request: specified storage key minio not found in storage secret s3-keys',
    /"s3-keys" has no key "minio"/,
  ],
  [
    'webhook-unreachable',
    'Internal error occurred: failed calling webhook "inferenceservice.kserve-webhook-server.pod-mutator": failed to call webhook: Post "https://kserve-webhook-server-service.kserve.svc:443/mutate-pods?timeout=10s": dial tcp 10.96.1.2:443: connect: connection refused',
    /"inferenceservice.kserve-webhook-server.pod-mutator".*connection refused/,
  ],
  [
    'webhook-unreachable',
    'Internal error occurred: failed calling webhook "inferenceservice.kserve-webhook-server.pod-mutator": failed to call webhook: Post "https://x/mutate-pods?timeout=10s": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-29T12:00:00Z is after 2026-11-01T00:00:00Z',
    /certificate has expired/,
  ],
  [
    'webhook-unreachable',
    'Internal error occurred: failed calling webhook "sidecar-injector.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": no endpoints available for service "istiod"',
    /"sidecar-injector.istio.io".*no endpoints/,
  ],
  [
    'webhook-unreachable',
    'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/validate/fail?timeout=10s": context deadline exceeded',
    /deadline exceeded/,
  ],
  ['webhook-unreachable', 'Internal error occurred: failed calling webhook "x.example": service "x" not found', /"x.example"/],
  [
    'pods-rejected',
    'admission webhook "validation.gatekeeper.sh" denied the request: [require-team-label] you must provide labels: {"team"}',
    /require-team-label/,
  ],
  [
    'pods-rejected',
    'admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/team-a/iris was blocked due to the following policies',
    /kyverno/,
  ],
  [
    'pods-rejected',
    `${FORBIDDEN}: ValidatingAdmissionPolicy 'no-latest' with binding 'no-latest' denied request: images must have a tag`,
    /no-latest/,
  ],
  ['pods-rejected', `${FORBIDDEN}: no PriorityClass with name high was found`, /PriorityClass/],
  ['pods-rejected', `${FORBIDDEN}: pod rejected: RuntimeClass "nvidia" not found`, /RuntimeClass/],
  ['pods-rejected', `${FORBIDDEN}: unable to create new content in namespace team-a because it is being terminated`, /being terminated/],
];

describe('what the API server refuses', () => {
  for (const [code, text, says] of REFUSALS) {
    it(`${code}: ${text.slice(0, 90)}`, () => {
      for (const objects of [refused(text), refused(text, 'llm')]) {
        const [first] = findingsOf(objects);
        assert.equal(first?.code, code);
        assert.match(`${first?.message} ${first?.fix?.text}`, says);
        assert.ok(first?.evidence.some(({ value }) => value === text));
      }
    });

    it(`${code}, from KServe's copy alone: ${text.slice(0, 90)}`, () => {
      const [service] = refused(text);
      assert.equal(rootOf(service === undefined ? [] : [service], { isComplete: (kind) => kind !== 'Deployment' && kind !== 'Pod' }), code);
    });

    it(`${code}, from a Deployment that KServe could not create: ${text.slice(0, 90)}`, () => {
      const said = `fails to reconcile predictor: ${text.replace('pods "iris-predictor-7d4b9c6f5-"', 'deployments.apps "iris-predictor"')}`;
      const status = conditions({ PredictorReady: ['False', 'ReconcileFailed', said], Ready: ['False', 'ReconcileFailed', said] });
      assert.equal(rootOf([isvc({ status })]), code === 'pods-rejected' ? 'reconcile-failed' : code);
    });
  }

  const refusedByKserve: readonly (readonly [code: Code, text: string])[] = [
    ['ingress-config', 'fails to create NewRawKubeReconciler for predictor: invalid ingress config - ingressGateway is required'],
    ['ingress-config', 'invalid ingress config - kserveIngressGateway should be in the format <namespace>/<name>'],
    ['ingress-config', 'fails to create IngressConfig: unable to parse ingress config json: invalid character'],
    ['ingress-config', 'invalid ingress config, unable to parse pathTemplate: template: url-template:1'],
    [
      'name-too-long',
      'fails to create NewRawKubeReconciler for predictor: failed creating host name: invalid domain name "iris.example.com": url: Invalid value: "iris": must be no more than 63 characters',
    ],
    [
      'name-too-long',
      'Service "a-very-long-name" is invalid: metadata.name: Invalid value: "a-very-long-name": must be no more than 63 bytes',
    ],
    [
      'reconcile-failed',
      'Deployment.apps "iris-predictor" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "1": must be less than or equal to cpu limit of 500m',
    ],
    ['reconcile-failed', 'no matches for kind "ScaledObject" in version "keda.sh/v1alpha1"'],
  ];
  for (const [code, text] of refusedByKserve) {
    it(`${code}, by KServe: ${text.slice(0, 90)}`, () => {
      for (const type of ['PredictorReady', 'TransformerReady', 'ExplainerReady']) {
        const status = conditions({ [type]: ['False', 'ReconcileFailed', text], Ready: ['False', 'ReconcileFailed', text] });
        assert.equal(rootOf([isvc({ status })]), code);
      }
      const service = isvc({ status: SILENT });
      assert.equal(rootOf([service, warning(service, 'InternalError', text)]), code);
    });
  }

  const ofLlm: readonly (readonly [code: Code, type: string, reason: string, text: string])[] = [
    [
      'quota-exceeded',
      'MainWorkloadReady',
      'ReconcileSingleNodeWorkloadError',
      'deployments.apps "opt-kserve" is forbidden: exceeded quota: team, requested: count/deployments.apps=1, used: count/deployments.apps=2, limited: count/deployments.apps=2',
    ],
    [
      'reconcile-failed',
      'WorkerWorkloadReady',
      'ReconcileMultiNodeWorkloadError',
      'no matches for kind "LeaderWorkerSet" in version "leaderworkerset.x-k8s.io/v1"',
    ],
    ['reconcile-failed', 'MainWorkloadReady', 'ScalingCRDNotFound', 'no matches for kind "VariantAutoscaling"'],
    [
      'reconcile-failed',
      'SchedulerWorkloadReady',
      'SchedulerReconcileError',
      'Failed to reconcile scheduler: no matches for kind "InferencePool"',
    ],
    ['reconcile-failed', 'HTTPRoutesReady', 'HTTPRouteReconcileError', 'Failed to reconcile HTTPRoute: no matches for kind "HTTPRoute"'],
    ['reconcile-failed', 'MainWorkloadReady', 'ReconcileCertsError', 'secrets is forbidden'],
  ];
  for (const [code, type, reason, text] of ofLlm) {
    it(`${code}, of an LLMInferenceService: ${reason}`, () => {
      const status = conditions({
        PresetsCombined: ['True'],
        [type]: ['False', reason, text],
        WorkloadsReady: ['False', reason, text],
        Ready: ['False', reason, text],
      });
      assert.equal(rootOf([llm({ status })]), code);
    });
  }
});
