// The three servers of the contract, each with the same objects and users.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Connection } from '../../src/cluster/cluster.ts';
import { connect } from '../../src/cluster/connect.ts';
import { type Credential, kubeconfig } from '../../tools/api-server/kubeconfig.ts';
import { startApiServer } from '../../tools/api-server/server.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { createHost } from '../support/run-cli.ts';
import { FIXTURE_TYPES, loggedPod, type Place, podLogs, USERS, type UserName, worldObjects } from './world.ts';

/** `anonymous` sends no credentials, `unknown` bad ones. */
type Asker = UserName | 'admin' | 'anonymous' | 'unknown';

export interface ContractServer extends Place {
  readonly as: (asker: Asker) => Promise<Cluster>;
  readonly close: () => Promise<void>;
}

const PLACE: Place = { a: 'contract-a', b: 'contract-b' };

export async function fakeServer(): Promise<ContractServer> {
  const options = { objects: [...worldObjects(PLACE), loggedPod(PLACE)], logs: podLogs(PLACE), types: FIXTURE_TYPES };
  const named = (asker: Asker) => (asker === 'anonymous' || asker === 'unknown' || asker === 'admin' ? undefined : USERS[asker]);
  return {
    ...PLACE,
    as: async (asker) => fakeCluster({ ...options, user: asker === 'anonymous' || asker === 'unknown' ? asker : named(asker) }),
    close: async () => undefined,
  };
}

/** `ana` comes with a client certificate, the others with tokens. */
export async function embeddedServer(): Promise<ContractServer> {
  const users = Object.values(USERS).map((user) => ({
    ...user,
    credential: user === USERS.ana ? ('certificate' as const) : ('token' as const),
  }));
  const server = await startApiServer({
    objects: [...worldObjects(PLACE), loggedPod(PLACE)],
    logs: podLogs(PLACE),
    types: FIXTURE_TYPES,
    users,
  });
  const clients = createClients((asker) => {
    if (asker === 'unknown') return kubeconfig({ server: server.url, authority: server.ca, user: asker, credential: { token: 'unknown' } });
    return server.kubeconfig(asker in USERS ? USERS[asker as UserName].name : asker);
  });
  const close = async () => {
    clients.close();
    await server.close();
  };
  return { ...PLACE, as: clients.as, close };
}

/** In namespaces of its own of the server that the run shares; all users have client certificates. */
export async function realServer(plane: ControlPlane): Promise<ContractServer> {
  const place: Place = { a: await plane.createNamespace('contract'), b: await plane.createNamespace('contract') };
  const remove = await applyWorld(plane, place);
  const credentials = new Map<string, Credential | undefined>([
    ['admin', plane.users.admin as Credential],
    ['unknown', { token: 'unknown' }],
    ['anonymous', undefined],
  ]);
  for (const [asker, { name, groups }] of Object.entries(USERS)) credentials.set(asker, (await plane.addUser(name, groups)) as Credential);
  const { url: server, authority } = plane;
  const clients = createClients((user) => kubeconfig({ server, authority, user, credential: credentials.get(user) }));
  const close = async () => {
    clients.close();
    await remove();
  };
  return { ...place, as: clients.as, close };
}

/** Makes the objects of the cases; the answer removes them. */
export async function applyWorld(plane: ControlPlane, place: Place): Promise<() => Promise<void>> {
  const objects = worldObjects(place);
  await plane.admin.apply(...objects);
  await untilBound(plane, place);
  return () => plane.admin.delete(...objects);
}

/** Connects as the program does, from a kubeconfig, once for each who asks. */
function createClients(kubeconfigOf: (asker: Asker) => string): { readonly as: ContractServer['as']; readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const connections = new Map<Asker, Promise<Connection>>();
  const opened: Connection[] = [];
  const open = async (asker: Asker) => {
    const file = join(folder, asker);
    writeFileSync(file, kubeconfigOf(asker), { mode: 0o600 });
    const connection = await connect({ kubeconfig: file }, createHost({ argv: [], now: new Date() }).host);
    opened.push(connection);
    return connection;
  };
  return {
    as: async (asker) => {
      const connection = connections.get(asker) ?? open(asker);
      connections.set(asker, connection);
      return (await connection).cluster;
    },
    close: () => {
      for (const connection of opened) connection.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const POLLS = 200;

/** The real authorizer learns of new roles and bindings a moment later: waits until it knows the last of each kind. */
async function untilBound(plane: ControlPlane, { a, b }: Place): Promise<void> {
  const runtimes = { verb: 'list', group: 'serving.kserve.io', resource: 'servingruntimes', namespace: a };
  const zoe = { verb: 'impersonate', group: '', resource: 'users', name: 'x' };
  for (let poll = 1; ; poll += 1) {
    const bot = await isAllowed(plane, { user: 'x', groups: [`system:serviceaccounts:${b}`] }, { ...runtimes, verb: 'get' });
    const actor = await isAllowed(plane, { user: USERS.actor.name }, zoe);
    if (bot && actor) return;
    if (poll === POLLS) throw new Error('the bindings of the contract are not in force');
    await delay(25);
  }
}

async function isAllowed(plane: ControlPlane, subject: object, resourceAttributes: object): Promise<boolean> {
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { ...subject, resourceAttributes } };
  const answer = await plane.admin.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body });
  return answer.body.status.allowed === true;
}
