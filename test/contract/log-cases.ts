import assert from 'node:assert/strict';
import { forbidden, rejectsWith } from './expect.ts';
import type { ContractServer } from './servers.ts';
import { LOGGED, USERS } from './world.ts';

const LATEST = { container: 'server', previous: false, tailLines: 20 };

/** What the API server says itself, before it asks a kubelet. */
export function logRefusalCases(server: () => ContractServer): void {
  it('refuses the log of a Pod, whether the Pod is there or not', async () => {
    const { as, a } = server();
    const message = `User "${USERS.ana.name}" cannot get resource "pods/log" in API group "" in the namespace "${a}"`;
    for (const pod of [LOGGED, 'nope']) {
      await rejectsWith((await as('ana')).podLog(pod, { ...LATEST, namespace: a }), forbidden(message, '', 'pods', pod));
    }
  });

  it('does not find the log of a Pod that is not there', async () => {
    const { as, a } = server();
    await rejectsWith((await as('admin')).podLog('nope', { ...LATEST, namespace: a }), {
      reason: 'NotFound',
      message: 'pods "nope" not found',
      code: 404,
      details: { name: 'nope', kind: 'pods' },
      fromStatus: true,
    });
  });
}

/** What a kubelet has: the real server of the tests is without. */
export function logCases(server: () => ContractServer): void {
  const read = async (options: Partial<typeof LATEST> = {}) => {
    const { as, a } = server();
    return (await as('admin')).podLog(LOGGED, { ...LATEST, ...options, namespace: a });
  };

  it('reads the last lines of a container', async () => {
    assert.equal(await read({ tailLines: 2 }), 'two <&>\nthree\n');
    assert.equal(await read(), 'one\ntwo <&>\nthree\n');
  });

  it('reads what the container printed before its restart', async () => {
    assert.equal(await read({ previous: true }), 'before\n');
  });

  it('reads an empty log', async () => {
    assert.equal(await read({ container: 'sidecar' }), '');
  });

  it('gets the words of the server for a container or a run that is not there', async () => {
    const bad = (message: string) => ({ reason: 'BadRequest' as const, message, code: 400, details: undefined, fromStatus: true });
    await rejectsWith(read({ container: 'nope' }), bad(`container nope is not valid for pod ${LOGGED}`));
    await rejectsWith(
      read({ container: 'sidecar', previous: true }),
      bad(`previous terminated container "sidecar" in pod "${LOGGED}" not found`),
    );
  });
}
