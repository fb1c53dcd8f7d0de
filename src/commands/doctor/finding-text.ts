import { isLog } from '../../domain/doctor/pods/log.ts';
import type { Evidence, Finding, FindingObject, Severity } from '../../domain/finding.ts';
import type { Style } from '../../output/style.ts';
import { escapeLines, escapeText } from '../../text/escape.ts';

export interface TextOptions {
  readonly style: Style;
  readonly showChain: boolean;
}

export const MARKS: Readonly<Record<Severity, string>> = { error: '✗', warning: '!', info: 'i' };

/** A finding for people: what is wrong, what was read, and how to mend it. */
export function findingText(finding: Finding, options: TextOptions): readonly string[] {
  const { severity, code, message, fix, because } = finding;
  return [
    `${paintOf(finding, options)(MARKS[severity])} ${capital(escapeText(message))}   ${code}`,
    ...evidenceLines(because ?? finding),
    ...(because === undefined ? [] : [`    because: ${because.code}`]),
    ...(fix === undefined
      ? []
      : [`  fix: ${escapeText(fix.text)}`, ...(fix.commands ?? []).map((command) => `    ${escapeText(command)}`)]),
  ];
}

export function capital(text: string): string {
  // A field or kind keeps its case.
  return /^(?:a|an|the|there|what|no|none|two|container|runtimes|nothing|entries) /.test(text)
    ? `${text.charAt(0).toUpperCase()}${text.slice(1)}`
    : text;
}

const MOST_LINES = 6;

/** What was read, one line each; of a longer text its last lines, where a traceback ends. */
function evidenceLines({ evidence, object }: Finding): readonly string[] {
  return evidence.filter(({ value }) => value.trim() !== '').flatMap((one) => evidenceText(one, object));
}

function evidenceText({ object, field, value }: Evidence, about: FindingObject): readonly string[] {
  const isOther = object.kind !== about.kind || object.name !== about.name;
  const place = escapeText(isOther ? `${object.kind} ${object.name} ${field}` : field);
  const lines = value.trim().split('\n');
  if (lines.length === 1) return [`    ${place}: ${cut(escapeText(value.trim()))}`];
  const shown = (isLog({ object, field, value }) ? lines : lines.slice(-MOST_LINES)).map((line) => `      ${cut(escapeLines(line))}`);
  const left = lines.length - shown.length;
  return [`    ${place}:${left > 0 ? ` (${left} more lines before)` : ''}`, ...shown];
}

const LONGEST = 500;

export function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

export function paintOf({ severity }: Finding, { style }: TextOptions): (text: string) => string {
  if (severity === 'error') return style.red;
  return severity === 'warning' ? style.yellow : (text) => text;
}
