import type { Context } from '../../command/context.ts';
import { readManifests } from '../../documents/manifests.ts';
import { factsFromDump, unreadInDump } from '../../domain/doctor/dump.ts';
import { type Facts, nameOf, namespaceOf } from '../../domain/doctor/facts.ts';
import { reportOn } from '../../domain/doctor/report.ts';
import { isService } from '../../domain/doctor/service.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import type { Examined } from './examined.ts';
import type { DoctorRequest, Target } from './request.ts';

/** Looks at files alone. @throws InputError if one cannot be read */
export async function examineFiles(context: Context, request: DoctorRequest): Promise<Examined> {
  const { streams, signal } = context;
  const { manifests } = await readManifests({ paths: request.files, recursive: request.recursive, wants: () => true }, { streams, signal });
  const objects = manifests.map(({ object }): KubeObject => object);
  const facts = factsFromDump(objects, request.now);
  const namespace = context.connectionOptions.namespace;
  const services = servicesIn(facts, namespace).filter(
    (service) => request.targets.length === 0 || request.targets.some((target) => isNamed(service, target)),
  );
  const missing = request.targets.filter((target) => !services.some((service) => isNamed(service, target)));
  const namespaces = [...new Set(services.map((service) => namespaceOf(service) ?? ''))];
  return { report: reportOn(services, facts, unreadInDump(facts, namespaces)), missing, now: facts.now };
}

/** A file without a namespace is of the one that was given. */
function servicesIn(facts: Facts, namespace: string | undefined): readonly KubeObject[] {
  const all = [...facts.list('InferenceService'), ...facts.list('LLMInferenceService')].filter(isService);
  return namespace === undefined ? all : all.filter((service) => (namespaceOf(service) ?? namespace) === namespace);
}

function isNamed(service: KubeObject, { kind, name }: Target): boolean {
  return nameOf(service) === name && (kind === undefined || kind === service.kind);
}
