import assert from 'node:assert/strict';
import { parseCommandLine } from '../../../src/cli/parse/parse.ts';
import { sampleCatalogue } from '../sample.ts';

const catalogue = sampleCatalogue();

function parse(line: string | readonly string[]) {
  return parseCommandLine(typeof line === 'string' ? line.split(' ') : line, catalogue);
}

/** The values that differ from those of a bare `runtimes list`. */
function given(line: string | readonly string[]): Record<string, unknown> {
  const plain = parse('runtimes list');
  const invocation = parse(line);
  assert.equal(plain.kind, 'run');
  assert.equal(invocation.kind, 'run', JSON.stringify(invocation));
  if (plain.kind !== 'run' || invocation.kind !== 'run') throw new Error('unreachable');
  const changed = Object.entries(invocation.values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(plain.values[name]));
  return { ...Object.fromEntries(changed), ...(invocation.words.length > 0 ? { words: invocation.words } : {}) };
}

describe('parseCommandLine', () => {
  const spellings: readonly [string | readonly string[], Record<string, unknown>][] = [
    ['runtimes list', {}],
    ['runtimes list -ojson', { output: 'json' }],
    ['runtimes list -o json', { output: 'json' }],
    ['runtimes list -o=json', { output: 'json' }],
    ['runtimes list --output json', { output: 'json' }],
    ['runtimes list --output=json', { output: 'json' }],
    ['runtimes list -ojson --output=name', { output: 'name' }],
    ['runtimes list --output=name -oyaml', { output: 'yaml' }],
    ['runtimes list -Aojson', { allNamespaces: true, output: 'json' }],
    ['runtimes list -wojson', { watch: true, output: 'json' }],
    ['runtimes list -wAo json', { watch: true, allNamespaces: true, output: 'json' }],
    ['runtimes list -nteam', { namespace: 'team' }],
    ['runtimes list -n=team', { namespace: 'team' }],
    ['runtimes list -n --context', { namespace: '--context' }],
    ['runtimes list -n -A', { namespace: '-A' }],
    ['runtimes list -n --', { namespace: '--' }],
    ['runtimes list -n a -n b', { namespace: 'b' }],
    [['runtimes', 'list', '-n', 'a', '-n', ''], {}],
    [['runtimes', 'list', '--context', '', '-o', '', '-l', '', '-L', '', '--kuberc='], {}],
    ['runtimes list --no-headers', { noHeaders: true }],
    ['runtimes list --no-headers=false', {}],
    ['runtimes list --no-headers=F', {}],
    ['runtimes list --no_headers=1', { noHeaders: true }],
    ['runtimes list --all_namespaces', { allNamespaces: true }],
    ['runtimes list -A=false', {}],
    ['runtimes list -A -A=false', {}],
    ['runtimes list -A=t', { allNamespaces: true }],
    ['runtimes list --watch false', { watch: true, words: ['false'] }],
    ['runtimes list -L a -L b,c', { labelColumns: ['a', 'b', 'c'] }],
    ['runtimes list -La,,b', { labelColumns: ['a', 'b'] }],
    ['runtimes list --as-group g1 x --as-group=a,b', { asGroup: ['g1', 'a,b'], words: ['x'] }],
    ['runtimes list --as-user-extra a=b=c', { asUserExtra: ['a=b=c'] }],
    ['runtimes list --chunk-size=0', { chunkSize: 0 }],
    ['runtimes list --chunk-size +7', { chunkSize: 7 }],
    ['runtimes list -v8', { v: 8 }],
    ['runtimes list -v=6', { v: 6 }],
    ['runtimes list --v 9', { v: 9 }],
    ['runtimes list 123 0x10 true', { words: ['123', '0x10', 'true'] }],
    ['runtimes list -- -A --bogus', { words: ['-A', '--bogus'] }],
    ['runtimes list -', { words: ['-'] }],
    ['runtimes list --server=https://h:1/a=b', { server: 'https://h:1/a=b' }],
    [['runtimes', 'list', '-l', 'a in (x, y)'], { selector: 'a in (x, y)' }],
    [['runtimes', 'list', '-l', 'a\nb'], { selector: 'a\nb' }],
    [['runtimes', 'list', '--token="q"'], { token: '"q"' }],
    [
      'runtimes list --kuberc f --profile=cpu --match-server-version --vmodule x --log-flush-frequency 5s --profile-output=p',
      {
        kuberc: 'f',
        profile: 'cpu',
        matchServerVersion: true,
        vmodule: 'x',
        logFlushFrequency: '5s',
        profileOutput: 'p',
      },
    ],
    ['-n team runtimes -A list', { namespace: 'team', allNamespaces: true }],
    ['runtime get', {}],
    ['rt ls', {}],
    ['-n list runtimes list x', { namespace: 'list', words: ['x'] }],
  ];
  for (const [line, expected] of spellings) {
    it(`reads ${JSON.stringify(line)}`, () => assert.deepEqual(given(line), expected));
  }

  it('gives every option a value by its type', () => {
    const invocation = parse('runtimes list');
    assert.ok(invocation.kind === 'run');
    const { chunkSize, scope, labelColumns, output, watch, namespace, asGroup, color } = invocation.values;
    assert.deepEqual(
      { chunkSize, scope, labelColumns, output, watch, namespace, asGroup, color },
      {
        chunkSize: 500,
        scope: 'all',
        labelColumns: [],
        output: undefined,
        watch: false,
        namespace: undefined,
        asGroup: [],
        color: 'auto',
      },
    );
    assert.equal('_' in invocation.values, false);
  });

  it('asks for help on stdout at every level', () => {
    for (const [line, path] of [
      ['', []],
      ['-h', []],
      ['help', []],
      ['runtimes --help', ['runtimes']],
      ['-h rt', ['runtimes']],
      ['help rt get', ['runtimes', 'list']],
      ['runtimes list x y -Ah', ['runtimes', 'list']],
      ['rbac check -h', ['rbac', 'check']],
    ] as const) {
      const invocation = parse(line.split(' ').filter((word) => word !== ''));
      assert.deepEqual(invocation.kind === 'print' && [invocation.place.path, invocation.exitCode], [path, 0], line);
    }
  });

  it('asks for help on stderr for a bare noun', () => {
    const invocation = parse('runtimes');
    assert.deepEqual(invocation.kind === 'print' && [invocation.place.path, invocation.exitCode], [['runtimes'], 2]);
  });

  it('takes --help=false for no help, and a value for a value', () => {
    assert.equal(parse('runtimes list --help=false').kind, 'run');
    assert.deepEqual(given('runtimes list -n -h'), { namespace: '-h' });
    assert.deepEqual(given('runtimes list -- -h'), { words: ['-h'] });
  });
});
