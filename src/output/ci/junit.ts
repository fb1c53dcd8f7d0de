import type { Finding } from '../../domain/finding.ts';
import { escapeText } from '../../text/escape.ts';
import type { CiCase, CiProblem, CiReport, CiSuite } from './report.ts';

/**
 * JUnit XML, as Jenkins and GitLab read it: a suite an object, a case a question to it, and a suite of its own for what kept us from an answer,
 * so that a report without services is neither empty nor green by accident.
 */
export function junitReport({ command, suites, problems, empty }: CiReport): string {
  const all = [...suites.map(suiteOf), suite('answer', problems.length === 0 ? [wholeAnswer(command, empty)] : problems.map(problemCase))];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(`kubectl kserve ${command}`)}">\n${all.join('')}</testsuites>\n`;
}

function suiteOf({ name, cases }: CiSuite): string {
  return suite(
    name,
    cases.map((one) => caseOf(one, name)),
  );
}

function caseOf({ name, findings, unknown, notes = [] }: CiCase, className: string): string {
  const skipped = unknown === undefined || findings.length > 0 ? '' : element('skipped', [], unknown);
  return testCase(name, className, [skipped, ...findings.map(failureOf), said(notes)].join(''));
}

function said(notes: readonly string[]): string {
  return notes.length === 0 ? '' : element('system-out', [], notes.join('\n'));
}

function failureOf({ severity, code, message, evidence, fix, source }: Finding): string {
  const lines = [
    ...(source === undefined ? [] : [`${source.file}:${source.line}:${source.column}`]),
    ...evidence.map(({ object, field, value }) => `${object.kind} ${object.name} ${field}: ${value}`),
    ...(fix === undefined ? [] : [`fix: ${fix.text}`]),
  ];
  return element('failure', [code, `${severity}: ${message}`], lines.join('\n'));
}

function wholeAnswer(command: string, empty: string | undefined): string {
  return testCase('whole', command, said(empty === undefined ? [] : [empty]));
}

/** What is surely not there is a "no"; of the rest nobody knows. */
function problemCase({ name, code, message }: CiProblem): string {
  return testCase(name, code, element(code === 'not-found' ? 'failure' : 'error', [code, message], message));
}

function element(tag: string, typeAndMessage: readonly string[], text: string): string {
  const [type, message] = typeAndMessage;
  const attributes = type === undefined || message === undefined ? '' : ` type="${xml(type)}" message="${xml(message)}"`;
  return `      <${tag}${attributes}>${xml(text)}</${tag}>\n`;
}

function testCase(name: string, className: string, content: string): string {
  const start = `    <testcase name="${xml(name)}" classname="${xml(className)}" time="0"`;
  return content === '' ? `${start}/>\n` : `${start}>\n${content}    </testcase>\n`;
}

function suite(name: string, cases: readonly string[]): string {
  const count = (tag: string): number => cases.filter((one) => one.includes(`\n      <${tag}`)).length;
  return `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0">\n${cases.join('')}  </testsuite>\n`;
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
    .toWellFormed()
    .split('\n')
    .map((line) => escapeText(line).replace(/[&<>"\uFFFE\uFFFF]/g, (character) => ENTITIES.get(character) ?? '\uFFFD'))
    .join('\n');
}
