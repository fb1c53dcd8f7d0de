import type { Context } from '../../../command/context.ts';
import type { Manifest } from '../../../documents/manifest-text.ts';
import { readManifests } from '../../../documents/manifests.ts';
import { KSERVE_GROUP } from '../../../domain/kserve/kinds.ts';
import { type RuntimeFinding, runtimeFindings } from '../../../domain/kserve/runtime-findings.ts';
import { toServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { ExitCode, InputError } from '../../../errors.ts';
import type { Outcome } from './decide.ts';
import { describe } from './description.ts';

/** Describes the runtimes of files, with the place of each finding. Rejects with an InputError for what cannot be read. */
export async function describeFiles(
  paths: readonly string[],
  recursive: boolean,
  context: Pick<Context, 'streams' | 'signal'>,
): Promise<Outcome> {
  const wants = ({ apiVersion, kind }: Manifest['object']) =>
    String(apiVersion).startsWith(`${KSERVE_GROUP}/`) && ['ServingRuntime', 'ClusterServingRuntime'].includes(kind);
  const { manifests } = await readManifests({ paths, recursive, wants }, context);
  if (manifests.length === 0) throw new InputError(`no ServingRuntime or ClusterServingRuntime in ${paths.join(', ')}`);
  const parsed = manifests.map((manifest) => ({
    manifest,
    runtime: toServingRuntime(manifest.object, manifest.object.kind === 'ServingRuntime' ? 'namespace' : 'cluster'),
  }));
  const others = parsed.map(({ runtime }) => runtime);
  const runtimes = parsed.map(({ manifest, runtime }) => ({
    ...describe(manifest.object, runtime),
    source: manifest.source,
    findings: runtimeFindings(runtime, others).map((finding) => placed(finding, manifest)),
  }));
  return { runtimes, missing: [], unread: [], unreadNames: [], exitCode: ExitCode.ok };
}

function placed(finding: RuntimeFinding, { placeOf }: Manifest): RuntimeFinding {
  const path = Array.from((finding.field ?? '').matchAll(/[^.[\]]+/g), ([step]) => (/^\d+$/.test(step) ? Number(step) : step));
  return { ...finding, source: placeOf(path) };
}
