import assert from 'node:assert/strict';
import { type PastedErrors, pastedReader } from '../../../src/domain/rbac/pasted-errors.ts';
import { goQuote } from '../../../src/text/go-quote.ts';

const KSERVE = 'serving.kserve.io';

function read(text: string): PastedErrors {
  const reader = pastedReader();
  for (const line of text.split('\n')) reader.line(line);
  return reader.end();
}

const SR = { verb: 'list', group: KSERVE, resource: 'servingruntimes', namespace: 'team-a' };
const CSR = { verb: 'list', group: KSERVE, resource: 'clusterservingruntimes', namespace: '' };
const BOT = 'system:serviceaccount:team-a:catalogue';

function refusal(user: string, { verb, group, resource, namespace }: typeof SR, name?: string): string {
  const kind = group === '' ? resource : `${resource}.${group}`;
  const place = namespace === '' ? 'at the cluster scope' : `in the namespace ${goQuote(namespace)}`;
  return `${kind.replace(/\/\w+/, '')}${name === undefined ? '' : ` ${goQuote(name)}`} is forbidden: User ${goQuote(user)} cannot ${verb} resource ${goQuote(resource)} in API group ${goQuote(group)} ${place}`;
}

const sr = refusal(BOT, SR);
const csr = refusal(BOT, CSR);
const status = (message: string): string =>
  JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Forbidden',
    details: { group: KSERVE },
    code: 403,
  });
const log = { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'team-a', name: 'iris-0' };
const podLog = 'pods "iris-0" is forbidden: User "ana" cannot get resource "pods/log" in API group "" in the namespace "team-a"';
const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

type Row = readonly [title: string, text: string, user: string, request: object];

