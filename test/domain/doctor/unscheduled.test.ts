import assert from 'node:assert/strict';
import type { Code } from '../../../src/domain/doctor/catalogue/catalogue.ts';
import type { KubeObject } from '../../../src/domain/kubernetes/resource.ts';
import {
  deployment,
  findingsOf,
  isvc,
  llm,
  observed,
  PODS_MISSING,
  pod,
  shared,
  unscheduled,
  warning,
} from '../../support/doctor-world.ts';

const PREEMPTION = ' preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';

const node = (name: string, allocatable: object, taints: readonly object[] = [], spec: object = {}): KubeObject =>
  shared('v1', 'Node', name, { spec: { ...spec, ...(taints.length > 0 && { taints }) }, status: { allocatable } });
const CONTROL_PLANE = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };
const GPU = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' };
const SMALL = { cpu: '4', memory: '16Gi' };
const asking = (requests: object, more: object = {}) => ({
  containers: [{ name: 'kserve-container', resources: { requests } }],
  ...more,
});
const ONE_GPU = asking({ 'nvidia.com/gpu': '1', cpu: '1' });
const claiming = (claimName: string) =>
  asking({ cpu: '1' }, { volumes: [{ name: 'kserve-pvc-source', persistentVolumeClaim: { claimName } }] });
const claim = (name: string, phase: string, spec: object = {}): KubeObject =>
  observed('v1', 'PersistentVolumeClaim', { name }, { spec, status: { phase } });

interface Case {
  readonly what: string;
  readonly code: Code;
  readonly message: string;
  readonly says: RegExp;
  readonly spec?: object;
  readonly others?: readonly KubeObject[];
  readonly reason?: string;
  /** Nodes may not be read. */
  readonly noNodes?: true;
}

