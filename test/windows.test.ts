import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TEST = fileURLToPath(new URL('./', import.meta.url));

/** Folders whose tests run on Windows too. */
const FOLDERS = ['cluster', 'cli', 'output', 'domain', 'contract'];

/** What only POSIX has, or means that way. */
const POSIX: Readonly<Record<string, RegExp>> = {
  'the path of a URL, which on Windows begins with a slash': /import\.meta\.url\)\.pathname/,
  'a path that only POSIX has': /['"`\s>=]\/(?:bin|dev|etc|home|opt|proc|run|tmp|usr|var)\//,
  'a shell': /['"`](?:ba|da|z)?sh['"`]/,
  'a script that its first line starts': /#!\//,
  'a program that only POSIX has': /['"`](?:chmod|ln|mkfifo|printf|sleep)['"`\s]/,
  'the mode of a file': /Sync\(.*\)\.mode\b/,
  'a command below a folder, which on Windows has a backslash': /\bcommand: ['"`][^'"`]*\//,
  'a link': /\b(?:sym)?linkSync\(/,
  'a signal': /\.kill\((?!\w+, 0\))/,
  'a variable that only POSIX has': /process\.env\.(?:HOME|TMPDIR|USER|PWD)\b/,
  'a list of paths that is put together by colons': /\b(?:PATH|KUBECONFIG|SSL_CERT_DIR)\b[^\n]*?['"`\w}]:['"`\w$/]/,
};

/** Lines that may: by file, what is in them, and why. */
const EXCEPTIONS: readonly (readonly [file: string, text: string, why: string])[] = [
  ['cli/program-name.test.ts', '/kubectl', 'a name that something is called by; nothing is started'],
  ['cluster/kubeconfig/files.test.ts', "'linux')", 'what is done on Linux, wherever the test runs'],
  ['cluster/kubeconfig/kubeconfig-cases.ts', '/opt/login', 'for comparisons with kubectl beside an API server, which has no Windows'],
  ['cluster/kubeconfig/kubeconfig-cases.ts', '/run/token', 'for comparisons with kubectl beside an API server, which has no Windows'],
  ['cluster/kubeconfig/read.test.ts', "execFileSync('mkfifo'", 'what the tests of pipes call, which are skipped'],
  ['cluster/transport/hints.test.ts', '/home/ana/', 'a name in a message; nothing is opened'],
  ['cluster/transport/trace.test.ts', '/home/ana/', 'a name in a message; nothing is opened'],
  ['domain/doctor/failing-pods.test.ts', '/bin/x', 'what a Linux container says'],
  ['domain/doctor/failing-pods.test.ts', '/var/lib/', 'what a Linux container says'],
  ['support/plugin.ts', '#!/bin/sh', 'it writes something else on Windows'],
  ['support/run-cli.ts', '/usr/local/bin/', 'a name that the program is called by'],
  ['support/wire.ts', '/home/ana/', 'a name in a message; nothing is opened'],
];

interface Place {
  readonly file: string;
  readonly line: string;
  readonly what: string;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The blocks around a line, the nearest first: a test, a function, a suite. */
function blocksAround(lines: readonly string[], index: number): readonly string[] {
  const blocks: string[] = [];
  let indent = indentOf(lines[index] ?? '');
  for (let start = index - 1; start >= 0 && indent > 0; start -= 1) {
    const line = lines[start] ?? '';
    if (line.trim() === '' || indentOf(line) >= indent || !/[{([]$/.test(line)) continue;
    indent = indentOf(line);
    const end = lines.findIndex((other, at) => at > start && other.trim() !== '' && indentOf(other) <= indent);
    blocks.push(lines.slice(start, end).join('\n'));
  }
  return blocks;
}

/** A test that skips itself on Windows, or a suite that does so before its first test. */
function isSkipped(block: string): boolean {
  return /^\s*describe\(/.test(block)
    ? /before(?:Each)?\(function \(\) \{\s*skipOnWindows\(/.test(block)
    : block.includes('skipOnWindows(');
}

/** Words of a source that only POSIX has, outside of what is skipped on Windows. */
function findPosix(file: string, source: string): readonly Place[] {
  const lines = source.split('\n');
  return lines.flatMap((line, index) =>
    Object.entries(POSIX)
      .filter(([, pattern]) => pattern.test(line) && !blocksAround(lines, index).some(isSkipped))
      .map(([what]) => ({ file, line: line.trim(), what })),
  );
}

/** The sources of the folders, and what they import from beside them. */
function sources(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (path: string): void => {
    const name = relative(TEST, path).replaceAll(sep, '/');
    if (found.has(name) || name.startsWith('..')) return;
    const source = readFileSync(path, 'utf8');
    found.set(name, source);
    for (const [, imported = ''] of source.matchAll(/ from '(\.[^']+\.ts)'/g)) add(resolve(dirname(path), imported));
  };
  for (const folder of FOLDERS) {
    for (const name of readdirSync(join(TEST, folder), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) add(join(TEST, folder, name));
    }
  }
  return found;
}

function excuses([file, text]: (typeof EXCEPTIONS)[number], place: Place): boolean {
  return file === place.file && place.line.includes(text);
}

describe('tests that run on Windows', () => {
  const places = [...sources()].flatMap(([file, source]) => findPosix(file, source));

  it('name nothing that only POSIX has, but where that is what they test', () => {
    assert.deepEqual(
      places.filter((place) => !EXCEPTIONS.some((exception) => excuses(exception, place))),
      [],
    );
  });

  it('are looked at line by line, but for what skips itself', () => {
    const source = [
      "const MAIN = new URL('main.ts', import.meta.url).pathname;",
      "it('pipes', function () {",
      "  skipOnWindows(this, 'named pipes');",
      "  execFileSync('mkfifo', ['x']);",
      '});',
      "it('shells', () => {",
      "  spawn('sh', ['-c', 'true']);",
      '});',
    ].join('\n');
    assert.deepEqual(
      findPosix('x.test.ts', source).map(({ what }) => what),
      ['the path of a URL, which on Windows begins with a slash', 'a shell'],
    );
  });

  it('have no exception that nothing needs', () => {
    assert.deepEqual(
      EXCEPTIONS.filter((exception) => !places.some((place) => excuses(exception, place))),
      [],
    );
  });
});
