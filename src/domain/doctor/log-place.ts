/** One run of a container of a Pod. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The run before the latest start: the one that failed. */
  readonly previous: boolean;
}

export function logKey({ namespace, pod, container, previous }: LogPlace): string {
  return JSON.stringify([namespace, pod, container, previous]);
}
