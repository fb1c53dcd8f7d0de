/** A time in milliseconds as Kubernetes writes it, in whole seconds. */
export function kubernetesTime(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
