import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Ajv, type ValidateFunction } from 'ajv';
import { XmlDocument, type XmlElement, XsdValidator } from 'libxml2-wasm';

const SCHEMAS = new URL('../fixtures/ci/', import.meta.url);

/** What a consumer would count. */
export interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

/** Jenkins' schema takes it, and the counts of each suite are those of its cases. Returns the sums. */
export function assertJunit(text: string): Counts {
  using document = XmlDocument.fromString(text);
  using schema = XmlDocument.fromString(readFileSync(new URL('junit-4.xsd', SCHEMAS), 'utf8'));
  using validator = XsdValidator.fromDoc(schema);
  validator.validate(document);
  const suites = document.find('/testsuites/testsuite') as XmlElement[];
  for (const suite of suites) assert.deepEqual(declared(suite), counted(suite), suite.attr('name')?.value);
  return suites.map(declared).reduce((sum, one) => ({
    tests: sum.tests + one.tests,
    failures: sum.failures + one.failures,
    errors: sum.errors + one.errors,
    skipped: sum.skipped + one.skipped,
  }));
}

function declared(suite: XmlElement): Counts {
  const count = (name: string): number => Number(suite.attr(name)?.value);
  return { tests: count('tests'), failures: count('failures'), errors: count('errors'), skipped: count('skipped') };
}

function counted(suite: XmlElement): Counts {
  const count = (path: string): number => suite.find(path).length;
  return {
    tests: count('testcase'),
    failures: count('testcase[failure]'),
    errors: count('testcase[error]'),
    skipped: count('testcase[skipped]'),
  };
}

let sarif: ValidateFunction | undefined;

/** The schema of the standard takes it. */
export function assertSarif(text: string): SarifRun {
  sarif ??= sarifSchema();
  const log = JSON.parse(text) as { readonly runs: readonly [SarifRun] };
  assert.ok(sarif(log), JSON.stringify(sarif.errors, undefined, 2));
  const [run] = log.runs;
  const rules = run.tool.driver.rules.map(({ id }) => id);
  for (const { ruleId, ruleIndex } of run.results) assert.equal(rules[ruleIndex], ruleId);
  return run;
}

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly [
    {
      readonly executionSuccessful: boolean;
      readonly exitCode: number;
      readonly toolExecutionNotifications: readonly { readonly level: string; readonly message: { readonly text: string } }[];
    },
  ];
  readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number; readonly level: string }[];
}

/** It is of JSON Schema's draft 4, in which `id` was what `$id` is now. */
function sarifSchema(): ValidateFunction {
  const { $schema: _, id: __, ...schema } = JSON.parse(gunzipSync(readFileSync(new URL('sarif-2.1.0.json.gz', SCHEMAS))).toString('utf8'));
  // One of its patterns is only read without the flag u.
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  ajv.addFormat('uri', (value) => URL.canParse(value));
  ajv.addFormat('uri-reference', /^(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#[\]-]|%[0-9A-Fa-f]{2})*$/);
  ajv.addFormat('date-time', (value) => !Number.isNaN(Date.parse(value)));
  return ajv.compile(schema);
}

// https://github.com/actions/runner/blob/v2.329.0/src/Runner.Common/ActionCommand.cs: a line that begins with `::`, or has `##[` anywhere.
const COMMAND = /^::(error|warning|notice) (?:(?:file|line|col|title)=[^:,\r\n]*(?:,|(?=::)))+::[^\r\n]*$/;

/** Every line is a whole annotation. Returns how many there are of each kind. */
export function assertAnnotations(text: string): Readonly<Record<string, number>> {
  const lines = text.split('\n').slice(0, -1);
  assert.ok(text === '' || text.endsWith('\n'));
  for (const line of lines) {
    assert.match(line, COMMAND);
    assert.doesNotMatch(line, /##\w*\[|\p{Cc}/u);
  }
  return Object.fromEntries(
    Map.groupBy(lines, (line) => COMMAND.exec(line)?.[1] ?? '')
      .entries()
      .map(([kind, of]) => [kind, of.length]),
  );
}
