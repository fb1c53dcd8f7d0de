import type { Host } from '../host.ts';

/** The program as kubectl starts it: what help is written with. */
export const PROGRAM = 'kubectl kserve';

const BASE_NAME = /[^/\\]*$/;

/**
 * How the user started the program. kubectl 1.37 tells by KUBECTL_PATH; older ones only by starting a plugin with its whole path,
 * which nobody types. Where Node runs a script, that is lost: then `_` has what the user's shell was told to start.
 */
export function programName(host: Pick<Host, 'argv0' | 'env'>): string {
  const base = BASE_NAME.exec(host.argv0)?.[0] ?? '';
  const isWholePath = /^(\/|[A-Za-z]:[/\\])/.test(host.argv0);
  const startedByShell = BASE_NAME.exec(host.env._ ?? '')?.[0];
  const byKubectl = host.env.KUBECTL_PATH !== undefined || startedByShell === 'kubectl' || (isWholePath && base.startsWith('kubectl-'));
  return byKubectl ? PROGRAM : 'kubectl-kserve';
}

/** True if completion is asked for: by the name that kubectl looks for, or by the word that cobra's scripts use. */
export function asksForCompletion({ argv0, argv }: Pick<Host, 'argv0' | 'argv'>): boolean {
  const [word] = argv;
  return word === '__complete' || word === '__completeNoDesc' || (BASE_NAME.exec(argv0)?.[0] ?? '').startsWith('kubectl_complete-');
}
