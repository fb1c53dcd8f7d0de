import type { Option, OptionModel } from '../../command/option.ts';
import { camelCase } from './camel-case.ts';
import type { Token } from './tokenise.ts';

export type Values = Readonly<Record<string, unknown>>;

/** The value of every option of a model, named in camel case. The last of several counts, but for lists. Anything invalid was refused before. */
export function readValues(tokens: readonly Token[], model: OptionModel): Values {
  const flags = tokens.filter((token) => token.kind === 'flag');
  const texts = Map.groupBy(flags, ({ name }) => name);
  const values = Object.entries(model).map(([name, option]) => {
    const given = (texts.get(name) ?? []).map(({ value }) => value);
    return [camelCase(name), toValue(option, given)] as const;
  });
  return Object.fromEntries(values);
}

function toValue(option: Option, given: readonly string[]): unknown {
  const last = given.at(-1);
  switch (option.type) {
    case 'boolean':
      return last === undefined ? option.default === true : parseBoolean(last) === true;
    case 'count':
      return timesGiven(given);
    case 'integer':
      return last === undefined ? option.default : Number(last);
    case 'list':
      return option.commas ? given.flatMap((text) => text.split(',')).filter((text) => text !== '') : given;
    case 'string':
      // Those that may be empty are as good as not given.
      return last || option.default;
  }
}

/** As many as there are after the last `=false`. */
function timesGiven(given: readonly string[]): number {
  const answers = given.map(parseBoolean);
  return answers.length - answers.lastIndexOf(false) - 1;
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** As Go's strconv.ParseBool; undefined if it is neither. */
export function parseBoolean(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}
