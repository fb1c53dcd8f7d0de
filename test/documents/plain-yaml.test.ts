import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePlainYaml } from '../../src/documents/plain-yaml.ts';
import { parseYaml } from '../../src/documents/yaml.ts';

const KEYS = ['name', 'user', 'server', 'exec', 'args', 'certificate-authority-data', 'constructor', 'toString', 'on', 'Y', 'null'];

/** Scalars as they may stand in a text; some are numbers or constants, some no scalars at all. */
const SCALARS = [
  ...[
    'admin',
    'https://127.0.0.1:6443',
    'system:serviceaccount:ml:app',
    'LS0tLS1CRUdJTi==',
    'eyJhbGciOi.J9-_x',
    'sha256~ab',
    '/etc/ca.crt',
  ],
  ...[
    '598cb482ec12c04c',
    '0x1F',
    '0b101',
    '0o17',
    '017',
    '08',
    '1e3',
    '1.5',
    '1_000',
    '12:30',
    '2001-01-01',
    '1.2.3.4',
    '0',
    '-1',
    '--region',
  ],
  ...['true', 'True', 'false', 'null', 'Null', '~', 'yes', 'no', 'on', 'OFF', 'y', 'N', '.inf', '.NaN', 'nan', '=', '<<'],
  ...[
    '{}',
    '[]',
    '{a: b}',
    '""',
    "''",
    '"a b: c"',
    "'it is'",
    '"a\\tb"',
    "'it''s'",
    '"open',
    'a b',
    'a: b',
    'a #b',
    'a#b',
    'a:',
    '&a',
    '*a',
    '!!str 1',
  ],
  ...['|', '>-', '- a', '-', '@a', '`a', '%a', ',a', '?a', ': a', 'ä'],
];

/** So many of them come first that are plain. */
const PLAIN = 8;

interface Style {
  readonly step: number;
  /** Whether sequences stand further in than their key. */
  readonly deep: boolean;
}

type Tree = string | readonly Tree[] | ReadonlyMap<string, Tree>;

const key = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...KEYS.slice(0, PLAIN)) },
  { weight: 1, arbitrary: fc.constantFrom(...KEYS) },
);

const tree = fc.letrec<{ tree: Tree; mapping: Tree; sequence: Tree; scalar: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, tie('scalar'), tie('mapping'), tie('sequence')),
  // Mostly those that are plain: one that is not leaves the whole text to the library.
  scalar: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...SCALARS.slice(0, PLAIN)) },
    { weight: 1, arbitrary: fc.constantFrom(...SCALARS) },
  ),
  sequence: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
  mapping: fc.array(fc.tuple(key, tie('tree')), { minLength: 1, maxLength: 4 }).map((entries) => new Map(entries)),
})).mapping;

function lines(value: Tree, style: Style): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Map) return [...value].flatMap(([key, below]) => entry(key, below as Tree, style));
  return (value as readonly Tree[]).flatMap((item) => lines(item, style).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`));
}

function entry(key: string, below: Tree, style: Style): readonly string[] {
  if (typeof below === 'string') return [`${key}: ${below}`];
  const indent = below instanceof Map || style.deep ? ' '.repeat(style.step) : '';
  return [`${key}:`, ...lines(below, style).map((line) => `${indent}${line}`)];
}

const style = fc.record({ step: fc.constantFrom(1, 2, 4), deep: fc.boolean() });
const edit = fc.record({
  at: fc.nat(),
  cut: fc.nat({ max: 3 }),
  text: fc.constantFrom(
    '',
    ' ',
    '  ',
    '\n',
    '- ',
    ':',
    ': ',
    '#',
    ' #',
    "'",
    '"',
    '\\',
    '&',
    '*',
    '!',
    '|',
    '>',
    '~',
    '{',
    ']',
    ',',
    '\t',
    '\r',
    '---\n',
    'ä',
    '0',
    'e',
  ),
});

function edited(text: string, { at, cut, text: insert }: { at: number; cut: number; text: string }): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + insert + text.slice(place + cut);
}

describe('parsePlainYaml', () => {
  it('reads what kubectl writes', () => {
    const text = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTi==
    server: https://[::1]:6443
  name: kind
contexts: []
preferences: {}
users:
- name: "a b"
  user:
    exec:
      args:
      - --region
      - eu-west-1
      env: null
      provideClusterInfo: false
    token: 598cb482ec12c04c5dc06551ed501b79
`;
    // An address in brackets has a meaning in YAML.
    assert.equal(parsePlainYaml(text), undefined);
    assert.deepEqual(parsePlainYaml(text.replace('[::1]', 'host')), {
      apiVersion: 'v1',
      clusters: [{ cluster: { 'certificate-authority-data': 'LS0tLS1CRUdJTi==', server: 'https://host:6443' }, name: 'kind' }],
      contexts: [],
      preferences: {},
      users: [
        {
          name: 'a b',
          user: {
            exec: { args: ['--region', 'eu-west-1'], env: null, provideClusterInfo: false },
            token: '598cb482ec12c04c5dc06551ed501b79',
          },
        },
      ],
    });
  });

  for (const text of [
    '',
    '\n',
    'a',
    '- a',
    'a: 1',
    'a:',
    'a: b\n\n',
    'a: b # c',
    'a: b\na: c',
    '---\na: b',
    'a: &x b',
    'a:\n  b: c\n d: e',
    'a:\tb',
    'a: ä',
  ]) {
    it(`leaves ${JSON.stringify(text)} to the library`, () => assert.equal(parsePlainYaml(text), undefined));
  }

  it('does not go deeper than the stack', () => {
    const deep = Array.from({ length: 50_000 }, (_, depth) => `${' '.repeat(Math.min(depth, 200))}a:`).join('\n');
    assert.equal(parsePlainYaml(deep), undefined);
  });

  it('reads nothing otherwise than the library', async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(tree, style, fc.array(edit, { maxLength: 2 }), async (value, drawn, edits) => {
        const text = edits.reduce(edited, `${lines(value, drawn).join('\n')}\n`);
        const plain = parsePlainYaml(text);
        if (plain === undefined) return;
        read += 1;
        assert.deepEqual(plain, await parseYaml(text));
      }),
      { numRuns: 20_000 },
    );
    assert.ok(read > 1_000, `only ${read} texts were plain`);
  });
});
