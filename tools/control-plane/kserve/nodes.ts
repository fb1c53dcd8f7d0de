import type { ApiClient } from '../client.ts';

const GPU = 'nvidia.com/gpu';

interface Node {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly capacity: Readonly<Record<string, string>>;
  readonly taints: readonly object[];
}

/** What Pods may be placed on; nothing runs there. */
const NODES: readonly Node[] = [
  { name: 'cpu-1', capacity: { cpu: '96', memory: '384Gi', pods: '500', 'ephemeral-storage': '200Gi' }, taints: [] },
  {
    name: 'gpu-1',
    labels: { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB' },
    capacity: { cpu: '32', memory: '256Gi', pods: '110', 'ephemeral-storage': '500Gi', [GPU]: '1' },
    taints: [{ key: GPU, value: 'present', effect: 'NoSchedule' }],
  },
];

/** Makes two nodes, one with a GPU and the taint that such nodes have. */
export async function addNodes(admin: ApiClient): Promise<void> {
  await Promise.all(NODES.map((node) => addNode(admin, node)));
}

async function addNode(admin: ApiClient, { name, labels, capacity, taints }: Node): Promise<void> {
  const basic = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
  await admin.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { ...basic, ...labels } } });
  const headers = { 'content-type': 'application/merge-patch+json' };
  const patch = (path: string, body: object) => admin.request('PATCH', `/api/v1/nodes/${path}`, { headers, body });
  const time = '2026-01-01T00:00:00Z';
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  const conditions = [{ ...ready, lastHeartbeatTime: time, lastTransitionTime: time }];
  await patch(`${name}/status`, { status: { conditions, capacity, allocatable: capacity } });
  // A new node is tainted as not ready; the controller that takes this off would also evict Pods from nodes without a heartbeat.
  await patch(name, { spec: { taints } });
}
