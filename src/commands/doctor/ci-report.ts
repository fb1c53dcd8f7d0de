import type { Check } from '../../domain/doctor/check.ts';
import { SERVICE_CHECKS } from '../../domain/doctor/diagnose.ts';
import type { Unread } from '../../domain/doctor/facts.ts';
import { reaches, type ServiceReport } from '../../domain/doctor/report.ts';
import type { Finding, FindingObject } from '../../domain/finding.ts';
import { ExitCode } from '../../errors.ts';
import type { CiCase, CiProblem, CiReport, CiSuite } from '../../output/ci/report.ts';
import { absentText, emptyText } from './absent-text.ts';
import type { Examined } from './examined.ts';
import type { DoctorRequest } from './request.ts';
import { unreadSentence } from './unread-text.ts';

/** A finding that no check of a service made: what stays unexplained. */
const OTHER = 'readiness';

/** The report for CI systems: a suite a service or object of a file, a case a check. */
export function toCiReport(
  examined: Examined,
  request: DoctorRequest,
  { version, exitCode }: Pick<CiReport, 'version' | 'exitCode'>,
): CiReport {
  const { report } = examined;
  const ofServices = new Set(report.services.flatMap(({ findings }) => findings));
  const others = report.findings.filter((finding) => !ofServices.has(finding));
  const [empty] = emptyText(examined);
  return {
    command: 'doctor',
    version,
    exitCode,
    suites: [
      ...report.services.map((service) => serviceSuite(service, report.unread, request)),
      ...objectSuites(examined, others, request),
    ],
    findings: report.findings,
    problems: problemsOf(examined, request, exitCode),
    empty,
  };
}

type Threshold = Pick<DoctorRequest, 'failOn'>;

function serviceSuite(service: ServiceReport, unread: readonly Unread[], threshold: Threshold): CiSuite {
  const { findings } = service;
  const known = new Set<string>(SERVICE_CHECKS.flatMap(({ codes }) => codes));
  const others = findings.filter(({ code }) => !known.has(code));
  const cases = SERVICE_CHECKS.map((check) => checkCase(check, service, unread, threshold));
  return { name: suiteName(service), cases: [...cases, toCase(OTHER, others, threshold)] };
}

function checkCase(check: Check, { findings, namespace }: ServiceReport, unread: readonly Unread[], threshold: Threshold): CiCase {
  const own = findings.filter((finding) => checkOf(finding) === check);
  const hidden = unread.find((one) => check.needs.includes(one.kind) && (one.namespace === undefined || one.namespace === namespace));
  return { ...toCase(check.name, own, threshold), unknown: hidden && unreadSentence([hidden]) };
}

/** The first check that can find it. */
function checkOf({ code }: Finding): Check | undefined {
  return SERVICE_CHECKS.find(({ codes }) => (codes as readonly string[]).includes(code));
}

function toCase(name: string, findings: readonly Finding[], { failOn }: Threshold): CiCase {
  const [failing, noted] = [true, false].map((counts) => findings.filter((finding) => reaches(failOn, finding) === counts));
  return { name, findings: failing ?? [], notes: (noted ?? []).map(({ severity, message }) => `${severity}: ${message}`) };
}

/** KServe itself, runtimes, and what the files hold to be applied: those without a finding too. */
function objectSuites({ report }: Examined, others: readonly Finding[], threshold: Threshold): readonly CiSuite[] {
  const found = Map.groupBy(others, ({ object, source }) => suiteName(object, source?.file));
  const named = [...report.manifests.map((one) => suiteName(one, one.source.file)), ...report.runtimes.map((one) => suiteName(one))];
  const installation = report.installation === undefined || others.length > 0 ? [] : ['KServe'];
  const healthy = new Set([...installation, ...named]).difference(found);
  return [
    ...[...found].map(([name, own]) => ({ name, cases: own.map((finding) => toCase(finding.code, [finding], threshold)) })),
    ...[...healthy].map((name) => ({ name, cases: [{ name: 'nothing-found', findings: [] }] })),
  ];
}

function suiteName({ kind, namespace, name }: FindingObject, file?: string): string {
  const object = [namespace, kind, name].filter((part) => part !== undefined).join('.');
  return file === undefined ? object : `${file}: ${object}`;
}

function problemsOf(examined: Examined, { offline, wait }: DoctorRequest, exitCode: ExitCode): readonly CiProblem[] {
  const absent = absentText(examined).map(({ name, message }) => ({ name, code: 'not-found', message, severity: 'error' }) as const);
  const late: readonly CiProblem[] =
    exitCode === ExitCode.timedOut
      ? [{ name: 'wait', code: 'timed-out', message: `not all was healthy after ${Number(wait) / 1000} seconds`, severity: 'error' }]
      : [];
  const groups = Map.groupBy(examined.report.unread, (one) => unreadSentence([one]));
  const unread = [...groups].map(([message, [first]]): CiProblem => {
    return { name: `${first?.kind ?? ''}s`, code: 'not-read', message, severity: offline && first?.kind !== 'File' ? 'warning' : 'error' };
  });
  return [...absent, ...late, ...unread];
}
