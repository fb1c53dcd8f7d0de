import yargs, { type Argv, type Options } from 'yargs';
import type { Option, OptionModel } from '../../command/option.ts';
import { lookUp } from '../../text/look-up.ts';
import { coercions, defaultOf, PARSER_CONFIGURATION } from '../parse/values.ts';

/**
 * yargs over an option model, strict: the slow twin of `readValues`, which tests hold to the same answers, and the base of help.
 * It neither prints nor exits.
 */
export function yargsFor(model: OptionModel): Argv {
  const coerce = coercions(model);
  const options = Object.entries(model).map(([name, option]): [string, Options] => {
    const base = { ...parsing(option), default: defaultOf(option) };
    const coerced = lookUp(coerce, name);
    return [name, coerced === undefined ? base : { ...base, coerce: coerced }];
  });
  return blankYargs().parserConfiguration(PARSER_CONFIGURATION).options(Object.fromEntries(options)).strict();
}

function parsing(option: Option): Options {
  if (option.type === 'boolean') return { type: 'boolean' };
  return option.type === 'list' ? { type: 'string', array: true } : { type: 'string' };
}

/** A yargs that does nothing by itself. */
export function blankYargs(): Argv {
  return yargs([]).locale('en').help(false).version(false).exitProcess(false).showHelpOnFail(false);
}
