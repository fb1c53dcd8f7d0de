import { escapeText } from '../../text/escape.ts';

/** Where a message begins, as far as it says so. A hint belongs to the message before it. */
const LABEL = /^(?:error|warning|Warning|note|Error from server(?: \([^)\n]*\))?): /;

/** What kubectl says without a label. */
const UNLABELLED = /^(?:Unable to connect to the server: |The connection to the server |Error in configuration: )/;

/** A context as messages name it. */
export function contextLabel(context: string): string {
  return `context "${escapeText(context)}"`;
}

/** Messages with the context that they are about: `error: context "prod-1": …`. What was written is one message at least. */
export function withContext(text: string, context: string): string {
  return text
    .split('\n')
    .map((line, index) => `${prefix(line, index === 0, contextLabel(context))}${line.replace(LABEL, '')}`)
    .join('\n');
}

function prefix(line: string, isFirst: boolean, context: string): string {
  const label = UNLABELLED.test(line) ? 'error: ' : LABEL.exec(line)?.[0];
  if (label !== undefined) return `${label}${context}: `;
  return isFirst && line !== '' && !line.startsWith('hint: ') ? `${context}: ` : '';
}
