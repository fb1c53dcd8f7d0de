import assert from 'node:assert/strict';
import fc from 'fast-check';
import { yargsFor } from '../../src/cli/help/yargs.ts';
import { commonOptions } from '../../src/cli/options.ts';
import { camelCase } from '../../src/cli/parse/camel-case.ts';
import { parseCommandLine } from '../../src/cli/parse/parse.ts';
import { tokenise } from '../../src/cli/parse/tokenise.ts';
import { canonicalWords, readValues } from '../../src/cli/parse/values.ts';
import type { OptionModel } from '../../src/command/option.ts';
import { sampleCatalogue, sampleOptions } from './sample.ts';

const model: OptionModel = { ...sampleOptions, ...commonOptions };
const catalogue = sampleCatalogue();

/** What yargs, strict and told of every option, makes of the same words. */
function byYargs(words: readonly string[]): Record<string, unknown> {
  const { _, $0, '--': rest, ...values } = yargsFor(model).parseSync([...words]) as Record<string, unknown>;
  return {
    words: [...(_ as unknown[]), ...((rest as unknown[]) ?? [])],
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value])),
  };
}

function byUs(words: readonly string[]): Record<string, unknown> {
  return { words: words.slice(words.indexOf('--') + 1), ...readValues(words, model) };
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function assertAgreement(argv: readonly string[]): void {
  const words = canonicalWords(tokenise(argv, model));
  assert.deepEqual(defined(byUs(words)), defined(byYargs(words)));
}

const TEXT = fc.oneof(
  fc.constantFrom(
    'json',
    'a,b',
    '',
    'x=y',
    '--help',
    '-A',
    '--',
    '0x10',
    '1e3',
    'true',
    'false',
    '"q"',
    "'q'",
    'a b',
    'a.b',
    'é',
    '__proto__',
    'null',
    '-1',
    'a\nb',
    '$0',
  ),
  fc.string(),
);

const FLAG = fc.constantFrom(...Object.entries(model)).chain(([name, option]) => {
  const letter = option.short;
  if (option.type === 'boolean') {
    const long = [`--${name}`, `--${name}=false`, `--${name}=T`, `--${name.replaceAll('-', '_')}`];
    return fc.constantFrom(...[...long, ...(letter === undefined ? [] : [`-${letter}`, `-${letter}=0`])].map((word) => [word]));
  }
  const value =
    option.type === 'integer'
      ? fc.nat().map(String)
      : option.type === 'string' && option.choices !== undefined
        ? fc.constantFrom(...option.choices)
        : TEXT;
  return value
    .map((text): string[] => [`--${name}=${text}`])
    .chain((long) => {
      const text = (long[0] ?? '').slice(name.length + 3);
      return fc.constantFrom(
        long,
        [`--${name}`, text],
        ...(letter === undefined ? [] : [[`-${letter}`, text], [`-${letter}=${text}x`.replace(/x$/, text.length > 0 ? '' : 'x')]]),
      );
    });
});

const ARGV = fc
  .array(
    fc.oneof(
      FLAG,
      TEXT.filter((text) => !text.startsWith('-')).map((text) => [text]),
    ),
  )
  .map((parts) => parts.flat());

describe('the two parsers', () => {
  for (const argv of [
    ['-ojson', '-Aojson', '-n', '--context', '--as-group', 'g1', 'x', '--as-group=a,b', '-L', 'a', '-L', 'b,c'],
    ['--no-headers=false', '--watch', 'false', '--chunk-size=7', '-v9', '123', '0x10', '--', '-A', '--bogus=1'],
    ['--token="q"', '--context=', '--cluster', '__proto__', '--selector', 'a in (b, c)', '--output=name', '--output=yaml'],
  ]) {
    it(`agree on ${argv.join(' ')}`, () => assertAgreement(argv));
  }

  it('agree on any command line', () => {
    fc.assert(
      fc.property(ARGV, (argv) => assertAgreement(argv)),
      { numRuns: 150 },
    );
  });

  it('never throw, whatever is typed', () => {
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

  it('do not care where flags stand', () => {
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