/** How programs print a refusal: each with the one request that it is about. */
const TEXTS: readonly Row[] = [
  ['kubectl get', `Error from server (Forbidden): ${sr}`, BOT, SR],
  ['kubectl get at the cluster scope', `Error from server (Forbidden): ${csr}`, BOT, CSR],
  ['kubectl logs', `Error from server (Forbidden): ${podLog}`, 'ana', log],
  [
    'kubectl create -f',
    `Error from server (Forbidden): error when creating "isvc.yaml": ${refusal('ana', { ...SR, verb: 'create', resource: 'inferenceservices' })}`,
    'ana',
    { ...SR, verb: 'create', resource: 'inferenceservices' },
  ],
  [
    'kubectl apply',
    `Error from server (Forbidden): error when retrieving current configuration of:\nResource: "serving.kserve.io/v1beta1, Resource=inferenceservices"\nfrom server for: "isvc.yaml": ${refusal('ana', { ...SR, verb: 'get', resource: 'inferenceservices' }, 'iris')}`,
    'ana',
    { ...SR, verb: 'get', resource: 'inferenceservices', name: 'iris' },
  ],
  [
    'kubectl delete',
    `Error from server (Forbidden): ${refusal('ana', { ...SR, verb: 'delete' }, 'x')}`,
    'ana',
    { ...SR, verb: 'delete', name: 'x' },
  ],
  [
    'kubectl patch',
    `Error from server (Forbidden): ${refusal('ana', { ...SR, verb: 'patch', resource: 'inferenceservices' }, 'iris')}`,
    'ana',
    { ...SR, verb: 'patch', resource: 'inferenceservices', name: 'iris' },
  ],
  [
    'kubectl create clusterrolebinding',
    'error: failed to create clusterrolebinding: clusterrolebindings.rbac.authorization.k8s.io is forbidden: User "ana" cannot create resource "clusterrolebindings" in API group "rbac.authorization.k8s.io" at the cluster scope',
    'ana',
    { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', namespace: '' },
  ],
  [
    'kubectl top',
    'error: nodes.metrics.k8s.io is forbidden: User "ana" cannot list resource "nodes" in API group "metrics.k8s.io" at the cluster scope',
    'ana',
    { verb: 'list', group: 'metrics.k8s.io', resource: 'nodes', namespace: '' },
  ],
  [
    'kubectl get --raw',
    'Error from server (Forbidden): forbidden: User "ana" cannot get path "/metrics"',
    'ana',
    { verb: 'get', path: '/metrics' },
  ],
  [
    'kubectl exec',
    'Error from server (Forbidden): pods "iris-0" is forbidden: User "ana" cannot create resource "pods/exec" in API group "" in the namespace "team-a"',
    'ana',
    { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: 'team-a', name: 'iris-0' },
  ],
  [
    'kubectl scale',
    'Error from server (Forbidden): deployments.apps "iris" is forbidden: User "ana" cannot patch resource "deployments/scale" in API group "apps" in the namespace "team-a"',
    'ana',
    { verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'team-a', name: 'iris' },
  ],
  ['with a reason', `Error from server (Forbidden): ${sr}: RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found`, BOT, SR],
  ['a bare message', sr, BOT, SR],
  ['in a sentence', `our catalogue says "${'it failed'}": ${sr} - any idea?`, BOT, SR],
  ['Go, wrapped', `failed to list runtimes: ${sr}`, BOT, SR],
  ['Go, twice wrapped', `reconcile error: list: unable to list: ${csr}: giving up`, BOT, CSR],
  [
    'klog',
    `E1129 13:04:05.123456       1 reflector.go:204] "Failed to watch" err="failed to list *v1alpha1.ServingRuntime: ${sr.replaceAll('"', '\\"')}" reflector="k8s.io/client-go@v0.37.2/tools/cache/reflector.go:290"`,
    BOT,
    SR,
  ],
  [
    'klog of old',
    `E1129 13:04:05.123456       1 reflector.go:138] pkg/mod/k8s.io/client-go@v0.22.1/tools/cache/reflector.go:167: Failed to watch *v1alpha1.ClusterServingRuntime: failed to list *v1alpha1.ClusterServingRuntime: ${csr}`,
    BOT,
    CSR,
  ],
  [
    'controller-runtime, JSON',
    JSON.stringify({
      level: 'error',
      ts: '2026-11-29T13:04:05Z',
      msg: 'Reconciler error',
      controller: 'inferenceservice',
      namespace: 'team-a',
      error: sr,
      stacktrace: 'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller).reconcileHandler\n\t/go/pkg/mod/x.go:1',
    }),
    BOT,
    SR,
  ],
  [
    'zap console',
    `2026-11-29T13:04:05.123Z\tERROR\tcontroller-runtime.source.EventHandler\tfailed to get informer from cache\t{"error": ${JSON.stringify(`failed to get API group resources: ${csr}`)}}`,
    BOT,
    CSR,
  ],
  ['logfmt', `time="2026-11-29T13:04:05Z" level=error msg="list failed" err=${JSON.stringify(sr)}`, BOT, SR],
  ['JSON log that quotes a JSON body', JSON.stringify({ severity: 'ERROR', message: `request failed: ${status(sr)}` }), BOT, SR],
  ['JSON in JSON in JSON', JSON.stringify({ log: `${JSON.stringify({ msg: status(sr) })}\n`, stream: 'stderr' }), BOT, SR],
  [
    'Docker JSON log',
    JSON.stringify({ log: `Error from server (Forbidden): ${sr}\n`, stream: 'stderr', time: '2026-11-29T13:04:05Z' }),
    BOT,
    SR,
  ],
  ['CRI log', `2026-11-29T13:04:05.123456789Z stderr F ${sr}`, BOT, SR],
  ['a Status', status(sr), BOT, SR],
  [
    'Python, body',
    `kubernetes.client.exceptions.ApiException: (403)\nReason: Forbidden\nHTTP response headers: HTTPHeaderDict({'Audit-Id': 'x', 'Content-Type': 'application/json'})\nHTTP response body: ${status(sr)}\n`,
    BOT,
    SR,
  ],
  ['Python, repr of bytes', `HTTP response body: b'${status(csr)}\\n'`, BOT, CSR],
  ['Python, kubernetes_asyncio', `Reason: Forbidden\nHTTP response body: ${JSON.stringify(status(sr))}`, BOT, SR],
  [
    'Java, fabric8',
    `io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: GET at: https://10.0.0.1/apis/serving.kserve.io/v1alpha1/namespaces/team-a/servingruntimes. Message: ${sr}. Received status: Status(apiVersion=v1, code=403, details=StatusDetails(causes=[], group=serving.kserve.io, kind=servingruntimes, name=null), kind=Status, message=x, reason=Forbidden).`,
    BOT,
    SR,
  ],
  [
    'Java, official',
    `io.kubernetes.client.openapi.ApiException: class V1Status {\n    message: ${csr}\n    reason: Forbidden\n}`,
    BOT,
    CSR,
  ],
  ['JavaScript', `HttpError: HTTP request failed\n  body: { kind: 'Status', message: '${sr}', reason: 'Forbidden', code: 403 }`, BOT, SR],
  ['Rust, kube', `ApiError: "${sr.replaceAll('"', '\\"')}": Forbidden (ErrorResponse { status: "Failure", code: 403 })`, BOT, SR],
  [
    'Ansible',
    `fatal: [localhost]: FAILED! => {"changed": false, "error": 403, "msg": "Failed to retrieve requested object: b'${JSON.stringify(JSON.stringify(status(sr))).slice(2, -2)}'", "reason": "Forbidden"}`,
    BOT,
    SR,
  ],
  ['Terraform', `│ Error: ${sr}\n│ \n│   with kubernetes_manifest.runtime,`, BOT, SR],
  [
    'Helm',
    `Error: INSTALLATION FAILED: query: failed to query with labels: secrets is forbidden: User "ana" cannot list resource "secrets" in API group "" in the namespace "team-a"`,
    'ana',
    { verb: 'list', group: '', resource: 'secrets', namespace: 'team-a' },
  ],
  [
    'an event, table',
    `3m12s       Warning   FailedCreate   replicaset/iris   Error creating: ${refusal(BOT, { verb: 'create', group: '', resource: 'pods', namespace: 'team-a' })}`,
    BOT,
    { verb: 'create', group: '', resource: 'pods', namespace: 'team-a' },
  ],
  [
    'an event, folded YAML',
    `  message: 'servingruntimes.serving.kserve.io is forbidden: User "${BOT}"\n    cannot list resource "servingruntimes" in API group "serving.kserve.io" in the\n    namespace "team-a"'\n  reason: Failed`,
    BOT,
    SR,
  ],
  ['HTML', `<pre>Error from server (Forbidden): ${html(sr)}</pre>`, BOT, SR],
  ['HTML with numbers', `<li>${sr.replaceAll('"', '&#34;')}</li>`, BOT, SR],
  ['Go JSON escapes', status(refusal('ana', { ...SR, namespace: 'team-a' })).replaceAll('"ana', '"ana'), 'ana', SR],
  ['backslash-u quotes', sr.replaceAll('"', '\\u0022'), BOT, SR],
  ['Windows line ends', `Error from server (Forbidden): ${sr}\r`, BOT, SR],
  ['colours around it', `\u001b[31mERROR\u001b[0m ${sr}\u001b[0m`, BOT, SR],
];

const py = JSON.stringify(status(refusal('ana', { ...SR, verb: 'get' }, 'x')));
/** More clients, and what people do to a text before they paste it. */
const MORE_TEXTS: readonly Row[] = [
  ['Python, repr of a dict', `{'kind': 'Status', 'message': '${sr}', 'reason': 'Forbidden', 'code': 403}`, BOT, SR],
  [
    'Python, repr with the other quotes',
    `ERROR:root:{'message': ${JSON.stringify(`${sr}: it's refused`)}, 'reason': 'Forbidden'}`,
    BOT,
    SR,
  ],
  [
    'JavaScript, an error with a body',
    `Error [HttpError]: HTTP-Code: 403\nMessage: Unknown API Status Code!\nBody: ${py}`,
    'ana',
    { ...SR, verb: 'get', name: 'x' },
  ],
  ['JavaScript, inspected', `  body: '${status(csr).replaceAll('\\', '\\\\')}',`, BOT, CSR],
  [
    'Rust, kube with Debug',
    `Err(Api(Status { status: Some(Failure), code: 403, message: ${JSON.stringify(sr)}, reason: "Forbidden", details: None }))`,
    BOT,
    SR,
  ],
  [
    'C#',
    `k8s.Autorest.HttpOperationException: Operation returned an invalid status code 'Forbidden', response body ${status(sr)}`,
    BOT,
    SR,
  ],
  [
    'Ruby, kubeclient',
    `Kubeclient::HttpError (HTTP status code 403, ${sr} for GET https://10.0.0.1/apis/serving.kserve.io/v1alpha1)`,
    BOT,
    SR,
  ],
  [
    'Helm, what it was about before',
    `Error: INSTALLATION FAILED: Unable to continue with install: could not get information about the resource ClusterServingRuntime "x" in namespace "": ${refusal('ana', { ...CSR, verb: 'get' }, 'x')}`,
    'ana',
    { ...CSR, verb: 'get', name: 'x' },
  ],
  ['Argo CD', `time="2026-11-29T13:04:05Z" level=fatal msg=${JSON.stringify(`rpc error: code = PermissionDenied desc = ${sr}`)}`, BOT, SR],
  [
    'Terraform, in a box that is narrow',
    `│ Error: ${sr.replace('cannot list', 'cannot list\n│')}\n│ \n│   with kubernetes_manifest.x,`,
    BOT,
    SR,
  ],
  [
    'a node that may not',
    'leases.coordination.k8s.io "n" is forbidden: User "system:node:n" cannot get resource "leases" in API group "coordination.k8s.io" in the namespace "kube-node-lease": can only access node lease with the same name as the requesting node',
    'system:node:n',
    { verb: 'get', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease', name: 'n' },
  ],
  [
    'impersonation',
    'Error from server (Forbidden): users "bob" is forbidden: User "ana" cannot impersonate resource "users" in API group "" at the cluster scope',
    'ana',
    { verb: 'impersonate', group: '', resource: 'users', namespace: '', name: 'bob' },
  ],
  [
    'constrained impersonation',
    refusal('ana', {
      verb: 'impersonate-on:serviceaccount:create',
      group: 'authorization.k8s.io',
      resource: 'selfsubjectaccessreviews',
      namespace: '',
    }),
    'ana',
    { verb: 'impersonate-on:serviceaccount:create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', namespace: '' },
  ],
  [
    'several missing roles',
    `${sr}: RBAC: [clusterrole.rbac.authorization.k8s.io "x" not found, role.rbac.authorization.k8s.io "y" not found]`,
    BOT,
    SR,
  ],
  ['GKE', `${sr}: requires one of ["container.thirdPartyObjects.list"] permission(s).`, BOT, SR],
  ['an asterisk as a name', refusal('ana', { ...SR, verb: 'get' }, '*'), 'ana', { ...SR, verb: 'get', name: '*' }],
  ['quotes of a word processor', sr.replace(/"([^"]*)"/g, '“$1”'), BOT, SR],
  ['blanks that do not break', sr.replaceAll(' ', '\u00a0'), BOT, SR],
  ['HTML in HTML', html(html(sr)), BOT, SR],
  ['a quotation', `> ${sr.replace(' in the', '\n> in the')}`, BOT, SR],
  [
    'a terminal that broke it within a word',
    `Error from server (Forbidden): ${sr.replace('resource "serving', 'resource "serv\ning')}`,
    BOT,
    SR,
  ],
];

describe('pasted errors', () => {
  for (const [title, text, user, request] of [...TEXTS, ...MORE_TEXTS]) {
    it(`reads the request of ${title}`, () => {
      const { denials, escalations } = read(text);
      assert.deepEqual(
        denials.map((denial) => ({ user: denial.user, request: denial.request })),
        [{ user, request }],
      );
      assert.deepEqual(escalations, []);
    });
  }

  it('has at least 40 of them', () => assert.ok(TEXTS.length >= 40));

  it('restores a name that was quoted by Go and escaped for HTML', () => {
    const user = 'a<b>&"c"';
    const message = `pods is forbidden: User ${html(goQuote(user)).replaceAll('&quot;', '"')} cannot list resource "pods" in API group "" in the namespace "a"`;
    assert.deepEqual(read(message).denials[0]?.user, user);
    assert.deepEqual(read(status(message)).denials[0]?.user, user);
  });

  it('counts what is repeated and keeps what is different', () => {
    const { denials } = read([sr, csr, sr, `again: ${sr}`].join('\n'));
    assert.deepEqual(
      denials.map(({ request, count }) => [request, count]),
      [
        [SR, 3],
        [CSR, 1],
      ],
    );
  });

  const TUPLE = '{APIGroups:["serving.kserve.io"], Resources:["servingruntimes"], ResourceNames:["n"], Verbs:["list" "watch"]}';
  const URLS = '{NonResourceURLs:["/metrics"], Verbs:["get"]}';
  const HEAD =
    'roles.rbac.authorization.k8s.io "t" is forbidden: user "ana" (groups=["ml" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:';
  const MISSING = [
    { verbs: ['list', 'watch'], apiGroups: ['serving.kserve.io'], resources: ['servingruntimes'], resourceNames: ['n'] },
    { verbs: ['get'], nonResourceURLs: ['/metrics'] },
  ];

  for (const [title, text] of [
    ['over lines', `Error from server (Forbidden): ${HEAD}\n${TUPLE}\n${URLS}\nmore`],
    ['in JSON', status(`${HEAD}\n${TUPLE}\n${URLS}`)],
  ] as const) {
    it(`reads an escalation ${title}`, () => {
      const { escalations, denials } = read(text);
      assert.deepEqual(
        escalations.map(({ user, groups, missing }) => ({ user, groups, missing })),
        [{ user: 'ana', groups: ['ml', 'system:authenticated'], missing: MISSING }],
      );
      assert.deepEqual(denials, []);
    });
  }

  for (const [kind, text] of [
    ['pod-security', 'Error creating: pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false'],
    ['quota', 'pods "x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=5, limited: pods=5'],
    ['quota', 'pods "x" is forbidden: failed quota: compute: must specify limits.cpu for: c'],
    ['pod-security', 'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false'],
    [
      'webhook-failed',
      'Error from server (InternalError): Internal error occurred: failed calling webhook "inferenceservice.kserve-webhook-server.defaulter": failed to call webhook: EOF',
    ],
    ['admission', 'Error creating: pods "x-" is forbidden: error looking up service account a/bot: serviceaccount "bot" not found'],
    ['admission', JSON.stringify({ message: 'pods "x" is forbidden: no PriorityClass with name high was found' })],
    ['limit-range', 'pods "x" is forbidden: minimum cpu usage per Container is 100m, but request is 10m'],
    ['namespace-terminating', 'pods "x" is forbidden: unable to create new content in namespace a because it is being terminated'],
    ['admission-policy', "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no latest tags"],
    ['admission-webhook', 'Error from server (Forbidden): admission webhook "validate.kserve.io" denied the request: no'],
    ['not-logged-in', 'error: You must be logged in to the server (Unauthorized)'],
    ['gateway', '<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>'],
  ] as const) {
    it(`takes ${kind} for what it is`, () => {
      const { denials, others } = read(text);
      assert.deepEqual(denials, []);
      assert.deepEqual(
        others.map((other) => other.kind),
        [kind],
      );
    });
  }

  it('finds nothing in other texts', () => {
    assert.deepEqual(read('all is well\nGET /healthz 200\nUser "ana" cannot wait'), {
      denials: [],
      escalations: [],
      others: [],
      isCut: false,
    });
  });

  it('takes time that grows with the text, whatever is in it', () => {
    const long = [
      'x'.repeat(300_000),
      'forbidden: User "'.repeat(20_000),
      `forbidden: User "${'\\\\'.repeat(50_000)}`,
      '&quot;forbidden'.repeat(20_000),
      `user "a" (groups=["b"]) is attempting to grant RBAC permissions not currently held: ${'{Verbs:['.repeat(60_000)}`,
      `${'user "a" (groups=['.repeat(40_000)} is attempting to grant RBAC permissions not currently held`,
      `403 <title>${' '.repeat(300_000)}`,
    ];
    const start = performance.now();
    for (const text of long) read(text);
    assert.ok(performance.now() - start < 5_000);
  });
});
