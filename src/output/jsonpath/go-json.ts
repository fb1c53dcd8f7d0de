import { entriesOf, integerOf, kindOf, numberOf } from './go-value.ts';

// What encoding/json escapes besides what JSON must: https://pkg.go.dev/encoding/json#HTMLEscape
const ESCAPED = /[<>&\u2028\u2029]/g;

/** On one line, as `json.Marshal`. https://pkg.go.dev/encoding/json#Marshal */
export function compactJson(value: unknown): string {
  switch (kindOf(value)) {
    case 'list':
      return `[${(value as readonly unknown[]).map(compactJson).join()}]`;
    case 'map':
      return `{${entriesOf(value)
        .map(([key, field]) => `${stringJson(key)}:${compactJson(field)}`)
        .join()}}`;
    default:
      return scalarJson(value);
  }
}

/** As `json.MarshalIndent` with four blanks. `indent` is that of the line the value begins on. */
export function indentedJson(value: unknown, indent = ''): string {
  const inner = `${indent}    `;
  switch (kindOf(value)) {
    case 'list':
      return wrapped(
        '[',
        (value as readonly unknown[]).map((item) => indentedJson(item, inner)),
        ']',
        indent,
      );
    case 'map': {
      const fields = entriesOf(value).map(([key, field]) => `${stringJson(key)}: ${indentedJson(field, inner)}`);
      return wrapped('{', fields, '}', indent);
    }
    default:
      return scalarJson(value);
  }
}

function wrapped(open: string, parts: readonly string[], close: string, indent: string): string {
  return parts.length === 0 ? open + close : `${open}\n${indent}    ${parts.join(`,\n${indent}    `)}\n${indent}${close}`;
}

function scalarJson(value: unknown): string {
  switch (kindOf(value)) {
    case 'int':
    case 'uint':
      return String(integerOf(value));
    case 'float':
      return JSON.stringify(numberOf(value));
    case 'string':
      return stringJson(String(value));
    case 'bool':
      return String(value);
    default:
      return 'null';
  }
}

function stringJson(text: string): string {
  return JSON.stringify(text).replace(ESCAPED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
