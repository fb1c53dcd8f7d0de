import { CODES, type Code, catalogueEntry } from '../../domain/doctor/catalogue/catalogue.ts';
import type { Finding, FindingObject, Severity } from '../../domain/finding.ts';
import { ExitCode } from '../../errors.ts';
import { jsonText } from '../json.ts';
import type { CiProblem, CiReport } from './report.ts';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
const HOME = 'https://github.com/kubectl-kserve/kubectl-kserve';

/**
 * SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Findings of a cluster have logical locations, those of files
 * physical ones too. What could not be read is a notification of the run, which then did not succeed.
 */
export function sarifReport({ findings, problems, version, exitCode }: CiReport): string {
  const codes = CODES.filter((code) => findings.some((finding) => finding.code === code));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'kubectl-kserve', version, informationUri: HOME, rules: codes.map(ruleOf) } },
        invocations: [
          {
            executionSuccessful: exitCode === ExitCode.ok || exitCode === ExitCode.no,
            exitCode,
            toolExecutionNotifications: problems.map(notificationOf),
          },
        ],
        results: findings.map((finding) => resultOf(finding, codes)),
      },
    ],
  };
  return `${jsonText(log)}\n`;
}

function ruleOf(code: Code): object {
  const { title, severity, why, fix } = catalogueEntry(code);
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: fix },
    helpUri: `${HOME}/blob/main/docs/findings.md#${code}`,
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function notificationOf({ code, name, message, severity }: CiProblem): object {
  return { descriptor: { id: code }, level: LEVELS[severity], message: { text: `${name}: ${message}` } };
}

function resultOf({ code, severity, message, object, source, fix }: Finding, codes: readonly Code[]): object {
  const text = fix === undefined ? message : `${message}\nfix: ${fix.text}`;
  const physical = source && {
    physicalLocation: { artifactLocation: { uri: uriOf(source.file) }, region: { startLine: source.line, startColumn: source.column } },
  };
  return {
    ruleId: code,
    ruleIndex: (codes as readonly string[]).indexOf(code),
    level: LEVELS[severity],
    message: { text },
    locations: [{ ...physical, logicalLocations: [{ name: object.name, fullyQualifiedName: qualified(object), kind: 'resource' }] }],
    partialFingerprints: { 'finding/v1': `${code}:${qualified(object)}` },
  };
}

function qualified({ kind, namespace, name }: FindingObject): string {
  return [namespace, kind, name].filter((part) => part !== undefined && part !== '').join('/');
}

/** A path relative to where the program runs, as a URI reference. */
function uriOf(file: string): string {
  return file.toWellFormed().split(/[\\/]/).map(encodeURIComponent).join('/');
}
