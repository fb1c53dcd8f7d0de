import { UsageError } from '../../errors.ts';
import { escapeText } from '../../text/escape.ts';
import { goQuote } from '../../text/go-quote.ts';
import { asUsage } from './as-usage.ts';
import { type CustomColumn, parseColumns, parseColumnsFile, renderColumns } from './custom-columns.ts';
import { renderTemplate } from './render.ts';
import { evaluationOf, type Template, toTemplate } from './template.ts';

/** What `-o jsonpath=…`, `custom-columns=…` and their like ask for. */
export type TemplateOutput =
  | { readonly kind: 'jsonpath'; readonly template: Template; readonly asJson: boolean }
  | { readonly kind: 'columns'; readonly columns: readonly CustomColumn[] };

export interface TemplateOutputOptions {
  readonly headers: boolean;
  readonly allowMissingKeys: boolean;
  /** Data are shown so that they cannot control it; elsewhere they are written as they are. */
  readonly isTerminal: boolean;
}

/** Reads the value of `-o`; `readFile` gives the text of a file that it names. @throws UsageError in kubectl's words */
export async function toTemplateOutput(value: string, readFile: (file: string) => Promise<string>): Promise<TemplateOutput> {
  const [, format = '', text = ''] = /^([^=]*)=?([\s\S]*)$/.exec(value) ?? [];
  if (text === '') throw new UsageError(format.startsWith('custom-columns') ? NO_COLUMNS : NO_TEMPLATE);
  const given = format.endsWith('-file') ? await readFile(text) : text;
  switch (format) {
    case 'custom-columns':
      return { kind: 'columns', columns: asUsage(() => parseColumns(given)) };
    case 'custom-columns-file':
      return { kind: 'columns', columns: asUsage(() => parseColumnsFile(given)) };
    default:
      return {
        kind: 'jsonpath',
        template: asUsage(() => toTemplate(given), `error parsing jsonpath ${given}, `),
        asJson: format === 'jsonpath-as-json',
      };
  }
}

const NO_TEMPLATE = 'template format specified but no template given';
const NO_COLUMNS = 'custom-columns format specified but no custom columns given';

/** A document as a template shows it. A `List` has a line of columns for each of its items. @throws UsageError if they do not fit each other */
export function templateText(output: TemplateOutput, document: unknown, options: TemplateOutputOptions): readonly string[] {
  const { headers, allowMissingKeys, isTerminal } = options;
  const escapeData = isTerminal ? visible : (text: string) => text;
  if (output.kind === 'columns') {
    return asUsage(() => [...renderColumns(output.columns, objectsOf(document), { headers, escapeData })]);
  }
  const { template, asJson } = output;
  const render = () => [...renderTemplate(template, document, { allowMissingKeys, asJson, escapeData })];
  return asUsage(render, `error executing jsonpath ${goQuote(template.text)}: `);
}

/** True if a template shows nothing of a document: at most what it says itself. Columns show each object. */
export function findsNothing(output: TemplateOutput, document: unknown): boolean {
  if (output.kind === 'columns') return false;
  const groups = evaluationOf(output.template, true).find(document);
  return groups.every(({ values, isLiteral }) => isLiteral || values.length === 0);
}

/** Line breaks and tabs are what templates are for. */
function visible(text: string): string {
  return text.replace(/[^\n\t]+/g, escapeText);
}

function objectsOf(document: unknown): readonly unknown[] {
  const { kind, items } = document as { readonly kind?: unknown; readonly items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : [document];
}
