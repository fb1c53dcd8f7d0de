import type { Finding, Severity } from '../../domain/finding.ts';
import { escapeText } from '../../text/escape.ts';
import type { CiProblem, CiReport } from './report.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands of GitHub Actions, one a finding or problem: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function githubReport({ findings, problems, empty }: CiReport): string {
  const nothing = empty === undefined ? [] : [commandLine('notice', ['title=nothing to check'], empty)];
  const [errors = [], warnings = []] = ['error', 'warning'].map((severity) => problems.filter((problem) => problem.severity === severity));
  return [...errors.map(problemLine), ...findings.map(findingLine), ...warnings.map(problemLine), ...nothing].join('');
}

function findingLine({ severity, source, code, message, object, fix }: Finding): string {
  const place = source === undefined ? [] : [`file=${property(source.file)}`, `line=${source.line}`, `col=${source.column}`];
  const title = `title=${property(`${code} ${object.kind}/${object.name}`)}`;
  return commandLine(COMMANDS[severity], [...place, title], fix === undefined ? message : `${message}; fix: ${fix.text}`);
}

function problemLine({ severity, code, name, message }: CiProblem): string {
  return commandLine(COMMANDS[severity], [`title=${property(`${code} ${name}`)}`], message);
}

function commandLine(command: string, properties: readonly string[], text: string): string {
  return `::${command} ${properties.join(',')}::${data(text)}\n`;
}

/** A percent sign and line ends have a meaning of their own; other control characters are shown. */
function data(text: string): string {
  return escapeText(text.replaceAll(/\r?\n/g, ' ')).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
