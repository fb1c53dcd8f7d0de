import { DecodeError } from './decode-error.ts';

/*
 * Go's decoder reads one document and stops: what follows has only to begin as something. https://github.com/yaml/go-yaml/blob/v2.4.0/parserc.go
 */

/** Where the brackets that a text starts with are closed again, outside quotes; undefined if they are not. */
function endOfBrackets(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[\s\S])*(?:"|$)|'[^']*(?:'|$)|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if (depth === 0) return index + token.length;
  }
  return undefined;
}

/** Where the first of several documents ends. */
function endOfDocument(text: string): number | undefined {
  const lines = text.matchAll(/^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm);
  for (const { index } of lines)
    if (/^[^%#\s]/m.test(text.slice(0, index).replace(/^---.*$/gm, (line) => line.slice(3).trim()))) return index;
  return undefined;
}

/**
 * The first document without what follows it, undefined if nothing does. Throws a DecodeError if that begins with what can begin nothing.
 */
export function firstDocument(text: string): string | undefined {
  const isFlow = /^\s*[{[]/.test(text);
  const end = isFlow ? endOfBrackets(text) : endOfDocument(text);
  if (end === undefined || end === text.trimEnd().length) return undefined;
  if (isFlow && /^[ \r\n]*[@`\t]/.test(text.slice(end))) throw new DecodeError('yaml: found character that cannot start any token');
  return text.slice(0, end);
}

/** Throws a DecodeError for a directive that Go does not know, among them every version but 1.1. https://yaml.org/spec/1.1/#directive */
export function checkDirectives(text: string): void {
  const [head = ''] = /^(?:[ \t]*(?:#.*)?\r?\n|%.*\r?\n)*/.exec(text) ?? [];
  for (const [, name = '', value = ''] of head.matchAll(/^%(\S*)[ \t]*(\S*)/gm)) {
    if (name === 'YAML' && value !== '1.1') throw new DecodeError('yaml: found incompatible YAML document');
    if (name !== 'YAML' && name !== 'TAG') throw new DecodeError('yaml: found unknown directive name');
  }
}
