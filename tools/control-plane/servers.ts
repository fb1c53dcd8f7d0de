import { mkdtempSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Authority, createAuthority, createKeyPair } from '../certificates.ts';
import { type ApiClient, createClient, type Server } from './client.ts';
import { freePorts } from './free-ports.ts';
import { type ProcessEnd, type Supervisor, startSupervisor } from './processes.ts';
import { createUsers, tokenFile, type User, type UserName } from './users.ts';

/** etcd and kube-apiserver, ready, in one folder that goes with them. */
export interface Servers {
  readonly server: Server;
  readonly supervisor: Supervisor;
  readonly authority: Authority;
  readonly users: Record<UserName, User>;
  readonly admin: ApiClient;
  /** What the API server reads, by the flag that names it. */
  readonly files: ServerFiles;
  /** Kills the API server and starts it again, on the same port and etcd. */
  readonly restart: () => Promise<void>;
}

export type ServerFiles = Readonly<Record<'client-ca-file' | 'service-account-signing-key-file', string>>;

export interface ServersOptions {
  /** Refuse Pods whose ServiceAccount is missing. A namespace's own is made by kube-controller-manager, so this needs one. */
  readonly checkServiceAccounts?: boolean;
  /** An authorizer that is asked before RBAC, about everybody but `system:masters`. */
  readonly webhook?: { readonly name: string; readonly url: string };
}

const ATTEMPTS = 3;
const READY_MS = 60_000;
const POLL_MS = 50;

/** Starts the two from the programs in `binaries`. */
export async function startServers(binaries: string, options: ServersOptions = {}): Promise<Servers> {
  for (let attempt = 1; ; attempt += 1) {
    const supervisor = startSupervisor(mkdtempSync(join(tmpdir(), 'kubectl-kserve-')));
    try {
      return await start(binaries, supervisor, options);
    } catch (error) {
      await supervisor.stop();
      // Somebody else took the port between the question and its use.
      if (attempt === ATTEMPTS || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function start(
  binaries: string,
  supervisor: Supervisor,
  { checkServiceAccounts = false, webhook }: ServersOptions,
): Promise<Servers> {
  const [[client, peer, secure], authority] = await Promise.all([
    freePorts(3) as Promise<[number, number, number]>,
    createAuthority('kubectl-kserve test'),
  ]);
  const users = createUsers();
  const certificate = await authority.issue({ commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  const files = await writeFiles(supervisor.folder, authority, Object.values(users));
  const authorization =
    webhook === undefined ? '--authorization-mode=RBAC' : `--authorization-config=${await writeAuthorization(supervisor.folder, webhook)}`;
  const runApiServer = () =>
    supervisor.run({
      name: 'kube-apiserver',
      command: join(binaries, 'kube-apiserver'),
      args: [
        ...apiServerFlags(client, secure),
        authorization,
        ...Object.entries(files).map(([flag, file]) => `--${flag}=${file}`),
        ...(checkServiceAccounts ? [] : ['--disable-admission-plugins=ServiceAccount']),
      ],
    });
  const etcd = supervisor.run({ name: 'etcd', command: join(binaries, 'etcd'), args: etcdFlags(client, peer) });
  let apiServer = runApiServer();
  const server = { url: `https://127.0.0.1:${secure}`, authority: authority.certificate };
  const admin = createClient(server, certificate);
  const ready = () => untilReady(admin, Promise.race([etcd, apiServer]), supervisor);
  await ready();
  const restart = async () => {
    supervisor.signal({ name: 'kube-apiserver', signal: 'SIGKILL' });
    await apiServer;
    apiServer = runApiServer();
    await ready();
  };
  return { server, supervisor, authority, users: { ...users, admin: { ...users.admin, ...certificate } }, admin, files, restart };
}

/** Writes what the API server reads. */
async function writeFiles(folder: string, authority: Authority, users: readonly User[]): Promise<ServerFiles> {
  const serving = await authority.issue({ commonName: 'kube-apiserver', hosts: ['localhost', '127.0.0.1', '::1'], usages: ['server'] });
  const accounts = await createKeyPair();
  const files = {
    'tls-cert-file': serving.certificate,
    'tls-private-key-file': serving.key,
    'client-ca-file': authority.certificate,
    'service-account-key-file': accounts.publicKey,
    'service-account-signing-key-file': accounts.privateKey,
    'token-auth-file': tokenFile(users),
  };
  const inputs = join(folder, 'kube-apiserver');
  await mkdir(inputs);
  const write = async ([flag, text]: [string, string]) => {
    await writeFile(join(inputs, flag), text, { mode: 0o600 });
    return [flag, join(inputs, flag)] as const;
  };
  return Object.fromEntries(await Promise.all(Object.entries(files).map(write))) as ServerFiles & Record<keyof typeof files, string>;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#using-configuration-file-for-authorization */
async function writeAuthorization(folder: string, { name, url }: NonNullable<ServersOptions['webhook']>): Promise<string> {
  const kubeConfigFile = join(folder, 'kube-apiserver', 'webhook-kubeconfig');
  await writeFile(kubeConfigFile, JSON.stringify(kubeconfigOf(url)));
  const webhook = {
    connectionInfo: { type: 'KubeConfigFile', kubeConfigFile },
    ...{ subjectAccessReviewVersion: 'v1', matchConditionSubjectAccessReviewVersion: 'v1' },
    ...{ timeout: '5s', failurePolicy: 'NoOpinion' },
    ...{ authorizedTTL: '1s', unauthorizedTTL: '1s', cacheAuthorizedRequests: false, cacheUnauthorizedRequests: false },
  };
  const configuration = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthorizationConfiguration',
    authorizers: [
      { type: 'Webhook', name, webhook },
      { type: 'RBAC', name: 'rbac' },
    ],
  };
  const file = join(folder, 'kube-apiserver', 'authorization-config');
  await writeFile(file, JSON.stringify(configuration));
  return file;
}

function kubeconfigOf(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'webhook', cluster: { server } }],
    users: [{ name: 'server', user: {} }],
    contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: 'server' } }],
    'current-context': 'webhook',
  };
}

