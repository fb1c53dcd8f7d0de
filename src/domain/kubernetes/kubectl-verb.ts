/** What one of kubectl's commands asks the server for. */
export interface KubectlRequest {
  readonly verbs: readonly string[];
  /** Names of the one kind that the request is about, whatever the command is given, the plural first; absent: the kind that it is given. */
  readonly kinds?: readonly string[];
  readonly subresource?: string;
}

const PODS = ['pods', 'pod', 'po'];
const NODES = ['nodes', 'node', 'no'];
const EXEC = { verbs: ['create'], kinds: PODS, subresource: 'exec' };
const LOG = { verbs: ['get'], kinds: PODS, subresource: 'log' };
const PORT_FORWARD = { verbs: ['create'], kinds: PODS, subresource: 'portforward' };
const EVICT = { verbs: ['create'], kinds: PODS, subresource: 'eviction' };
const PATCH_NODE = { verbs: ['patch'], kinds: NODES };
const CHANGE = { verbs: ['get', 'patch'] };
const DELETE = { verbs: ['delete'] };

// https://github.com/kubernetes/kubectl/tree/v0.37.2/pkg/cmd
const REQUESTS: ReadonlyMap<string, KubectlRequest> = new Map<string, KubectlRequest>([
  ['annotate', CHANGE],
  ['apply', { verbs: ['get', 'create', 'patch'] }],
  ['attach', { verbs: ['create'], kinds: PODS, subresource: 'attach' }],
  ['autoscale', { verbs: ['create'], kinds: ['horizontalpodautoscalers', 'horizontalpodautoscaler', 'hpa'] }],
  ['cordon', PATCH_NODE],
  ['cp', EXEC],
  ['debug', { verbs: ['patch'], kinds: PODS, subresource: 'ephemeralcontainers' }],
  ['describe', { verbs: ['get'] }],
  ['drain', EVICT],
  ['edit', CHANGE],
  ['evict', EVICT],
  ['exec', EXEC],
  ['expose', { verbs: ['create'], kinds: ['services', 'service', 'svc'] }],
  ['label', CHANGE],
  ['log', LOG],
  ['logs', LOG],
  ['port-forward', PORT_FORWARD],
  ['portforward', PORT_FORWARD],
  ['remove', DELETE],
  ['replace', { verbs: ['get', 'update'] }],
  ['restart', CHANGE],
  ['rm', DELETE],
  ['rollout', CHANGE],
  ['run', { verbs: ['create'], kinds: PODS }],
  ['scale', { verbs: ['patch'], subresource: 'scale' }],
  ['set', CHANGE],
  ['taint', PATCH_NODE],
  ['top', { verbs: ['get', 'list'], kinds: ['pods.metrics.k8s.io'] }],
  ['uncordon', PATCH_NODE],
  ['wait', { verbs: ['get', 'list', 'watch'] }],
]);

/** The request behind a word of kubectl that is no verb of the server, such as `exec`; undefined for any other word. */
export function kubectlRequest(word: string): KubectlRequest | undefined {
  return REQUESTS.get(word);
}
