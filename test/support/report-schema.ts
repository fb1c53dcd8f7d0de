import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';

const SCHEMAS = new URL('../../docs/schema/', import.meta.url);
const FILES: Readonly<Record<string, string>> = {
  ContextReportList: 'context-report-list',
  AccessReport: 'access-report',
  AccessRules: 'access-rules',
  DoctorReport: 'doctor-report',
  AccessFix: 'access-fix',
  AccessMatrix: 'access-matrix',
  AccessSubjects: 'access-subjects',
  AccessExplanation: 'access-explanation',
  AccessExplanationList: 'access-explanation',
  RequiredAccessReport: 'required-access-report',
  RuntimeDescription: 'runtime-description',
  RuntimeMatchReport: 'runtime-match-report',
};

const validators = new Map<string, ValidateFunction>();

function validator(kind: string): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const file = FILES[kind];
  assert.ok(file !== undefined, `no schema is known for the kind ${kind}`);
  const made = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(new URL(`${file}.schema.json`, SCHEMAS), 'utf8')));
  validators.set(kind, made);
  return made;
}

/** If the command line asks for JSON or YAML and something was printed: it fits the schema of its kind in `docs/schema`. */
export function assertReport(stdout: string, argv: string): void {
  const format = /-o (json|yaml)/.exec(argv)?.[1];
  if (format === undefined || stdout === '') return;
  const report = (format === 'json' ? JSON.parse(stdout) : load(stdout)) as { readonly kind: string };
  const validate = validator(report.kind);
  assert.ok(validate(report), JSON.stringify(validate.errors, undefined, 2));
}