const CASES: readonly Case[] = [
  {
    what: 'GPUs',
    code: 'insufficient-resources',
    message: `0/3 nodes are available: 3 Insufficient nvidia.com/gpu.${PREEMPTION}`,
    says: /no node has 1 nvidia.com\/gpu free/,
    spec: ONE_GPU,
  },
  {
    what: 'AMD GPUs, in an older text',
    code: 'insufficient-resources',
    message: '0/3 nodes are available: 3 Insufficient amd.com/gpu.',
    says: /amd.com\/gpu/,
    spec: asking({ 'amd.com/gpu': '2' }),
  },
  {
    what: 'several resources',
    code: 'insufficient-resources',
    message: `0/3 nodes are available: 1 Insufficient memory, 3 Insufficient cpu.${PREEMPTION}`,
    says: /memory and .*cpu/,
    spec: asking({ cpu: '64', memory: '512Gi' }),
  },
  {
    what: 'Pods of a node',
    code: 'insufficient-resources',
    message: `0/2 nodes are available: 2 Too many pods.${PREEMPTION}`,
    says: /too many Pods/i,
  },
  {
    what: 'a slice of a GPU',
    code: 'insufficient-resources',
    message: '0/2 nodes are available: 2 Insufficient nvidia.com/mig-3g.20gb.',
    says: /nvidia.com\/mig-3g.20gb/,
  },
  {
    what: 'CPU on workers beside a control plane',
    code: 'insufficient-resources',
    message: `0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu.${PREEMPTION}`,
    says: /no node has 3 cpu free/,
    spec: asking({ cpu: '3' }),
    others: [node('cp', SMALL, [CONTROL_PLANE]), node('w1', SMALL), node('w2', SMALL)],
  },
  {
    what: 'CPU on workers beside a control plane, Nodes not readable',
    code: 'insufficient-resources',
    message: `0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu.${PREEMPTION}`,
    says: /no node has 3 cpu free/,
    spec: asking({ cpu: '3' }),
    noNodes: true,
  },
  {
    what: 'a taint of GPU nodes that the scheduler names',
    code: 'untolerated-taint',
    message: `0/3 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 Insufficient nvidia.com/gpu.${PREEMPTION}`,
    says: /nvidia.com\/gpu=present/,
    spec: ONE_GPU,
    others: [node('gpu', { ...SMALL, 'nvidia.com/gpu': '4' }, [GPU]), node('w1', SMALL), node('w2', SMALL)],
  },
  {
    what: 'a taint that only the Nodes name',
    code: 'untolerated-taint',
    message: `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient nvidia.com/gpu.${PREEMPTION}`,
    says: /nvidia.com\/gpu=present:NoSchedule.*"operator":"Equal"/,
    spec: ONE_GPU,
    others: [node('gpu', { ...SMALL, 'nvidia.com/gpu': '4' }, [GPU]), node('w1', SMALL), node('w2', SMALL)],
  },
  {
    what: 'a taint alone, named, without Nodes',
    code: 'untolerated-taint',
    message: '0/2 nodes are available: 2 node(s) had untolerated taint {dedicated: ml}.',
    says: /the taint dedicated=ml.*"key":"dedicated"/,
    noNodes: true,
  },
  {
    what: 'a taint alone, without Nodes',
    code: 'untolerated-taint',
    message: '0/2 nodes are available: 2 node(s) had untolerated taint(s).',
    says: /not known which/,
    noNodes: true,
  },
  {
    what: 'a taint, as Kubernetes before 1.24 says it',
    code: 'untolerated-taint',
    message: "0/1 nodes are available: 1 node(s) had taint {dedicated: ml}, that the pod didn't tolerate.",
    says: /dedicated=ml/,
    noNodes: true,
  },
  {
    what: 'a node that has too little, though tainted',
    code: 'insufficient-resources',
    message: `0/2 nodes are available: 1 node(s) had untolerated taint(s), 1 Insufficient nvidia.com/gpu.${PREEMPTION}`,
    says: /the largest node has 1 nvidia.com\/gpu/,
    spec: asking({ 'nvidia.com/gpu': '8' }),
    others: [node('gpu', { ...SMALL, 'nvidia.com/gpu': '1' }, [GPU]), node('w1', SMALL)],
  },
  {
    what: 'nodes that are not ready',
    code: 'untolerated-taint',
    message: '0/2 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.',
    says: /node.kubernetes.io\/not-ready.*(?:wait|look at the node)/i,
    others: [node('w1', SMALL, [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }])],
  },
  {
    what: 'cordoned nodes',
    code: 'unschedulable',
    message: '0/2 nodes are available: 2 node(s) were unschedulable.',
    says: /were unschedulable/,
  },
  {
    what: 'a node selector',
    code: 'unschedulable',
    message: `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.${PREEMPTION}`,
    says: /node affinity\/selector/,
  },
  {
    what: 'a node selector, while other nodes are full',
    code: 'unschedulable',
    message: `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.${PREEMPTION}`,
    says: /gpu-type=H100/,
    spec: { ...ONE_GPU, nodeSelector: { 'gpu-type': 'H100' } },
    others: [node('w1', SMALL), node('w2', SMALL)],
  },
  {
    what: 'anti-affinity',
    code: 'unschedulable',
    message: "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.",
    says: /anti-affinity/,
  },
  {
    what: 'topology',
    code: 'unschedulable',
    message: "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.",
    says: /topology/,
  },
  { what: 'no nodes at all', code: 'unschedulable', message: 'no nodes available to schedule pods', says: /no nodes available/ },
  {
    what: 'gates',
    code: 'unschedulable',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    reason: 'SchedulingGated',
    says: /gates/,
  },
  {
    what: 'a claim that does not exist',
    code: 'volume-claim-missing',
    message: `0/2 nodes are available: persistentvolumeclaim "models" not found.${PREEMPTION}`,
    says: /no PersistentVolumeClaim "models" in the namespace "team-a"/,
    spec: claiming('models'),
  },
  {
    what: 'a claim that does not exist, in a bare text',
    code: 'volume-claim-missing',
    message: 'persistentvolumeclaim "models" not found',
    says: /no PersistentVolumeClaim "models" in the namespace "team-a"/,
    spec: claiming('models'),
  },
  {
    what: 'a claim without a volume',
    code: 'volume-claim-unbound',
    message: `0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.${PREEMPTION}`,
    says: /"models" has no volume/,
    spec: claiming('models'),
    others: [claim('models', 'Pending', { storageClassName: 'fast' })],
  },
  {
    what: 'a claim of a class that waits',
    code: 'volume-claim-unbound',
    message: "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.",
    says: /"models" has no volume/,
    spec: claiming('models'),
    others: [claim('models', 'Pending')],
  },
  {
    what: 'a volume of another zone',
    code: 'volume-claim-unbound',
    message: "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity.",
    says: /"models"/,
    spec: claiming('models'),
    others: [claim('models', 'Bound')],
  },
  {
    what: 'a volume of another zone, as older Kubernetes says it',
    code: 'volume-claim-unbound',
    message: '0/2 nodes are available: 2 node(s) had volume node affinity conflict.',
    says: /"models"/,
    spec: claiming('models'),
    others: [claim('models', 'Bound')],
  },
  {
    what: 'a volume that is gone',
    code: 'volume-claim-unbound',
    message: '0/2 nodes are available: 2 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s).',
    says: /"models"/,
    spec: claiming('models'),
    others: [claim('models', 'Bound')],
  },
  {
    what: 'a claim that lost its volume',
    code: 'volume-claim-unbound',
    message: '0/2 nodes are available: persistentvolumeclaim "models" bound to non-existent persistentvolume "pv-1".',
    says: /"models"/,
    spec: claiming('models'),
    others: [claim('models', 'Lost')],
  },
  {
    what: 'a claim on its way out',
    code: 'volume-claim-unbound',
    message: '0/2 nodes are available: persistentvolumeclaim "models" is being deleted.',
    says: /"models"/,
    spec: claiming('models'),
  },
  {
    what: 'a claim that one Pod alone may use',
    code: 'unschedulable',
    message:
      '0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.',
    says: /ReadWriteOncePod/,
    spec: claiming('models'),
  },
  {
    what: 'a device claim',
    code: 'unschedulable',
    message: '0/2 nodes are available: 2 cannot allocate all claims.',
    says: /cannot allocate all claims/,
  },
];

