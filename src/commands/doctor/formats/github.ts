import type { Finding, Severity } from '../../../domain/finding.ts';
import { escapeText } from '../../../text/escape.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands of GitHub Actions, one a finding: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function githubReport(findings: readonly Finding[]): string {
  return findings.map(lineOf).join('');
}

function lineOf({ severity, source, code, message, object, fix }: Finding): string {
  const place = source === undefined ? [] : [`file=${property(source.file)}`, `line=${source.line}`, `col=${source.column}`];
  const properties = [...place, `title=${property(`${code} ${object.kind}/${object.name}`)}`].join(',');
  const text = fix === undefined ? message : `${message}; fix: ${fix.text}`;
  return `::${COMMANDS[severity]} ${properties}::${data(text)}\n`;
}

/** A percent sign and line ends have a meaning of their own; other control characters are shown. */
function data(text: string): string {
  return escapeText(text.replaceAll(/\r?\n/g, ' ')).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
