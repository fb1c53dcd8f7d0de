import type { V1Container, V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { kubernetesTime } from './kubernetes-time.ts';

/** Annotations by which a Pod asks to fail. */
export const FAILURE = 'planted.test/failure';
const MESSAGE = 'planted.test/message';
const EXIT_CODE = 'planted.test/exit-code';
const CONTAINER = 'planted.test/container';

/** How a kubelet may report a Pod that does not become ready. `init-…` concerns the first init container. */
export const POD_FAILURES = ['image-pull', 'crash', 'oom', 'not-ready', 'creating', 'init-fail', 'init-oom', 'init-running'] as const;
export type PodFailure = (typeof POD_FAILURES)[number];

interface FailureDetails {
  /** What the container or the kubelet says. */
  readonly message?: string;
  readonly exitCode?: number;
  /** `kserve-container` if absent, or the only one. */
  readonly container?: string;
}

/** The annotations that make a Pod fail. */
export function failing(failure: PodFailure, { message, exitCode, container }: FailureDetails = {}): Record<string, string> {
  return {
    [FAILURE]: failure,
    ...(message !== undefined && { [MESSAGE]: message }),
    ...(exitCode !== undefined && { [EXIT_CODE]: String(exitCode) }),
    ...(container !== undefined && { [CONTAINER]: container }),
  };
}

/** What a Pod needs and the cluster has not: a volume's source, or what a container takes its environment from. */
export interface Missing {
  readonly container?: string;
  /** In the kubelet's words. */
  readonly text: string;
}

export interface PodEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
}

/** A status and events as a kubelet would write them; every text is its own wording, remembered, since no kubelet runs. */
export interface PlayedPod {
  readonly phase: 'Pending' | 'Running';
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  readonly events: readonly PodEvent[];
}

export type ContainerStatus = Omit<V1ContainerStatus, 'state' | 'lastState'> & { state: State; lastState?: State };
/** As in JSON: times are text. */
interface State {
  readonly running?: { readonly startedAt: string };
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly terminated?: Omit<V1ContainerStateTerminated, 'startedAt' | 'finishedAt'> & { startedAt: string; finishedAt: string };
}

/** What becomes of a Pod that has been put on a node. `now` is in milliseconds. */
export function playPod(pod: V1Pod, missing: Missing | undefined, now: number): PlayedPod {
  const init = pod.spec?.initContainers ?? [];
  const main = pod.spec?.containers ?? [];
  const annotations = pod.metadata?.annotations ?? {};
  const stage: Stage = { pod, init, main, annotations, now };
  const failure = annotations[FAILURE] as PodFailure | undefined;
  if (failure === undefined) return missing === undefined ? healthy(stage) : lacking(stage, missing);
  if (failure.startsWith('init-') && init.length === 0) return healthy(stage);
  return FAILURES[failure](stage);
}

interface Stage {
  readonly pod: V1Pod;
  readonly init: readonly V1Container[];
  readonly main: readonly V1Container[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly now: number;
}

const FAILURES: Readonly<Record<PodFailure, (stage: Stage) => PlayedPod>> = {
  'image-pull': (stage) => {
    const { image, name } = target(stage);
    const notFound = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    const why = stage.annotations[MESSAGE] ?? notFound;
    const fieldPath = `spec.containers{${name}}`;
    const state = { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${why}` } };
    return played(stage, 'Pending', state, [
      { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"`, fieldPath },
      { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${why}`, fieldPath },
      { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull', fieldPath },
      { type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"`, fieldPath },
      { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff', fieldPath },
    ]);
  },
  crash: (stage) => crashing(stage, exited(stage)),
  oom: (stage) => crashing(stage, { exitCode: 137, reason: 'OOMKilled' }),
  'not-ready': (stage) => {
    const message = stage.annotations[MESSAGE] ?? 'Readiness probe failed: dial tcp 10.244.0.9:8080: connect: connection refused';
    const event: PodEvent = { type: 'Warning', reason: 'Unhealthy', message, fieldPath: `spec.containers{${target(stage).name}}` };
    return { ...played(stage, 'Running', { running: { startedAt: at(stage) } }, [event]) };
  },
  creating: (stage) => ({
    phase: 'Pending',
    init: stage.init.map((container) => waiting(container, 'PodInitializing')),
    main: stage.main.map((container) => waiting(container, 'ContainerCreating')),
    events: [],
  }),
  'init-fail': (stage) => initCrashing(stage, exited(stage)),
  'init-oom': (stage) => initCrashing(stage, { exitCode: 137, reason: 'OOMKilled' }),
  'init-running': (stage) => ({
    phase: 'Pending',
    init: stage.init.map((container, index) =>
      index === 0 ? { ...running(stage, container), ready: false } : waiting(container, 'PodInitializing'),
    ),
    main: stage.main.map((container) => waiting(container, 'PodInitializing')),
    events: [],
  }),
};