function etcdFlags(client: number, peer: number): string[] {
  const urls = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    '--data-dir=etcd-data',
    `--listen-client-urls=${urls[0]}`,
    `--advertise-client-urls=${urls[0]}`,
    `--listen-peer-urls=${urls[1]}`,
    `--initial-advertise-peer-urls=${urls[1]}`,
    `--initial-cluster=default=${urls[1]}`,
    '--unsafe-no-fsync',
    '--log-level=error',
  ];
}

function apiServerFlags(etcd: number, secure: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--secure-port=${secure}`,
    '--bind-address=127.0.0.1',
    // Without it the server looks for a network interface, which a host without a network has not.
    '--advertise-address=127.0.0.1',
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged=true',
    '--endpoint-reconciler-type=none',
  ];
}

/** Ready: the server says so (its RBAC policy is in place then), and the namespace `default` is made. */
async function untilReady(admin: ApiClient, ended: Promise<ProcessEnd>, supervisor: Supervisor): Promise<void> {
  let failure: Error | undefined;
  void ended.then((end) => {
    failure = new Error(`${end.name} ended (${end.error ?? end.signal ?? end.code}) before it was ready:\n${supervisor.tail(end.name)}`);
  });
  const deadline = Date.now() + READY_MS;
  while (!(await answers(admin, '/readyz')) || !(await answers(admin, '/api/v1/namespaces/default'))) {
    if (failure !== undefined) throw failure;
    if (Date.now() > deadline)
      throw new Error(`kube-apiserver is not ready after ${READY_MS / 1_000} s:\n${supervisor.tail('kube-apiserver')}`);
    await delay(POLL_MS);
  }
}

async function answers(admin: ApiClient, path: string): Promise<boolean> {
  try {
    return (await admin.request('GET', path)).status === 200;
  } catch {
    return false;
  }
}
