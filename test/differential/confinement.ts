import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Given, Need } from './case.ts';

/** Files for a service account are copied from here, in a mount namespace of the program's own. */
export const SERVICE_ACCOUNT_SOURCE = 'service-account';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const WITH_SERVICE_ACCOUNT = `
mount -t tmpfs tmpfs /var/run && mkdir -p ${SERVICE_ACCOUNT} && cp "$0"/* ${SERVICE_ACCOUNT} && exec "$@"`;
const isRoot = process.getuid?.() === 0;
const UNSHARE = ['unshare', '--mount', ...(isRoot ? [] : ['--user', '--map-root-user'])];
const WITHOUT_PRIVILEGES = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

/** The command line, behind what hides or shows things to the program. */
export function confined(command: readonly string[], given: Given, folder: string): readonly string[] {
  if (given.serviceAccount) return [...UNSHARE, 'sh', '-c', WITH_SERVICE_ACCOUNT, join(folder, SERVICE_ACCOUNT_SOURCE), ...command];
  return given.withoutPrivileges ? [...WITHOUT_PRIVILEGES, ...command] : command;
}

/** Why this machine cannot run a case; undefined if it can. */
export function unmet(need: Need | undefined): string | undefined {
  return need === undefined ? undefined : CHECKS[need]();
}

const CHECKS: Readonly<Record<Need, () => string | undefined>> = {
  IPv6: () => (networkInterfaces().lo?.some(({ family }) => family === 'IPv6') ? undefined : 'no IPv6 loopback address'),
  'service account': () =>
    works([...UNSHARE, 'mount', '-t', 'tmpfs', 'tmpfs', '/var/run']) ? undefined : 'no right to mount a service account for one program',
  'IPv6 and service account': () => unmet('IPv6') ?? unmet('service account'),
  'file permissions': () => (works([...WITHOUT_PRIVILEGES, 'true']) ? undefined : 'root reads every file, and setpriv is missing'),
};

function works([command = '', ...words]: readonly string[]): boolean {
  return spawnSync(command, words).status === 0;
}