function healthy(stage: Stage): PlayedPod {
  return {
    phase: 'Running',
    init: stage.init.map((container) => completed(stage, container)),
    main: stage.main.map((container) => running(stage, container)),
    events: [],
  };
}

function lacking(stage: Stage, { container, text }: Missing): PlayedPod {
  const { init, main } = stage;
  if (container === undefined) {
    const event: PodEvent = { type: 'Warning', reason: 'FailedMount', message: text };
    return { ...(FAILURES.creating(stage) satisfies PlayedPod), events: [event] };
  }
  const inInit = init.some(({ name }) => name === container);
  const state = { waiting: { reason: 'CreateContainerConfigError', message: text } };
  const fieldPath = `spec.${inInit ? 'initContainers' : 'containers'}{${container}}`;
  return {
    phase: 'Pending',
    init: init.map((each) =>
      each.name === container ? stuck(each, state) : inInit ? waiting(each, 'PodInitializing') : completed(stage, each),
    ),
    main: main.map((each) =>
      each.name === container ? stuck(each, state) : inInit ? waiting(each, 'PodInitializing') : running(stage, each),
    ),
    events: [{ type: 'Warning', reason: 'Failed', message: `Error: ${text}`, fieldPath }],
  };
}

/** The container that fails, in a state; all others are well. */
function played(stage: Stage, phase: PlayedPod['phase'], state: State, events: readonly PodEvent[]): PlayedPod {
  const { name } = target(stage);
  const main = stage.main.map((container) => (container.name === name ? stuck(container, state) : running(stage, container)));
  return { phase, init: stage.init.map((container) => completed(stage, container)), main, events };
}

function target({ main, annotations }: Stage): V1Container {
  const wanted = annotations[CONTAINER] ?? 'kserve-container';
  return main.find(({ name }) => name === wanted) ?? (main[0] as V1Container);
}

type End = Pick<V1ContainerStateTerminated, 'exitCode' | 'reason' | 'message'>;

function exited({ annotations }: Stage): End {
  const message = annotations[MESSAGE];
  return { exitCode: Number(annotations[EXIT_CODE] ?? 1), reason: 'Error', ...(message !== undefined && { message }) };
}

function crashing(stage: Stage, end: End): PlayedPod {
  const { name } = target(stage);
  const main = stage.main.map((container) => (container.name === name ? backOff(stage, container, end) : running(stage, container)));
  const event = restarting(stage, name, `spec.containers{${name}}`);
  return { phase: 'Running', init: stage.init.map((container) => completed(stage, container)), main, events: [event] };
}

function initCrashing(stage: Stage, end: End): PlayedPod {
  const [first, ...others] = stage.init as [V1Container, ...V1Container[]];
  return {
    phase: 'Pending',
    init: [backOff(stage, first, end), ...others.map((container) => waiting(container, 'PodInitializing'))],
    main: stage.main.map((container) => waiting(container, 'PodInitializing')),
    events: [restarting(stage, first.name, `spec.initContainers{${first.name}}`)],
  };
}

function restarting({ pod }: Stage, container: string, fieldPath: string): PodEvent {
  const { name, namespace, uid } = pod.metadata ?? {};
  const message = `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`;
  return { type: 'Warning', reason: 'BackOff', message, fieldPath };
}

function stuck({ name, image = '' }: V1Container, state: State): ContainerStatus {
  return { name, image, imageID: '', ready: false, started: false, restartCount: 0, state };
}

function waiting(container: V1Container, reason: string): ContainerStatus {
  return stuck(container, { waiting: { reason } });
}

function running(stage: Stage, container: V1Container): ContainerStatus {
  return { ...stuck(container, { running: { startedAt: at(stage) } }), ...ran(container), ready: true, started: true };
}

function completed(stage: Stage, container: V1Container): ContainerStatus {
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: at(stage, 20), finishedAt: at(stage, 5) };
  return { ...stuck(container, { terminated }), ...ran(container), ready: true };
}

function backOff(stage: Stage, container: V1Container, end: End): ContainerStatus {
  const { name, namespace, uid } = stage.pod.metadata ?? {};
  const message = `back-off 1m20s restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`;
  const { containerID } = ran(container);
  return {
    ...stuck(container, { waiting: { reason: 'CrashLoopBackOff', message } }),
    ...ran(container),
    restartCount: 4,
    lastState: { terminated: { startedAt: at(stage, 60), finishedAt: at(stage, 40), containerID, ...end } },
  };
}

function ran({ name, image }: V1Container): { imageID: string; containerID: string } {
  return { imageID: `${image}@sha256:0`, containerID: `containerd://${name}` };
}

function at({ now }: Stage, secondsAgo = 0): string {
  return kubernetesTime(now - secondsAgo * 1_000);
}
