import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative } from 'node:path';
import fc from 'fast-check';
import { choose } from '../../../src/cluster/kubeconfig/choice.ts';
import type { ClusterEntry, UserEntry } from '../../../src/cluster/kubeconfig/decode.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/kubeconfig.ts';
import type { Located } from '../../../src/cluster/kubeconfig/merge.ts';
import { ClusterError } from '../../../src/errors.ts';
import { BUILD_MS, kubectlOrSkip } from '../../support/kubectl-or-skip.ts';
import { revealed } from '../../support/revealed.ts';
import { type Case, cases } from './kubeconfig-cases.ts';

const COUNT = 1000;
const SEED = 20_261_122;

/** What a case gives: the minified and flattened configuration, or why there is none. */
type Outcome = { readonly config: unknown } | { readonly error: string };

function writeCase(folder: string, { files }: Case): string {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (text !== undefined) writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, 'sub/pki'), { recursive: true });
  mkdirSync(join(folder, 'pki'), { recursive: true });
  for (const path of ['ca.crt', 'pki/ca.crt', 'sub/pki/ca.crt']) writeFileSync(join(folder, path), `content of ${path}\n`);
  return files.map(({ path }) => path).join(':');
}

function viewWithKubectl(kubectl: string, folder: string, KUBECONFIG: string, context: string | undefined): Promise<Outcome> {
  const args = ['config', 'view', '--minify', '--flatten', '--raw', '-o', 'json', ...(context === undefined ? [] : ['--context', context])];
  return new Promise((resolve) => {
    execFile(kubectl, args, { cwd: folder, env: { KUBECONFIG, HOME: folder } }, (failure, stdout, stderr) => {
      resolve(failure ? { error: fromKubectl(stderr) } : { config: withoutZeros(JSON.parse(stdout)) });
    });
  });
}

// Where our words differ: kubectl prints whole lists, with the secrets in them, and places in its own code.
function fromKubectl(stderr: string): string {
  return stderr
    .trimEnd()
    .replace(/^error: /, '')
    .replace(/ in scheme "[^"]*"$/gm, '')
    .replace(/error converting .*?: (duplicate name "[^"]*" in list): .*$/gm, '$1');
}

function flattened(file: string | undefined, data: Buffer | undefined, cwd: string): string | undefined {
  if (file === undefined) return data?.toString('base64');
  if (data !== undefined) throw new Error('cannot have values for both path and contents');
  assert.ok(isAbsolute(file), `${file} is not seen from the folder of its kubeconfig`);
  try {
    return readFileSync(file).toString('base64') || undefined;
  } catch {
    throw new Error(`open ${file.replace(`${cwd}/../`, '')}: no such file or directory`);
  }
}

function shownCluster(entry: ClusterEntry, cwd: string): object {
  const { 'certificate-authority': file, 'certificate-authority-data': data, ...rest } = entry;
  return { ...rest, 'certificate-authority-data': flattened(file, data, cwd) };
}

// "config view" shows these as written; ours are seen from their file's folder.
function asWritten(path: string | undefined, file: string, cwd: string): string | undefined {
  return path?.startsWith(`${dirname(cwd)}/`) ? relative(dirname(join(cwd, file)), path) : path;
}

function shownUser({ entry, file }: Located<UserEntry>, cwd: string): object {
  const { 'client-certificate': certificate, 'client-certificate-data': certificateData, ...others } = revealed(entry);
  const { 'client-key': key, 'client-key-data': keyData, ...rest } = others;
  return {
    ...rest,
    tokenFile: asWritten(rest.tokenFile, file, cwd),
    exec: rest.exec && { ...rest.exec, command: asWritten(rest.exec.command, file, cwd) },
    'client-certificate-data': flattened(certificate, certificateData, cwd),
    'client-key-data': flattened(key, keyData, cwd),
  };
}

// Absent, null, empty and false are one in kubeconfig, but kubectl prints some and not others.
function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((element) => withoutZeros(element) ?? null);
  if (typeof value !== 'object' || value === null) return value || undefined;
  const kept = Object.entries(value).flatMap(([key, field]) =>
    withoutZeros(field) === undefined ? [] : [[key, withoutZeros(field)] as const],
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

async function viewWithOurs(folder: string, KUBECONFIG: string, context: string | undefined): Promise<Outcome> {
  const env = { KUBECONFIG, HOME: folder };
  try {
    const { kubeconfig } = await loadKubeconfig({}, { env, platform: 'linux', cwd: folder });
    const { contextName, context: chosen, clusterName, userName } = choose(kubeconfig, context === undefined ? {} : { context }, env);
    if (contextName === '') throw new Error('current-context must exist in order to minify');
    if (chosen === undefined) throw new Error(`cannot locate context ${contextName}`);
    const cluster = kubeconfig.clusters.get(clusterName)?.entry;
    const user = kubeconfig.users.get(userName);
    if (clusterName !== '' && cluster === undefined) throw new Error(`cannot locate cluster ${clusterName}`);
    if (userName !== '' && user === undefined) throw new Error(`cannot locate user ${userName}`);
    // kubectl flattens users first.
    const users = user === undefined ? null : [{ name: userName, user: shownUser(user, folder) }];
    const clusters = cluster === undefined ? null : [{ name: clusterName, cluster: shownCluster(cluster, folder) }];
    const contexts = [{ name: contextName, context: chosen.entry }];
    return { config: withoutZeros({ kind: 'Config', apiVersion: 'v1', clusters, users, contexts, 'current-context': contextName }) };
  } catch (cause) {
    if (cause instanceof ClusterError || (cause instanceof Error && cause.constructor === Error)) return { error: cause.message };
    throw cause;
  }
}

describe('kubeconfig, against the real kubectl', () => {
  let kubectl = '';
  let folder = '';

  before(async function () {
    this.timeout(BUILD_MS);
    kubectl = await kubectlOrSkip(this);
    folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  });

  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  it(`merges and chooses as "kubectl config view --minify --flatten" in ${COUNT} random cases`, async function () {
    this.timeout(180_000);
    const samples = fc.sample(cases, { numRuns: COUNT, seed: SEED }).map((sample, index) => ({ sample, index }));
    let read = 0;
    const compareRest = async (): Promise<void> => {
      for (let next = samples.pop(); next !== undefined; next = samples.pop()) {
        const own = join(folder, String(next.index));
        mkdirSync(own);
        const list = writeCase(own, next.sample);
        const [theirs, ours] = [
          await viewWithKubectl(kubectl, own, list, next.sample.context),
          await viewWithOurs(own, list, next.sample.context),
        ];
        assert.deepEqual(ours, theirs, `case ${next.index}: ${JSON.stringify(next.sample, null, 1)}`);
        if ('config' in ours) read++;
        rmSync(own, { recursive: true });
      }
    };
    await Promise.all([compareRest(), compareRest()]);
    assert.ok(read > COUNT / 3, `only ${read} cases were not errors`);
  });
});
