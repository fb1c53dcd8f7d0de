import type { Evidence, Finding, FindingObject, Fix, Severity } from '../finding.ts';
import { type Code, catalogueEntry } from './catalogue/catalogue.ts';
import type { Service } from './service.ts';

/** One kind of question to a service, as data: tests hold codes to the catalogue and needs to what is read. */
export interface Check {
  /** Kebab-case: the name of its test case in JUnit. */
  readonly name: string;
  readonly codes: readonly Code[];
  /** Kinds without which it sees nothing; those that only make an answer better are not among them. */
  readonly needs: readonly string[];
  readonly run: (service: Service) => readonly Finding<Code>[];
}

interface FoundOptions {
  readonly evidence: readonly Evidence[];
  readonly field?: string | undefined;
  readonly fix?: Fix | undefined;
  readonly severity?: Severity | undefined;
  readonly because?: Finding | undefined;
}

/** A finding with the severity and the fix of its catalogue entry, unless it has its own. */
export function found(code: Code, object: FindingObject, message: string, options: FoundOptions): Finding<Code> {
  const { evidence, field, severity, because } = options;
  const entry = catalogueEntry(code);
  return {
    code,
    severity: severity ?? entry.severity,
    object,
    ...(field !== undefined && { field }),
    message: cut(message),
    evidence,
    fix: options.fix === undefined ? { text: entry.fix } : { ...options.fix, text: asSentence(options.fix.text) },
    ...(because !== undefined && { because }),
  };
}

/** As the fixes of the catalogue are; a name that it begins with, such as of a field, keeps its case. */
function asSentence(text: string): string {
  const end = /[.?!]$/.test(text) ? '' : '.';
  return `${/^[a-z]+[ ,:]/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text}${end}`;
}

/** Far more than anyone reads, far less than would hurt: a termination message has 4 KiB. */
const MOST = 4096;

/** What was read, as it was; an endless text is cut. */
export function evidenceOf(object: FindingObject, field: string, value: string): Evidence {
  return { object, field, value: cut(value) };
}

function cut(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST)}…`;
}

/** The line of a longer text that says most: the last one that is not indented, where a traceback ends. */
export function headline(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const flush = lines.filter((line) => !/^\s/.test(line));
  const line = (flush.at(-1) ?? lines.at(-1) ?? '').trim();
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}

const LONGEST_LINE = 300;

/** The first lines that fit: of a text that is one sentence. */
export function sentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}

export function quoted(text: string): string {
  return JSON.stringify(text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}…`);
}