describe('Pods that are not scheduled', () => {
  for (const { what, code, message, says, spec = {}, others = [], reason, noNodes } of CASES) {
    it(`${code}: ${what}`, () => {
      const status = unscheduled(message, reason);
      const worlds = [
        [isvc({ status: PODS_MISSING }), deployment(), pod({ status, spec })],
        [isvc({ status: PODS_MISSING }), deployment({ component: 'transformer' }), pod({ component: 'transformer', status, spec })],
        [llm({ status: PODS_MISSING }), deployment({ of: 'llm' }), pod({ of: 'llm', status, spec })],
      ];
      for (const world of worlds) {
        const isComplete = (kind: string) => !(kind === 'Node' && noNodes === true);
        const [first] = findingsOf([...world, ...others] as readonly KubeObject[], { isComplete });
        assert.equal(first?.code, code, first?.message);
        assert.match(`${first?.message} ${first?.fix?.text}`, says);
        assert.ok(first?.evidence.some(({ value }) => value === message));
      }
    });
  }

  it('shows what the claim itself complains of', () => {
    const models = claim('models', 'Pending', { storageClassName: 'fast' });
    const complaint = warning(models, 'ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found');
    const message = '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.';
    const [first] = findingsOf([
      isvc({ status: PODS_MISSING }),
      pod({ status: unscheduled(message), spec: claiming('models') }),
      models,
      complaint,
    ]);
    assert.match(first?.message ?? '', /storageclass.storage.k8s.io "fast" not found/);
  });

  it('suggests no toleration of what a node says of itself', () => {
    const taint = { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' };
    const message = '0/1 nodes are available: 1 node(s) had untolerated taint(s).';
    const [first] = findingsOf([isvc({ status: PODS_MISSING }), pod({ status: unscheduled(message) }), node('w1', SMALL, [taint])]);
    assert.equal(first?.code, 'untolerated-taint');
    assert.equal(first?.fix?.patch, undefined);
  });

  it('names the scheduler that nobody runs', () => {
    const [first] = findingsOf([
      isvc({ status: PODS_MISSING }),
      deployment(),
      pod({ status: { phase: 'Pending' }, spec: { schedulerName: 'volcano' } }),
    ]);
    assert.equal(first?.code, 'unschedulable');
    assert.match(first?.message ?? '', /no scheduler has looked at it.*"volcano"/);
  });

  it('gives a scheduler a moment', () => {
    const young = pod({ creationTimestamp: '2026-11-29T11:59:50Z', status: { phase: 'Pending' } });
    assert.equal(findingsOf([isvc({ status: PODS_MISSING }), deployment(), young])[0]?.code, 'loading');
  });
});
