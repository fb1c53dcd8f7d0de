import assert from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import { startApiServer } from '../../tools/api-server/server.ts';
import { type ApiClient, createClient } from '../../tools/control-plane/client.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import type { User } from '../../tools/control-plane/users.ts';
import { describeReal } from '../support/describe-real.ts';
import { applyWorld } from './servers.ts';
import { type WireCase, wireCases } from './wire-cases.ts';
import { FIXTURE_TYPES, type Place, USERS, worldObjects } from './world.ts';

type Asker = WireCase['as'];

interface WireServer {
  readonly client: (asker: Asker) => ApiClient;
  readonly close: () => Promise<void>;
}

describeReal('wire contract of the embedded API server', (plane) => {
  let real: WireServer & Place;
  let embedded: WireServer;
  before(async () => {
    real = await realServer(plane());
    embedded = await embeddedServer(real);
  });
  after(async () => {
    await embedded?.close();
    await real?.close();
  });

  for (const { title, as, requests } of wireCases()) {
    it(title, async () => {
      for (const { method, path, body, headers } of requests(real)) {
        const options: Parameters<ApiClient['request']>[2] = {
          ...(body !== undefined && { body }),
          ...(headers && { headers: headers as OutgoingHttpHeaders }),
        };
        const answers = [real, embedded].map(async (server) => seen(await server.client(as).request(method, path, options)));
        const [expected, actual] = await Promise.all(answers);
        assert.deepEqual(actual, expected, `${method} ${path}`);
      }
    });
  }
});

async function realServer(plane: ControlPlane): Promise<WireServer & Place> {
  const place = { a: await plane.createNamespace('wire'), b: await plane.createNamespace('wire') };
  const remove = await applyWorld(plane, place);
  const ana = await plane.addUser(USERS.ana.name, USERS.ana.groups);
  const clients = { admin: plane.admin, ana: plane.client(ana), anonymous: createClient(plane, {}) };
  return { ...place, client: (asker) => clients[asker], close: remove };
}

async function embeddedServer(place: Place): Promise<WireServer> {
  const users = [{ ...USERS.ana, credential: 'certificate' as const }];
  const server = await startApiServer({ objects: worldObjects(place), types: FIXTURE_TYPES, users });
  const at = { url: server.url, authority: server.ca ?? '' };
  const as = (user: string): Pick<User, 'token' | 'certificate' | 'key'> => server.credential(user) ?? {};
  const clients = {
    admin: createClient(at, as('admin')),
    ana: createClient(at, as(USERS.ana.name)),
    anonymous: createClient(at, {}),
  };
  const close = async () => {
    for (const client of Object.values(clients)) client.close();
    await server.close();
  };
  return { client: (asker) => clients[asker], close };
}

/** What must be the same: not what is made anew by each server, nor who wrote which field. */
function seen({ status, headers, body }: Awaited<ReturnType<ApiClient['request']>>): object {
  const text = JSON.stringify(body, (key, value) => (key === 'managedFields' ? undefined : made(key, value)));
  return { status, contentType: headers['content-type'], body: text === undefined ? body : JSON.parse(text) };
}

/** Kinds of CRDs come in an order that varies. */
function byName(one: { name?: string }, other: { name?: string }): number {
  return (one.name ?? '').localeCompare(other.name ?? '');
}

const MADE = ['uid', 'resourceVersion', 'creationTimestamp', 'continue'];

function made(key: string, value: unknown): unknown {
  if (key === 'storageVersionHash') return undefined;
  if (key === 'resources' && Array.isArray(value)) return value.toSorted(byName);
  if (key === 'authentication.kubernetes.io/credential-id') return [String(value).replace(/=[0-9a-f]{64}$/, '=<sha256>')];
  return MADE.includes(key) && value !== '' ? `<${key}>` : value;
}
