import assert from 'node:assert/strict';
import type { V1Pod } from '@kubernetes/client-node';
import { failing, type Missing, type PodFailure, playPod } from '../../../../tools/control-plane/kserve/play-pod.ts';
import { podStatus } from '../../../../tools/control-plane/kserve/pod-status.ts';

const NOW = Date.parse('2026-01-01T00:01:00.500Z');

function pod(annotations: Record<string, string> = {}, containers: readonly string[] = ['kserve-container']): V1Pod {
  return {
    metadata: { name: 'iris-1', namespace: 'ml', uid: 'u1', annotations },
    spec: {
      initContainers: [{ name: 'storage-initializer', image: 'init:1' }],
      containers: containers.map((name) => ({ name, image: `${name}:1` })),
    },
  };
}

interface Seen {
  readonly phase: string;
  /** Each container's state in a word, the init container first. */
  readonly states: readonly string[];
  readonly isReady: boolean;
  readonly events: readonly string[];
}

function play(played: V1Pod, missing?: Missing): Seen {
  const outcome = playPod(played, missing, NOW);
  const status = podStatus(played, outcome, NOW) as { conditions: { type: string; status: string }[] };
  return {
    phase: outcome.phase,
    states: [...outcome.init, ...outcome.main].map(({ state: { running, terminated, waiting } }) =>
      running ? 'running' : (terminated?.reason ?? waiting?.reason ?? ''),
    ),
    isReady: status.conditions.find(({ type }) => type === 'Ready')?.status === 'True',
    events: outcome.events.map(({ reason, message }) => `${reason}: ${message}`),
  };
}

const BACK_OFF = 'BackOff: Back-off restarting failed container';
const IN_POD = 'in pod iris-1_ml(u1)';

const EXPECTED: Readonly<Record<PodFailure, Seen>> = {
  'image-pull': {
    phase: 'Pending',
    states: ['Completed', 'ImagePullBackOff'],
    isReady: false,
    events: [
      'Pulling: Pulling image "kserve-container:1"',
      'Failed: Failed to pull image "kserve-container:1": said',
      'Failed: Error: ErrImagePull',
      'BackOff: Back-off pulling image "kserve-container:1"',
      'Failed: Error: ImagePullBackOff',
    ],
  },
  crash: {
    phase: 'Running',
    states: ['Completed', 'CrashLoopBackOff'],
    isReady: false,
    events: [`${BACK_OFF} kserve-container ${IN_POD}`],
  },
  oom: {
    phase: 'Running',
    states: ['Completed', 'CrashLoopBackOff'],
    isReady: false,
    events: [`${BACK_OFF} kserve-container ${IN_POD}`],
  },
  'not-ready': { phase: 'Running', states: ['Completed', 'running'], isReady: false, events: ['Unhealthy: said'] },
  creating: { phase: 'Pending', states: ['PodInitializing', 'ContainerCreating'], isReady: false, events: [] },
  'init-fail': {
    phase: 'Pending',
    states: ['CrashLoopBackOff', 'PodInitializing'],
    isReady: false,
    events: [`${BACK_OFF} storage-initializer ${IN_POD}`],
  },
  'init-oom': {
    phase: 'Pending',
    states: ['CrashLoopBackOff', 'PodInitializing'],
    isReady: false,
    events: [`${BACK_OFF} storage-initializer ${IN_POD}`],
  },
  'init-running': { phase: 'Pending', states: ['running', 'PodInitializing'], isReady: false, events: [] },
};

describe('the player of Pods', () => {
  it('makes a Pod ready that does not ask to fail', () => {
    assert.deepEqual(play(pod()), { phase: 'Running', states: ['Completed', 'running'], isReady: true, events: [] });
  });

  for (const [failure, expected] of Object.entries(EXPECTED) as [PodFailure, Seen][]) {
    it(`plays ${failure}`, () => assert.deepEqual(play(pod(failing(failure, { message: 'said' }))), expected));
  }

  it('says how a container ended', () => {
    const [ended] = playPod(pod(failing('crash', { message: 'said', exitCode: 3 })), undefined, NOW).main;
    assert.deepEqual(ended?.lastState?.terminated, {
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:20Z',
      containerID: 'containerd://kserve-container',
      exitCode: 3,
      reason: 'Error',
      message: 'said',
    });
  });

  it('lets only the container fail that is named', () => {
    const two = ['kserve-container', 'transformer-container'];
    const { states } = play(pod(failing('crash', { container: 'transformer-container' }), two));
    assert.deepEqual(states, ['Completed', 'running', 'CrashLoopBackOff']);
  });

  it('waits for a volume whose Secret is missing', () => {
    const text = 'MountVolume.SetUp failed for volume "certs" : secret "certs" not found';
    assert.deepEqual(play(pod(), { text }), { ...EXPECTED.creating, events: [`FailedMount: ${text}`] });
  });

  it('waits for what a container takes its environment from', () => {
    const text = 'secret "token" not found';
    assert.deepEqual(play(pod(), { container: 'kserve-container', text }), {
      phase: 'Pending',
      states: ['Completed', 'CreateContainerConfigError'],
      isReady: false,
      events: [`Failed: Error: ${text}`],
    });
    assert.deepEqual(play(pod(), { container: 'storage-initializer', text }).states, ['CreateContainerConfigError', 'PodInitializing']);
  });
});
