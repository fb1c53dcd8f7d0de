import type { Finding, Severity } from '../../../domain/finding.ts';
import { wordsOf } from './cause-text.ts';
import { type CheckCause, type CheckCode, causesOf } from './causes.ts';
import type { FoundAccess } from './found.ts';

/** What was found, as findings with their words: text and JSON are made of these. */
export function findingsOf(found: FoundAccess): readonly Finding<CheckCode>[] {
  const findings = causesOf(found).map(toFinding);
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** The sentences that people see; what several findings have in common is said once. */
export function explanations(findings: readonly Finding<CheckCode>[]): readonly string[] {
  return [...new Set(findings.map(explanationText))];
}

function explanationText({ message, fix }: Finding<CheckCode>): string {
  if (fix === undefined) return message;
  return /[.?!]$/.test(message) ? `${message} ${fix.text}` : `${message}: ${fix.text}`;
}

const SEVERITIES: Readonly<Record<CheckCode, Severity>> = {
  'kind-not-served': 'error',
  'denied-by-authorizer': 'error',
  'dangling-role-ref': 'error',
  'rolebinding-for-cluster-scope': 'error',
  'resource-names': 'error',
  'conditional-decision': 'error',
  'kind-not-determined': 'warning',
  'groups-unknown': 'warning',
  'identity-unknown': 'warning',
  'rbac-only': 'warning',
  'cluster-wide-grant': 'info',
  'account-namespace': 'info',
  'optional-rights': 'info',
  'role-exists': 'info',
  'role-name-taken': 'info',
  'excess-limits': 'info',
};

function toFinding(cause: CheckCause): Finding<CheckCode> {
  const isAccepted = cause.code === 'kind-not-served' && cause.isAccepted;
  const { object, message, evidence = [], fix } = wordsOf(cause);
  return {
    code: cause.code,
    severity: isAccepted ? 'warning' : SEVERITIES[cause.code],
    object,
    message,
    evidence,
    ...(fix !== undefined && { fix }),
  };
}
