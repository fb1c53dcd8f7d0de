import { DEFAULT_SCALAR_STYLE_RULES, DUMP_SCHEMA, dump, intYaml11Tag, SCALAR_STYLE, type ScalarLayout } from 'js-yaml';
import { hasCommandLine, unsafeCharacters } from '../text/escape.ts';
import { rawNumber } from '../text/raw-json.ts';
import { isNumberElsewhere } from '../text/yaml-number.ts';

// Printable by YAML's rules and so left raw by js-yaml, yet able to make text read as something else, or a command to a log.
const RAW = unsafeCharacters();

/** As in a double-quoted scalar: https://yaml.org/spec/1.2.2/#57-escaped-characters */
function unicodeEscape(character: string): string {
  return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}

function quoteNumberLike(layout: ScalarLayout): void {
  if (layout.style === SCALAR_STYLE.PLAIN && isNumberElsewhere(layout.node.value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
}

/** Only a double-quoted scalar can carry an escape. */
function quoteUnsafe(layout: ScalarLayout): void {
  if (layout.node.value.search(RAW) >= 0 || hasCommandLine(layout.node.value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
}

/** Integers that JavaScript cannot hold are written with their own digits. */
const SCHEMA = DUMP_SCHEMA.withTags([
  {
    ...intYaml11Tag,
    identify: (value: unknown) => rawNumber(value) !== undefined || intYaml11Tag.identify?.(value) === true,
    represent: (value: unknown) => rawNumber(value) ?? String(value),
  },
]);

/** js-yaml writes it behind a text that ends in empty lines. Pieces of one document follow each other, and kubectl writes none. */
const END_OF_DOCUMENT = /\n\.\.\.\n$/;

/** YAML in kubectl's style: keys sorted, lists not indented, long lines kept. Ends with a line break. */
export function yamlText(value: unknown): string {
  const text = dump(value, {
    schema: SCHEMA,
    lineWidth: -1,
    quoteStyle: 'double',
    noRefs: true,
    seqNoIndent: true,
    sortKeys: (a: string, b: string) => (a < b ? -1 : 1),
    scalarStyleRules: [...Object.values(DEFAULT_SCALAR_STYLE_RULES), quoteNumberLike, quoteUnsafe],
  });
  return text.replace(END_OF_DOCUMENT, '\n').replace(RAW, unicodeEscape);
}
