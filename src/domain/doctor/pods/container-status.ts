import type { FindingObject } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import { at, isPresent } from '../service.ts';
import type { PodFacts } from './problem.ts';

/** The status of one container of a Pod. */
export interface Container {
  readonly name: string;
  readonly isInit: boolean;
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly running: boolean;
  /** It ended and was not started again yet. */
  readonly terminated: Termination | undefined;
  /** How it ended before it was started again. */
  readonly last: Termination | undefined;
}

export interface Termination {
  readonly reason: string;
  readonly message: string;
  readonly exitCode: number | undefined;
}

const STORAGE_INITIALIZER = 'storage-initializer';

/** KServe adds one; of several URIs, it may add more, with a number. */
export function isStorageInitializer({ name, isInit }: Pick<Container, 'name' | 'isInit'>): boolean {
  return isInit && name.startsWith(STORAGE_INITIALIZER);
}

/** One container of a Pod, and what is known around it. */
export interface ContainerFacts extends PodFacts {
  readonly container: Container;
  /** The Pod. */
  readonly ref: FindingObject;
  /** Where the status of the container is. */
  readonly field: string;
}

/** Containers in the order in which they run: init containers first. */
export function containersOf(pod: KubeObject): readonly Container[] {
  const list = (field: string, isInit: boolean) => listOf(at(pod, 'status', field)).map((status) => toContainer(status, isInit));
  return [...list('initContainerStatuses', true), ...list('containerStatuses', false)];
}

/** Where its status is. */
export function containerField({ isInit, name }: Container): string {
  return `status.${isInit ? 'initContainerStatuses' : 'containerStatuses'}[${name}]`;
}

function toContainer(status: unknown, isInit: boolean): Container {
  const restarts = fieldOf(status, 'restartCount');
  const waiting = at(status, 'state', 'waiting');
  return {
    name: textOf(fieldOf(status, 'name')) ?? '',
    isInit,
    image: textOf(fieldOf(status, 'image')) ?? '',
    ready: fieldOf(status, 'ready') === true,
    restarts: typeof restarts === 'number' ? restarts : 0,
    waiting: isPresent(waiting)
      ? { reason: textOf(fieldOf(waiting, 'reason')) ?? '', message: textOf(fieldOf(waiting, 'message')) ?? '' }
      : undefined,
    running: isPresent(at(status, 'state', 'running')),
    terminated: toTermination(at(status, 'state', 'terminated')),
    last: toTermination(at(status, 'lastState', 'terminated')),
  };
}

function toTermination(terminated: unknown): Termination | undefined {
  if (!isPresent(terminated)) return undefined;
  const exitCode = fieldOf(terminated, 'exitCode');
  return {
    reason: textOf(fieldOf(terminated, 'reason')) ?? '',
    message: textOf(fieldOf(terminated, 'message')) ?? '',
    exitCode: typeof exitCode === 'number' ? exitCode : undefined,
  };
}
