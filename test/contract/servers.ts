// The three servers of the contract, each with the same objects and users.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Connection } from '../../src/cluster/cluster.ts';
import { connect } from '../../src/cluster/connect.ts';
import type { Api } from '../../tools/api-server/api.ts';
import { tokenOf } from '../../tools/api-server/authentication.ts';
import { type Credential, kubeconfig } from '../../tools/api-server/kubeconfig.ts';
import { startApiServer } from '../../tools/api-server/server.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { type FakeCluster, fakeCluster } from '../support/fake-cluster.ts';
import { createHost } from '../support/run-cli.ts';
import { FIXTURE_TYPES, loggedPod, type Place, podLogs, USERS, type UserName, worldObjects } from './world.ts';

/** `anonymous` sends no credentials, `unknown` bad ones. */
type Asker = UserName | 'admin' | 'anonymous' | 'unknown';

export interface ContractServer extends Place {
  readonly as: (asker: Asker) => Promise<Cluster>;
  /** One request of the administrator's that changes something. */
  readonly change: (method: string, path: string, body?: object) => Promise<void>;
  /** Nothing can go on from the first versions any more. */
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}

const PLACE: Place = { a: 'contract-a', b: 'contract-b' };

export async function fakeServer(): Promise<ContractServer> {
  const options = { objects: [...worldObjects(PLACE), loggedPod(PLACE)], logs: podLogs(PLACE), types: FIXTURE_TYPES };
  const named = (asker: Asker) => (asker === 'anonymous' || asker === 'unknown' || asker === 'admin' ? undefined : USERS[asker]);
  const made = new Map<Asker, FakeCluster>();
  // The changes are to reach whoever watches, and each asker has objects of its own.
  const open = (asker: Asker) => {
    const cluster = fakeCluster({ ...options, user: asker === 'anonymous' || asker === 'unknown' ? asker : named(asker) });
    made.set(asker, cluster);
    return cluster;
  };
  return {
    ...PLACE,
    as: async (asker) => made.get(asker) ?? open(asker),
    change: async (method, path, body) => changeIn((made.get('admin') ?? open('admin')).api, method, path, body),
    forget: () => made.get('admin')?.api.store.compact(),
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
  return {
    ...PLACE,
    as: clients.as,
    change: async (...change) => changeIn(server.api, ...change),
    forget: () => server.api.store.compact(),
    close,
  };
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
  const change: ContractServer['change'] = async (method, path, body) => {
    const headers = { 'content-type': contentType(method) };
    const answer = await plane.admin.request(method, path, { ...(body && { body, headers }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.message}`);
  };
  // It remembers of a kind what came after it was asked for it first.
  return { ...place, as: clients.as, change, forget: () => undefined, close };
}

function contentType(method: string): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}

function changeIn(api: Api, method: string, path: string, body?: object): void {
  const headers = { 'content-type': [contentType(method)], authorization: [`Bearer ${tokenOf({ name: 'admin' })}`] };
  const answer = api.handle({ method, path, url: path, query: new URLSearchParams(), headers, body: JSON.stringify(body ?? '') });
  if ('start' in answer || answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
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
