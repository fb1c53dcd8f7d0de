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
  'chunk-size': {
    type: 'integer',
    placeholder: 'N',
    minimum: 0,
    default: 500,
    summary: 'Objects to request at a time; 0 means all at once',
  },
} as const satisfies OptionModel;

/** `-o` with the formats that a command writes. */
export function outputOption<const F extends readonly string[]>(formats: F) {
  return {
    type: 'string',
    short: 'o',
    placeholder: 'FORMAT',
    choices: formats,
    summary: `Output format: ${formats.join(', ')}`,
  } as const satisfies Option;
}
