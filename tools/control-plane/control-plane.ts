import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Authority } from '../certificates.ts';
import { atTeardown } from '../teardown.ts';
import { controlPlaneBinaries } from './binaries.ts';
import { type ApiClient, createClient } from './client.ts';
import type { Crds } from './crds.ts';
import type { Supervisor } from './processes.ts';
import type { ServerFiles, Servers, ServersOptions } from './servers.ts';
import { kubeconfig, type User, type UserName } from './users.ts';

export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
}

interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real API server with RBAC and etcd, made by this process and for it alone: nothing here can act on any other. */
export interface ControlPlane {
  readonly kind: 'ready';
  readonly url: string;
  /** PEM of the authority that signs the server and the users. */
  readonly authority: string;
  /** Path of the real kubectl. */
  readonly kubectlPath: string;
  /** Removed with the servers: for files of tests. */
  readonly folder: string;
  /** Runs what belongs to the control plane, and ends with it. */
  readonly supervisor: Supervisor;
  readonly files: ServerFiles;
  /** A certificate of the control plane's own authority. */
  readonly issue: Authority['issue'];
  readonly users: Readonly<Record<UserName, User>>;
  readonly admin: ApiClient;
  readonly client: (user: User) => ApiClient;
  /** A user of any name and groups, known by a client certificate. */
  readonly addUser: (name: string, groups?: readonly string[]) => Promise<User>;
  /** A ServiceAccount, made if it is absent, with a token for a day. */
  readonly addServiceAccount: (namespace: string, name: string) => Promise<User>;
  /** Makes a namespace that no other test uses. It stays: without controllers nothing can delete one. */
  readonly createNamespace: (prefix?: string) => Promise<string>;
  /** Writes a kubeconfig with a context for each user, named as the user, and returns its path. */
  readonly kubeconfig: (current: User | UserName, options?: { readonly namespace?: string }) => string;
  /** Runs the real kubectl as a user. */
  readonly kubectl: (user: User | UserName, args: readonly string[], options?: { readonly input?: string }) => Promise<KubectlResult>;
  /** Runs a script in bash as an administrator would paste it, with the real kubectl on PATH; resolves to its stdout, rejects if it fails. */
  readonly paste: (script: string) => Promise<string>;
  /** Kills the API server and starts it again. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface ControlPlaneOptions extends ServersOptions {
  /** `fixture` if absent. */
  readonly crds?: Crds;
}

let shared: Promise<ControlPlane | Unavailable> | undefined;

/** The control plane that all tests of a run share: started by the first that asks, stopped after the last. */
export function controlPlane(): Promise<ControlPlane | Unavailable> {
  shared ??= startControlPlane();
  return shared;
}

/** Starts one for the caller alone: for tests of what concerns the whole server, such as absent CRDs. Takes seconds. */
export async function startControlPlane({ crds = 'fixture', ...options }: ControlPlaneOptions = {}): Promise<ControlPlane | Unavailable> {
  const binaries = await controlPlaneBinaries();
  if (binaries.kind === 'unavailable') return binaries;
  const [{ startServers }, { crdObjects, installCrds }] = await Promise.all([import('./servers.ts'), import('./crds.ts')]);
  const servers = await startServers(binaries.dir, options);
  const plane = toControlPlane(servers, binaries.dir);
  atTeardown(plane.stop);
  await installCrds(servers.admin, crdObjects(crds));
  return plane;
}

function toControlPlane({ server, supervisor, authority, users, admin, files, restart }: Servers, binaries: string): ControlPlane {
  const kubectlPath = join(binaries, 'kubectl');
  const known = new Map<string, User>(Object.entries(users));
  const clients = [admin];
  let namespaces = 0;
  let kubeconfigs = 0;

  const add = (user: User) => {
    known.set(user.name, user);
    return user;
  };
  const writeKubeconfig: ControlPlane['kubeconfig'] = (current, { namespace } = {}) => {
    kubeconfigs += 1;
    const file = join(supervisor.folder, `kubeconfig-${kubeconfigs}.yaml`);
    const name = typeof current === 'string' ? current : current.name;
    const text = kubeconfig({ server: server.url, authority: server.authority, users: [...known.values()], current: name, namespace });
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  return {
    kind: 'ready',
    url: server.url,
    authority: server.authority,
    kubectlPath,
    folder: supervisor.folder,
    supervisor,
    files,
    issue: authority.issue,
    users,
    admin,
    client: (user) => {
      const client = createClient(server, user);
      clients.push(client);
      return client;
    },
    addUser: async (name, groups = []) => {
      const issued = await authority.issue({ commonName: name, organizations: groups, usages: ['client'] });
      return add({ name, groups, ...issued });
    },
    addServiceAccount: async (namespace, name) => {
      await admin.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } });
      return add({
        name: `system:serviceaccount:${namespace}:${name}`,
        groups: serviceAccountGroups(namespace),
        token: await token(admin, namespace, name),
      });
    },
    createNamespace: async (prefix = 'test') => {
      namespaces += 1;
      const name = `${prefix}-${namespaces}`;
      await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      return name;
    },
    kubeconfig: writeKubeconfig,
    kubectl: (user, args, { input } = {}) =>
      run(kubectlPath, ['--kubeconfig', writeKubeconfig(user), ...args], { HOME: supervisor.folder, PATH: process.env.PATH }, input),
    paste: async (script) => {
      const env = { KUBECONFIG: writeKubeconfig('admin'), HOME: supervisor.folder, PATH: `${binaries}:${process.env.PATH}` };
      return (await promisify(execFile)('bash', ['-ec', script], { env })).stdout;
    },
    restart,
    stop: async () => {
      for (const client of clients) client.close();
      await supervisor.stop();
    },
  };
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<KubectlResult> {
  const running = promisify(execFile)(command, args, { env, maxBuffer: 256 * 1024 * 1024 });
  running.child.stdin?.end(input);
  try {
    return { code: 0, ...(await running) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/ */
function serviceAccountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}

async function token(admin: ApiClient, namespace: string, name: string): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 86_400 } };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const answer = await admin.request('POST', path, { body });
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.body.message}`);
  return answer.body.status.token;
}
