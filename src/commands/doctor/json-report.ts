import type { ServiceReport } from '../../domain/doctor/report.ts';
import type { RuntimeReport } from '../../domain/doctor/runtime.ts';
import type { ExitCode } from '../../errors.ts';
import { REPORT_VERSION } from '../../output/report.ts';
import type { Examined } from './examined.ts';

/** The report as data: `kind: DoctorReport`, docs/schema/doctor-report.schema.json. */
export function toJsonReport({ report, missing }: Examined, exitCode: ExitCode): object {
  const { installation, manifests, services, runtimes, findings, unread } = report;
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    apiVersion: REPORT_VERSION,
    kind: 'DoctorReport',
    ...(installation !== undefined && { installation: { version: installation.version, namespace: installation.namespace } }),
    ...(manifests.length > 0 && { manifests }),
    services: services.map(toService),
    ...(runtimes.length > 0 && { runtimes: runtimes.map(toRuntime) }),
    findings,
    unread,
    ...(missing.length > 0 && {
      notFound: missing.map(({ kind, name, near }) => ({ ...(kind !== undefined && { kind }), name, ...(near !== undefined && { near }) })),
    }),
    summary: { errors: count('error'), warnings: count('warning'), exitCode },
  };
}

function toRuntime({ findings: _, ...runtime }: RuntimeReport): object {
  return runtime;
}

function toService({ findings: _, stopped: __, ...service }: ServiceReport): object {
  return service;
}
