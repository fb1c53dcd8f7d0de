import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGoTools, type Tools } from './go-tools.ts';

const MODULES = fileURLToPath(new URL('./', import.meta.url));
const CONTROL_PLANE = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
};

const CONTROLLERS = {
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
};

const EXAMPLE_MODULE = fileURLToPath(new URL('../../docs/for-programs/go/', import.meta.url));

/** The Go module of KServe's controllers. */
export const KSERVE_MODULE = join(MODULES, 'kserve');

/** The folder with etcd, kube-apiserver and kubectl: `$KUBEBUILDER_ASSETS`, or built from `tools/control-plane/go.mod`. */
export async function controlPlaneBinaries(env: NodeJS.ProcessEnv = process.env): Promise<Tools> {
  const assets = env.KUBEBUILDER_ASSETS;
  if (assets) return { kind: 'ready', dir: checked(assets) };
  const tools = await buildGoTools(MODULES, CONTROL_PLANE, { env, ldflags: versionFlags() });
  if (tools.kind === 'ready') return tools;
  return {
    kind: 'unavailable',
    reason: `${tools.reason} and KUBEBUILDER_ASSETS is not set, so there is no kube-apiserver to test against`,
  };
}

export interface KserveBinaries {
  readonly kind: 'ready';
  /** Folder with KServe's controllers in one program, `kserve`. */
  readonly kserve: string;
  /** Folder with kube-controller-manager and kube-scheduler. */
  readonly controllers: string;
}

/** What a whole KServe needs beside an API server. */
export async function kserveBinaries(env: NodeJS.ProcessEnv = process.env): Promise<KserveBinaries | Exclude<Tools, { kind: 'ready' }>> {
  const kserve = await buildGoTools(KSERVE_MODULE, { kserve: '.' }, { env });
  if (kserve.kind === 'unavailable') return { ...kserve, reason: `${kserve.reason}, so there is no KServe to test against` };
  const controllers = await buildGoTools(join(MODULES, 'controllers'), CONTROLLERS, { env, ldflags: versionFlags() });
  return controllers.kind === 'ready' ? { kind: 'ready', kserve: kserve.dir, controllers: controllers.dir } : controllers;
}

/** The folder with krew and validate-krew-manifest. */
export function krewBinaries(env: NodeJS.ProcessEnv = process.env): Promise<Tools> {
  const packages = { krew: 'sigs.k8s.io/krew/cmd/krew', 'validate-krew-manifest': 'sigs.k8s.io/krew/cmd/validate-krew-manifest' };
  return buildGoTools(join(MODULES, 'krew'), packages, { env });
}

/** The folder with quill, which signs macOS programs ad hoc on any platform. */
export function quillBinary(env: NodeJS.ProcessEnv = process.env): Promise<Tools> {
  return buildGoTools(join(MODULES, 'quill'), { quill: 'github.com/anchore/quill/cmd/quill' }, { env });
}

/** The folder with actionlint, which knows what GitHub takes for a workflow. */
export function actionlintBinary(env: NodeJS.ProcessEnv = process.env): Promise<Tools> {
  return buildGoTools(join(MODULES, 'actionlint'), { actionlint: 'github.com/rhysd/actionlint/cmd/actionlint' }, { env });
}

/** The folder with the program in Go of docs/for-programs.md. */
export function exampleProgram(env: NodeJS.ProcessEnv = process.env): Promise<Tools> {
  return buildGoTools(EXAMPLE_MODULE, { 'list-runtimes': '.' }, { env });
}

function checked(assets: string): string {
  const missing = Object.keys(CONTROL_PLANE).filter((name) => !existsSync(join(assets, name)));
  if (missing.length > 0) throw new Error(`KUBEBUILDER_ASSETS=${assets} has no ${missing.join(', no ')}: correct or unset it`);
  return assets;
}

/** A plain `go build` calls itself v0.0.0-master; clients show and compare the version. */
function versionFlags(): string {
  const [, version = '', major, minor] = /k8s\.io\/kubernetes (v(\d+)\.(\d+)\S*)/.exec(readFileSync(join(MODULES, 'go.mod'), 'utf8')) ?? [];
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const flags = Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-s -w', ...flags].join(' ');
}
