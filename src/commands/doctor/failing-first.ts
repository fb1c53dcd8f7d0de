import type { ServiceReport } from '../../domain/doctor/report.ts';
import type { Severity } from '../../domain/finding.ts';

const WORSE: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1 };

/** Services with something to look at, the worst first, then the healthy ones; otherwise the order stays. */
export function failingFirst(services: readonly ServiceReport[]): readonly ServiceReport[] {
  const rank = (service: ServiceReport) => (isWorthShowing(service) ? worst(service) : -1);
  return services.toSorted((a, b) => rank(b) - rank(a));
}

function worst({ findings }: ServiceReport): number {
  return Math.max(0, ...findings.map(({ severity }) => WORSE[severity]));
}

/** Whether something is wrong with a service, or nobody knows. */
export function isWorthShowing(service: ServiceReport): boolean {
  return service.findings.length > 0 || (service.ready !== 'True' && !service.stopped);
}
