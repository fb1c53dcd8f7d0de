import type { Check } from '../../../domain/doctor/check.ts';
import { SERVICE_CHECKS } from '../../../domain/doctor/diagnose.ts';
import type { Unread } from '../../../domain/doctor/facts.ts';
import { type Report, reaches, type ServiceReport } from '../../../domain/doctor/report.ts';
import type { Finding, Severity } from '../../../domain/finding.ts';
import { escapeText } from '../../../text/escape.ts';
import type { Examined } from '../examined.ts';

/** A finding that no check of a service made: what stays unexplained, and what is wrong with files. */
const OTHER = 'readiness';

/** JUnit XML: a suite a service, a case a check; a check whose objects could not be read is skipped. What is wrong with KServe itself or with a file is a suite an object. The form that Jenkins and GitLab read. */
export function junitReport({ report, missing, searched }: Examined, failOn: Severity): string {
  const suites = report.services.map((service) => suiteOf(service, report.unread, failOn));
  const absent = [
    ...missing.map(({ kind, name }) => [kind ?? 'InferenceService', name] as const),
    ...(searched.namespaceState === 'absent' ? [['Namespace', searched.namespace ?? ''] as const] : []),
  ].map(([kind, name]) => suite(kind, [testCase('exists', name, failure('error', 'not-found', `there is no ${name}`, ''))]));
  const ofServices = new Set(report.services.flatMap(({ findings }) => findings));
  const others = report.findings.filter((finding) => !ofServices.has(finding));
  const rest = [...Map.groupBy(others, ({ object }) => `${object.kind}.${object.name}`)].map(([name, own]) =>
    suite(
      name,
      own.map((finding) => testCase(finding.code, name, reaches(failOn, finding) ? failureOf(finding) : '')),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kubectl kserve doctor">\n${[...suites, ...rest, ...unreadSuite(report), ...absent].join('')}</testsuites>\n`;
}

function suiteOf(service: ServiceReport, unread: readonly Unread[], failOn: Severity): string {
  const className = `${service.namespace}.${service.kind}.${service.name}`;
  const known = new Set<string>(SERVICE_CHECKS.flatMap(({ codes }) => codes));
  const others = service.findings.filter(({ code }) => !known.has(code));
  const cases = SERVICE_CHECKS.map((check) => caseOf(check, className, service, unread, failOn));
  return suite(className, [
    ...cases,
    testCase(
      OTHER,
      className,
      others
        .filter((finding) => reaches(failOn, finding))
        .map(failureOf)
        .join(''),
    ),
  ]);
}

/** What no case of a service stands for: without it a report of nothing but refusals would be green. */
function unreadSuite({ services, unread }: Report): readonly string[] {
  const isNeeded = (kind: string): boolean => SERVICE_CHECKS.some(({ needs }) => needs.includes(kind));
  const left = unread.filter((one) => !(isNeeded(one.kind) && services.some(({ namespace }) => isUnreadIn(one, namespace))));
  const cases = left.map((one) => testCase(`${one.kind}s`, one.namespace ?? 'cluster', skipped(one)));
  return cases.length === 0 ? [] : [suite('reading', cases)];
}

function isUnreadIn(one: Unread, namespace: string): boolean {
  return one.namespace === undefined || one.namespace === namespace;
}

function skipped({ kind, reason }: Unread): string {
  return `      <skipped message="${xml(`${kind}s could not be read: ${reason}`)}"/>\n`;
}

function caseOf(
  check: Check,
  className: string,
  { findings, namespace }: ServiceReport,
  unread: readonly Unread[],
  failOn: Severity,
): string {
  const own = findings.filter((finding) => checkOf(finding) === check && reaches(failOn, finding));
  if (own.length > 0) return testCase(check.name, className, own.map(failureOf).join(''));
  const hidden = unread.find((one) => check.needs.includes(one.kind) && isUnreadIn(one, namespace));
  return testCase(check.name, className, hidden === undefined ? '' : skipped(hidden));
}

/** The first check that can find it. */
function checkOf({ code }: Finding): Check | undefined {
  return SERVICE_CHECKS.find(({ codes }) => (codes as readonly string[]).includes(code));
}

function failureOf({ severity, code, message, evidence, fix }: Finding): string {
  const lines = [
    ...evidence.map(({ object, field, value }) => `${object.kind} ${object.name} ${field}: ${value}`),
    ...(fix === undefined ? [] : [`fix: ${fix.text}`]),
  ];
  return failure(severity, code, message, lines.join('\n'));
}

function failure(severity: string, code: string, message: string, text: string): string {
  return `      <failure type="${xml(code)}" message="${xml(`${severity}: ${message}`)}">${xml(text)}</failure>\n`;
}

function testCase(name: string, className: string, content: string): string {
  const start = `    <testcase name="${xml(name)}" classname="${xml(className)}" time="0"`;
  return content === '' ? `${start}/>\n` : `${start}>\n${content}    </testcase>\n`;
}

function suite(name: string, cases: readonly string[]): string {
  const count = (tag: string): number => cases.filter((one) => one.includes(`<${tag} `)).length;
  return `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${count('failure')}" errors="0" skipped="${count('skipped')}" time="0">\n${cases.join('')}  </testsuite>\n`;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** Control characters cannot stand in XML 1.0, not even escaped. */
function xml(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      escapeText(line).replace(
        /[&<>"]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\uFFFE\uFFFF]/g,
        (character) => ENTITIES.get(character) ?? '\uFFFD',
      ),
    )
    .join('\n');
}
