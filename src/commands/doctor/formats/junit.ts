import type { Check } from '../../../domain/doctor/check.ts';
import { SERVICE_CHECKS } from '../../../domain/doctor/diagnose.ts';
import type { Unread } from '../../../domain/doctor/facts.ts';
import { reaches, type ServiceReport } from '../../../domain/doctor/report.ts';
import type { Finding, Severity } from '../../../domain/finding.ts';
import { escapeText } from '../../../text/escape.ts';
import type { Examined } from '../examined.ts';

/** A finding that no check of a service made: what stays unexplained, and what is wrong with files. */
const OTHER = 'readiness';

/** JUnit XML: a suite a service, a case a check; a check whose objects could not be read is skipped. The form that Jenkins and GitLab read. */
export function junitReport({ report, missing }: Examined, failOn: Severity): string {
  const suites = report.services.map((service) => suiteOf(service, report.unread, failOn));
  const absent = missing.map(({ kind, name }) =>
    suite(kind ?? 'InferenceService', [testCase('exists', name, failure('error', 'not-found', `there is no ${name}`, ''))]),
  );
  const files = report.findings.filter(({ source }) => source !== undefined);
  const manifests = [...Map.groupBy(files, ({ object }) => `${object.kind}.${object.name}`)].map(([name, own]) =>
    suite(
      name,
      own.map((finding) => testCase(finding.code, name, reaches(failOn, finding) ? failureOf(finding) : '')),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kubectl kserve doctor">\n${[...suites, ...manifests, ...absent].join('')}</testsuites>\n`;
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

function caseOf(
  check: Check,
  className: string,
  { findings, namespace }: ServiceReport,
  unread: readonly Unread[],
  failOn: Severity,
): string {
  const own = findings.filter((finding) => checkOf(finding) === check && reaches(failOn, finding));
  if (own.length > 0) return testCase(check.name, className, own.map(failureOf).join(''));
  const hidden = unread.find((one) => check.needs.includes(one.kind) && (one.namespace === undefined || one.namespace === namespace));
  if (hidden === undefined) return testCase(check.name, className, '');
  return testCase(check.name, className, `      <skipped message="${xml(`${hidden.kind}s could not be read: ${hidden.reason}`)}"/>\n`);
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
