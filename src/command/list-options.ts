import type { Option, OptionModel } from './option.ts';

/** Flags of commands that list objects, as `kubectl get` has them. */
export const listOptions = {
  'all-namespaces': { type: 'boolean', short: 'A', summary: 'All namespaces; wins over --namespace' },
  selector: {
    type: 'string',
    short: 'l',
    placeholder: 'SELECTOR',
    summary: "Show only objects whose labels match, such as 'team=ml,stage in (dev,test)'",
  },
  'no-headers': { type: 'boolean', summary: 'Leave out the header line' },
  'show-labels': { type: 'boolean', summary: 'Add all labels as the last column' },
  'label-columns': { type: 'list', short: 'L', commas: true, placeholder: 'KEY,...', summary: 'Add a column for each of these labels' },
  'allow-missing-template-keys': {
    type: 'boolean',
    default: true,
    hidden: true,
    summary: 'With -o jsonpath, print nothing for a field that does not exist, rather than fail',
  },
  'chunk-size': {
    type: 'integer',
    placeholder: 'N',
    minimum: 0,
    default: 500,
    summary: 'Objects to request at a time; 0 means all at once',
  },
} as const satisfies OptionModel;

/** Formats of kubectl that say what to show of a document: every command that writes JSON has them. */
const TEMPLATE_FORMATS = ['jsonpath=', 'jsonpath-as-json=', 'jsonpath-file=', 'custom-columns=', 'custom-columns-file='] as const;

/** Whether a value of `-o` is such a format, be it complete or not. */
export function isTemplateFormat(value: unknown): value is string {
  return typeof value === 'string' && TEMPLATE_FORMATS.some((format) => value.startsWith(format) || `${value}=` === format);
}

/** `-o` with the formats that a command writes. */
export function outputOption<const F extends readonly string[]>(formats: F) {
  return {
    type: 'string',
    short: 'o',
    placeholder: 'FORMAT',
    choices: [...formats, ...TEMPLATE_FORMATS],
    summary: `Output format: ${formats.join(', ')}; as in kubectl also jsonpath=TEMPLATE, jsonpath-as-json=TEMPLATE, jsonpath-file=FILE, custom-columns=HEADER:PATH,..., custom-columns-file=FILE`,
  } as const satisfies Option;
}
