// A command line is made from what it is to mean, in any of pflag's spellings; reading it must give back just that.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commonOptions } from '../../../src/cli/options.ts';
import { camelCase } from '../../../src/cli/parse/camel-case.ts';
import { parseCommandLine } from '../../../src/cli/parse/parse.ts';
import { isSwitch, type Option, type OptionModel } from '../../../src/command/option.ts';
import { sampleCatalogue, sampleOptions } from '../sample.ts';

const model: OptionModel = { ...sampleOptions, ...commonOptions };
const catalogue = sampleCatalogue();

const TEXT = fc.oneof(
  fc.constantFrom(
    ...['json', 'a,b', 'x=y', '--help', '-A', '--', '-', '=', '0x10', '1e3', 'true', '"q"', "'q'", 'a b', 'a.b', 'é', '-1', 'a\nb', '$0'],
    ...['__proto__', 'constructor', 'null', '', '"', "''", '["a"]', '{"a":1}'],
  ),
  fc.string(),
);

/** One flag of a command line: its words, and what it says. */
interface Flag {
  readonly words: readonly string[];
  readonly name: string;
  readonly value: unknown;
}

const TRUE = ['true', 'T', '1', 'TRUE'];
const FALSE = ['false', 'f', '0', 'False'];

function switchFlag(name: string, short: string | undefined): fc.Arbitrary<Flag> {
  const spelled = (value: boolean, word: string) =>
    [`--${name}=${word}`, ...(short === undefined ? [] : [`-${short}=${word}`])].map((text) => ({ name, value, words: [text] }));
  const bare = [`--${name}`, `--${name.replaceAll('-', '_')}`, ...(short === undefined ? [] : [`-${short}`])];
  return fc.constantFrom<Flag>(
    ...bare.map((word) => ({ name, value: true, words: [word] })),
    ...TRUE.flatMap((word) => spelled(true, word)),
    ...FALSE.flatMap((word) => spelled(false, word)),
  );
}

function textFor(option: Exclude<Option, { type: 'boolean' | 'count' }>): fc.Arbitrary<string> {
  if (option.type === 'integer') return fc.integer({ min: option.minimum, max: 9999 }).map(String);
  if (option.type === 'string' && option.choices !== undefined) return fc.constantFrom(...option.choices);
  return TEXT.filter((text) => text !== '');
}

function valueFlag(name: string, option: Exclude<Option, { type: 'boolean' | 'count' }>): fc.Arbitrary<Flag> {
  const { short } = option;
  return textFor(option).chain((text) => {
    const value = option.type === 'integer' ? Number(text) : text;
    const spellings = [
      [`--${name}=${text}`],
      [`--${name}`, text],
      [`--${name.replaceAll('-', '_')}`, text],
      ...(short === undefined ? [] : [[`-${short}`, text], [`-${short}=${text}`], ...(text.startsWith('=') ? [] : [[`-${short}${text}`]])]),
    ];
    return fc.constantFrom(...spellings.map((words): Flag => ({ name, value, words })));
  });
}

const FLAG = fc
  .constantFrom(...Object.entries(model).filter(([name]) => name !== 'help'))
  .chain(([name, option]) => (isSwitch(option) ? switchFlag(name, option.short) : valueFlag(name, option)));

const WORD = fc.oneof(
  fc.constant('-'),
  TEXT.filter((text) => !text.startsWith('-')),
);

/** What flags say together. */
function meaning(flags: readonly Flag[]): Record<string, unknown> {
  const entries = Object.entries(model).map(([name, option]) => {
    const given = flags.filter((flag) => flag.name === name).map(({ value }) => value);
    if (option.type === 'boolean') return [camelCase(name), given.at(-1) ?? option.default ?? false];
    if (option.type === 'count') return [camelCase(name), given.length - given.lastIndexOf(false) - 1];
    if (option.type !== 'list') return [camelCase(name), given.at(-1) ?? option.default];
    const texts = given as string[];
    return [camelCase(name), option.commas ? texts.flatMap((text) => text.split(',')).filter((text) => text !== '') : texts];
  });
  return Object.fromEntries(entries);
}

describe('a command line', () => {
  it('means what it was made of, in every spelling', () => {
    const parts = fc.array(fc.oneof(FLAG, WORD), { maxLength: 12 });
    const after = fc.option(fc.array(TEXT, { maxLength: 2 }), { nil: undefined });
    fc.assert(
      fc.property(parts, after, (before, behind) => {
        const words = before.filter((part) => typeof part === 'string').slice(0, 1);
        const flags = before.filter((part) => typeof part !== 'string');
        let used = 0;
        const typed = before.flatMap((part) => (typeof part !== 'string' ? part.words : used++ < 1 ? [part] : []));
        const argv = ['runtimes', 'list', ...typed, ...(behind === undefined ? [] : ['--', ...behind])];
        const invocation = parseCommandLine(argv, catalogue);
        assert.equal(invocation.kind, 'run', JSON.stringify([argv, invocation]));
        assert.ok(invocation.kind === 'run');
        assert.deepEqual(invocation.values, meaning(flags));
        assert.deepEqual(invocation.words, [...words, ...(behind ?? [])]);
      }),
      { numRuns: 500 },
    );
  });

  it('takes several letters in one word', () => {
    const { values } = parseCommandLine(['runtimes', 'list', '-Awojson'], catalogue) as { values: Record<string, unknown> };
    assert.deepEqual([values.allNamespaces, values.watch, values.output], [true, true, 'json']);
  });

  it('never throws, whatever is typed', () => {
    const word = fc.oneof(
      TEXT,
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('-', '=', 'o', 'A', 'n', ' ') }),
      fc.constantFrom('runtimes', 'list', 'rbac', 'check', 'help'),
    );
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        const invocation = parseCommandLine(argv, catalogue);
        assert.ok(['run', 'print', 'misuse'].includes(invocation.kind));
      }),
      { numRuns: 500 },
    );
  });

  it('does not care where flags stand', () => {
    const flags = fc.shuffledSubarray(['-A', '--scope=cluster', '-ojson', '-nteam', '-La', '-v3']);
    fc.assert(
      fc.property(flags, fc.nat(6), fc.nat(6), (words, at, from) => {
        const argv = [...words];
        argv.splice(Math.min(at, argv.length), 0, 'runtimes');
        argv.splice(Math.max(argv.indexOf('runtimes') + 1, Math.min(from, argv.length)), 0, 'list');
        const moved = parseCommandLine(argv, catalogue);
        const plain = parseCommandLine(['runtimes', 'list', ...words.toSorted()], catalogue);
        assert.deepEqual(moved, plain);
      }),
    );
  });
});
