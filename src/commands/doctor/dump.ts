import type { Context } from '../../command/context.ts';
import { factsFromDump, isObserved, unreadInDump } from '../../domain/doctor/dump.ts';
import { type Facts, nameOf, namespaceOf } from '../../domain/doctor/facts.ts';
import { reportOn } from '../../domain/doctor/report.ts';
import { isService } from '../../domain/doctor/service.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import type { Examined } from './examined.ts';
import { type DoctorRequest, isNamed, isRuntimeTarget } from './request.ts';

/** Looks at the services and runtimes among the objects that a server gave out. */
export function examineDump(objects: readonly KubeObject[], context: Context, { now, targets }: DoctorRequest): Examined {
  const facts = factsFromDump(objects, now);
  const { namespace } = context.connectionOptions;
  const observed = servicesIn(facts, namespace).filter(isObserved);
  const services = observed.filter((service) => targets.length === 0 || targets.some((target) => isNamed(service, target)));
  const wanted = targets.filter(isRuntimeTarget);
  const runtimes = wanted.flatMap(({ kind = '', name }) =>
    facts.list(kind, kind === 'ServingRuntime' ? namespace : undefined).filter((object) => isObserved(object) && nameOf(object) === name),
  );
  const missing = targets.filter((target) => ![...services, ...runtimes].some((object) => isNamed(object, target)));
  return {
    report: reportOn([...services, ...runtimes], facts, unreadInDump(services, facts)),
    missing,
    searched: { in: 'files', namespace },
    now: facts.now,
  };
}

/** A file without a namespace is of the one that was given. */
function servicesIn(facts: Facts, namespace: string | undefined): readonly KubeObject[] {
  const all = [...facts.list('InferenceService'), ...facts.list('LLMInferenceService')].filter(isService);
  return namespace === undefined ? all : all.filter((service) => (namespaceOf(service) ?? namespace) === namespace);
}
