import type { Context } from '../../../command/context.ts';
import type { Manifest } from '../../../documents/manifest-text.ts';
import { type Manifests, readManifests } from '../../../documents/manifests.ts';
import { placeText } from '../../../documents/text-places.ts';
import { KSERVE_GROUP } from '../../../domain/kserve/kinds.ts';
import { type RuntimeScope, type ServingRuntime, toServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { textOf } from '../../../domain/kubernetes/json-value.ts';
import type { KubeObject } from '../../../domain/kubernetes/resource.ts';
import { InputError } from '../../../errors.ts';
import { lookUp } from '../../../text/look-up.ts';
import type { MatchRequest, ServiceKind } from './request.ts';
import type { Subject } from './subject.ts';

/** What the files of `-f` hold. */
export interface FileObjects {
  readonly subjects: readonly Subject[];
  readonly runtimes: readonly ServingRuntime[];
  /** Objects of other kinds. */
  readonly skipped: number;
  readonly failures: readonly InputError[];
}

const SERVICES: Readonly<Record<string, ServiceKind>> = {
  InferenceService: 'InferenceService',
  LLMInferenceService: 'LLMInferenceService',
};
const RUNTIMES: Readonly<Record<string, RuntimeScope>> = { ServingRuntime: 'namespace', ClusterServingRuntime: 'cluster' };

function isOurs({ apiVersion, kind = '' }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  const [group] = (textOf(apiVersion) ?? '').split('/');
  return group === KSERVE_GROUP && (lookUp(SERVICES, kind) ?? lookUp(RUNTIMES, kind)) !== undefined;
}

/** Reads the files, if there are any. Rejects with an InputError for what cannot be read, or holds nothing of use. */
export async function readFiles({ paths, recursive }: MatchRequest, context: Pick<Context, 'streams' | 'signal'>): Promise<Manifests> {
  if (paths.length === 0) return { manifests: [], skipped: 0, failures: [], ignored: [] };
  const found = await readManifests({ paths, recursive, wants: isOurs, isTolerant: true }, context);
  const [failure] = found.failures;
  if (found.manifests.length === 0 && failure !== undefined) throw failure;
  if (found.manifests.length === 0) throw new InputError(`no InferenceService or runtime in ${paths.join(', ')}`);
  return found;
}

/**
 * Sorts what was read. `namespace` is that of objects that name none.
 * @throws InputError for a manifest of another namespace than that of `-n`, as kubectl does
 */
export function toFileObjects({ manifests, skipped, failures }: Manifests, request: MatchRequest, namespace: string): FileObjects {
  const ofServices = manifests.filter(({ object }) => lookUp(SERVICES, object.kind) !== undefined);
  const ofRuntimes = manifests.filter(({ object }) => lookUp(SERVICES, object.kind) === undefined);
  return {
    subjects: ofServices.map((manifest) => toSubject(manifest, namespace, request)),
    runtimes: ofRuntimes.map((manifest) => toRuntime(manifest, namespace)),
    skipped,
    failures,
  };
}

function toSubject({ object, source, placeOf }: Manifest, defaultNamespace: string, request: MatchRequest): Subject {
  const { uid, name, namespace } = object.metadata;
  const isStored = typeof uid === 'string' && uid !== '';
  if (typeof name !== 'string' || name === '') {
    throw new InputError(`${placeText(placeOf(['metadata']))}: this ${object.kind} has no metadata.name`);
  }
  if (!isStored && request.namespace !== undefined && namespace !== undefined && namespace !== request.namespace) {
    const place = placeText(placeOf(['metadata', 'namespace']));
    throw new InputError(
      `${place}: the namespace ${JSON.stringify(namespace)} of this ${object.kind} is not the ${JSON.stringify(request.namespace)} of -n`,
    );
  }
  return {
    kind: lookUp(SERVICES, object.kind) ?? 'InferenceService',
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : defaultNamespace,
    name,
    source: { from: 'file', ...source },
    object,
    origin: isStored ? 'stored' : 'manifest',
  };
}

function toRuntime({ object, placeOf }: Manifest, defaultNamespace: string): ServingRuntime {
  const scope = lookUp(RUNTIMES, object.kind) ?? 'cluster';
  const runtime = toServingRuntime(object, scope);
  if (runtime.name === '') throw new InputError(`${placeText(placeOf(['metadata']))}: this ${object.kind} has no metadata.name`);
  return scope === 'namespace' && !runtime.namespace ? { ...runtime, namespace: defaultNamespace } : runtime;
}

/**
 * The runtimes that there are once those of the files are applied: each takes the place of the stored one of its name and keeps the time at which
 * that was created; a new one is created now. With no cluster a missing time stays missing, and is older than any.
 */
export function layOver(
  stored: readonly ServingRuntime[],
  files: readonly ServingRuntime[],
  now: Date | undefined,
): readonly ServingRuntime[] {
  const byKey = new Map(stored.map((runtime) => [keyOf(runtime), runtime]));
  for (const runtime of files) {
    const creationTimestamp = byKey.get(keyOf(runtime))?.creationTimestamp ?? runtime.creationTimestamp ?? now?.toISOString();
    byKey.set(keyOf(runtime), { ...runtime, ...(creationTimestamp !== undefined && { creationTimestamp }) });
  }
  return [...byKey.values()];
}

function keyOf({ scope, namespace, name }: ServingRuntime): string {
  return JSON.stringify([scope, namespace ?? '', name]);
}
