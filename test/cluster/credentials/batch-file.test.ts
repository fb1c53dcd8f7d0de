import assert from 'node:assert/strict';
import fc from 'fast-check';
import { batchCommandLine, isBatchFile } from '../../../src/cluster/credentials/batch-file.ts';
import { argumentsOf, batchCommands, commandsOf, type DoubledQuotes } from '../../support/windows-command-line.ts';

const FILE = 'C:\\Program Files (x86)\\100%PATH%\\log^in & out.cmd';
const VARIABLES = { cd: 'C:\\work', path: 'C:\\" & calc & "', a: 'B' };
const OPTIONS = '/d /e:on /v:off /s /c ';

/** What a program gets that the batch file starts with `program %*`. */
function arrived(args: readonly string[], doubled: DoubledQuotes): { readonly file: string | undefined; readonly args: readonly string[] } {
  const line = batchCommandLine(FILE, args);
  assert.ok(line.startsWith(OPTIONS));
  const commands = commandsOf(line.slice(OPTIONS.length), VARIABLES);
  assert.equal(commands.length, 1, line);
  const inside = batchCommands('@program', commands[0] ?? '');
  assert.equal(inside.length, 1, line);
  return { file: /^"([^"]*)"/.exec(commands[0] ?? '')?.[1], args: argumentsOf(inside[0]?.replace(/^@program /, '') ?? '', doubled) };
}

describe('batch-file', () => {
  it('are those that only cmd.exe can run', () => {
    const names = ['a.cmd', 'a.BAT', 'a.b.Cmd', 'a.exe', 'a', 'cmd', 'a.cmd.exe', 'a.cmd\\b'];
    assert.deepEqual(names.filter(isBatchFile), ['a.cmd', 'a.BAT', 'a.b.Cmd']);
  });

  const LINES: readonly (readonly [args: readonly string[], line: string])[] = [
    [[], ''],
    [['get-token', '--a', 'x.y/z:1@2', 'C:\\a\\b', '-$#+_'], ' get-token --a x.y/z:1@2 C:\\a\\b -$#+_'],
    [['', 'a b', '\t'], ' "" "a b" "\t"'],
    [['a=b', 'a,b', 'a;b', '*', '?', 'ä'], ' "a=b" "a,b" "a;b" "*" "?" "ä"'],
    [['a&b', '|', '<>', '^', '(', '!x!'], ' "a&b" "|" "<>" "^" "(" "!x!"'],
    [['a\\', 'a b\\\\', '\\'], ' "a\\\\" "a b\\\\\\\\" "\\\\"'],
    [['a"b'], ' "a\\"b"'],
    [['"a b"'], ' "\\"a b\\""'],
    [['{"a":"b & c"}'], ' "{\\"a\\":\\"b "&" c\\"}"'],
    [['a\\"b'], ' "a\\\\\\"b"'],
    [['"&'], ' "\\""&'],
    [['"', '&', '"', '&'], ' "\\"" ""& "\\"" "&"'],
    [['100%'], ' "100%%cd:~,%"'],
    [['%PATH%'], ' "%%cd:~,%PATH%%cd:~,%"'],
  ];
  for (const [args, line] of LINES) {
    it(`quotes ${JSON.stringify(args)}`, () => {
      assert.equal(batchCommandLine('C:\\a.cmd', args), `${OPTIONS}""C:\\a.cmd"${line}"`);
      for (const doubled of ['end', 'stay'] as const) assert.deepEqual(arrived(args, doubled), { file: FILE, args });
    });
  }

  it('passes every argument through cmd.exe, the batch file and the program behind it as it is', () => {
    const hostile = fc.constantFrom(...'"\\ \t&|<>^%!()@,;=*?/-a:~1\u00e4', '%a%', '%cd%', '\\"', '""', '^&', '%%', '" & calc "');
    const word = fc.oneof(
      fc.array(hostile, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.string({ unit: 'grapheme' }),
    );
    const args = fc.array(
      word.filter((text) => !/[\r\n\0]/.test(text)),
      { maxLength: 6 },
    );
    const property = fc.property(args, fc.constantFrom<DoubledQuotes>('end', 'stay'), (given, doubled) => {
      assert.deepEqual(arrived(given, doubled), { file: FILE, args: given });
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it('refuses more than a line of cmd.exe holds', () => {
    assert.throws(() => batchCommandLine('C:\\a.cmd', ['a'.repeat(8000), '"'.repeat(200)]), {
      message: 'exec: fork/exec C:\\a.cmd: the arguments are longer than the 8191 characters that cmd.exe takes',
    });
  });

  for (const end of ['\n', '\r', 'a\r\nb']) {
    it(`refuses ${JSON.stringify(end)}, which would end the line, and does not quote it`, () => {
      assert.throws(() => batchCommandLine('C:\\a.cmd', ['fine', `hunter2${end}`]), {
        message: 'exec: fork/exec C:\\a.cmd: an argument has a line break, which cmd.exe cannot pass on',
      });
    });
  }
});
