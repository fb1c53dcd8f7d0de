import { compactJson, indentedJson } from './go-json.ts';
import { scalarText } from './go-text.ts';
import { kindOf } from './go-value.ts';
import { evaluationOf, type Template } from './template.ts';

export interface RenderOptions {
  readonly allowMissingKeys: boolean;
  /** Each action's values as a JSON list. */
  readonly asJson: boolean;
  /** What is done to data, but not to what the template itself says. */
  readonly escapeData: (text: string) => string;
}

/** What a template makes of an object: no line break is added. @throws TemplateError */
export function* renderTemplate(
  template: Template,
  root: unknown,
  { allowMissingKeys, asJson, escapeData }: RenderOptions,
): Generator<string> {
  for (const { values, isLiteral } of evaluationOf(template, allowMissingKeys).find(root)) {
    const text = asJson ? `${indentedJson(values)}\n` : values.map(valueText).join(' ');
    yield isLiteral ? text : escapeData(text);
  }
}

/** Maps and lists as JSON on one line, all others as they are. */
function valueText(value: unknown): string {
  switch (kindOf(value)) {
    case 'map':
    case 'list':
      return compactJson(value);
    case 'nil':
      return 'null';
    case 'invalid':
      return '<no value>';
    default:
      return scalarText(value);
  }
}
