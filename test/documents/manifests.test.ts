import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ManifestRequest, readManifests } from '../../src/documents/manifests.ts';

describe('readManifests', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  const read = (paths: readonly string[], more: Partial<ManifestRequest> = {}, stdin = '') =>
    readManifests(
      { paths, recursive: false, wants: () => true, ...more },
      {
        streams: { in: { isTTY: false, readAll: async () => Buffer.from(stdin), lines: async function* () {} } },
        signal: new AbortController().signal,
      },
    );
  const names = async (...given: Parameters<typeof read>) => (await read(...given)).manifests.map(({ object }) => object.metadata.name);
  const fails = async (path: string, message: string, stdin = '') =>
    assert.rejects(read([path], {}, stdin), { name: 'InputError', exitCode: 2, message: message.replaceAll('FILE', path) });

  it('reads several documents, and says where each object and each field is', async () => {
    const path = file(
      'a.yaml',
      '# first\n---\nkind: A\nmetadata:\n  name: one\n---\n\nkind: B\nspec:\n  list:\n  - x: 1\n    "y": 2\n  - *\n'.replace('  - *\n', ''),
    );
    const { manifests } = await read([path]);
    assert.deepEqual(
      manifests.map(({ object, source }) => [object.kind, source]),
      [
        ['A', { file: path, line: 3, column: 1 }],
        ['B', { file: path, line: 8, column: 1 }],
      ],
    );
    const place = (at: readonly (string | number)[]) => {
      const { line, column } = manifests[1]?.placeOf(at) ?? {};
      return [line, column];
    };
    assert.deepEqual(place(['spec', 'list', 0, 'y']), [12, 5]);
    assert.deepEqual(place(['spec', 'list', 0]), [11, 5]);
    assert.deepEqual(place(['spec', 'list', 3, 'y']), [10, 3]);
    assert.deepEqual(place(['status', 'x']), [8, 1]);
  });

  it('opens Lists, typed lists and Templates, each item with its place', async () => {
    const list = file(
      'list.json',
      '{"kind":"List","items":[\n{"kind":"A","metadata":{"name":"a"}},\n {"kind":"Template","objects":[{"kind":"B","metadata":{"name":"b"}}]}]}',
    );
    const { manifests } = await read([list]);
    assert.deepEqual(
      manifests.map(({ object, source: { line, column } }) => [object.kind, line, column]),
      [
        ['A', 2, 1],
        ['B', 3, 32],
      ],
    );
    const typed = file('typed.json', '{"kind":"AList","apiVersion":"g/v1","items":[{"metadata":{"name":"x"}}]}');
    assert.deepEqual((await read([typed])).manifests[0]?.object, { apiVersion: 'g/v1', kind: 'A', metadata: { name: 'x' } });
  });

  it('reads JSON objects that follow each other, as jq writes them', async () => {
    const text = '{"kind":"A","metadata":{"name":"}{\\""}}\n{"kind":"A",\n "metadata":{"name":"b"}}\n';
    assert.deepEqual(await names(['-'], {}, text), ['}{"', 'b']);
    const { manifests } = await read(['-'], {}, text);
    assert.deepEqual(manifests[1]?.placeOf(['metadata', 'name']), { file: '<stdin>', line: 3, column: 14 });
    await fails('-', '<stdin>:2:14: duplicated mapping key', '{"kind":"A"}\n{"kind":"A","kind":"B"}');
  });

  it('reads a byte order mark, CRLF and YAML 1.1', async () => {
    const path = file('bom.yaml', '\uFEFFkind: A\r\nmetadata:\r\n  name: x\r\nspec: {on: yes, i: 0o17, t: 12:30}\r\n');
    const [manifest] = (await read([path])).manifests;
    assert.deepEqual(manifest?.object, { kind: 'A', metadata: { name: 'x' }, spec: { true: true, i: 15, t: '12:30' } });
    assert.deepEqual(manifest?.placeOf(['spec', 'i']), { file: path, line: 4, column: 17 });
  });

  it('takes the YAML and JSON files of a folder in order, with -R those below', async () => {
    for (const name of ['d/b.yml', 'd/a.yaml', 'd/c.json', 'd/deep/d.yaml']) file(name, `{kind: A, metadata: {name: ${name}}}`);
    file('d/notes.txt', 'not: read: at: all');
    file('d/values.yaml', 'image: x');
    symlinkSync('a.yaml', join(folder, 'd/z.yaml'));
    assert.deepEqual(await names([join(folder, 'd')]), ['d/a.yaml', 'd/b.yml', 'd/c.json', 'd/a.yaml']);
    assert.deepEqual(await names([join(folder, 'd')], { recursive: true }), [
      'd/a.yaml',
      'd/b.yml',
      'd/c.json',
      'd/deep/d.yaml',
      'd/a.yaml',
    ]);
    assert.equal((await read([join(folder, 'd')])).skipped, 1);
  });

  it('counts what is not wanted, and reads a path once', async () => {
    const path = file('kinds.yaml', 'kind: A\n---\nkind: B\n---\n---\nkind: B\n');
    const { manifests, skipped } = await read([path, path], { wants: ({ kind }) => kind === 'A' });
    assert.deepEqual([manifests.length, skipped], [1, 2]);
  });

  describe('refuses, with the place', () => {
    const cases: readonly (readonly [what: string, text: string, message: string])[] = [
      ['tabs', 'kind: A\nspec:\n\tx: 1\n', 'FILE:3:1: tab characters must not be used in indentation'],
      ['duplicate keys', 'kind: A\nmetadata:\n  name: x\n  name: y\n', 'FILE:4:3: duplicated mapping key'],
      ['deep nesting', `kind: A\nspec: ${'['.repeat(1000)}`, 'FILE:2:106: nesting exceeded maxDepth (100)'],
      ['no kind', 'a: 1\n', 'FILE:1:1: this object has no "kind"'],
      ['text', '\nhello\n', 'FILE:2:1: this is not an object with a "kind"'],
      ['an item that is no object', 'kind: List\nitems:\n- kind: A\n- 3\n', 'FILE:4:3: this is not an object with a "kind"'],
      ['an unknown alias', 'kind: A\nspec: *x\n', 'FILE:2:8: unidentified alias'],
      ['an alias in itself', 'kind: A\nspec: &x [*x]\n', 'FILE:2:11: aliases make too much of it'],
      ['control characters', 'kind: A\nspec: \x07\n', 'FILE:2:7: the stream contains non-printable characters'],
      [
        'a template of Helm',
        'kind: A\nmetadata:\n  name: {{ .Values.name }}\n',
        'FILE:3:9: it looks like a Helm template: render it first, as with `helm template`',
      ],
      [
        'a template of Helm around lines',
        'kind: A\n{{- if .Values.x }}\nmetadata:\n  name: x\n{{- end }}\n',
        'FILE:2:1: it looks like a Helm template: render it first, as with `helm template`',
      ],
      [
        'a merge conflict',
        'kind: A\n<<<<<<< HEAD\nspec: 1\n=======\nspec: 2\n>>>>>>> main\n',
        'FILE:2:1: it has merge conflict markers: resolve the conflict first',
      ],
      [
        'an open bracket',
        'kind: A\nspec: [1, 2\nmetadata: {}\n',
        'FILE:3:1: deficient indentation: a bracket or quote before it may not be closed',
      ],
      ['another fault beside braces in text', 'kind: A\nx: "{{ a }}"\nspec: *x\n', 'FILE:3:8: unidentified alias'],
    ];
    for (const [what, text, message] of cases) {
      it(what, () => fails(file('wrong.yaml', text), message));
    }

    it('aliases that multiply', () => {
      const lines = Array.from({ length: 9 }, (_, level) => `x${level + 1}: &x${level + 1} [${`*x${level},`.repeat(10)}]`);
      return fails(file('bomb.yaml', ['kind: A', 'x0: &x0 [a]', ...lines].join('\n')), 'FILE:3:10: aliases make too much of it');
    });

    it('what is no UTF-8', async () => {
      await fails(file('latin.yaml', Buffer.from('kind: A\nspec: \xfc\n', 'latin1')), 'FILE:2:7: it is not UTF-8');
      await fails(file('utf16.yaml', Buffer.from('\uFEFFkind: A\n', 'utf16le')), 'FILE: it is UTF-16; save it as UTF-8');
    });

    it('files that are too large, or hold too many values', async () => {
      await fails(file('large.yaml', Buffer.alloc(33 * 1024 * 1024, 'a')), 'FILE: larger than 32 MiB, the most that is read of a file');
      await fails(
        file('many.json', `{"kind":"A","x":[${'[],'.repeat(2_000_000)}[]]}`),
        'FILE:1:1: it holds too many values to be a manifest',
      );
    });
  });

  it('refuses what is no file', async () => {
    await fails(join(folder, 'none.yaml'), 'open FILE: no such file or directory');
    await fails('https://example.com/x.yaml', 'FILE: URLs are not fetched; download it and give the file, or pipe it to -f -');
  });

  it('refuses a file that it may not read', async function () {
    // Root may read anything.
    if (process.platform === 'win32' || process.getuid?.() === 0) return this.skip();
    const path = file('secret.yaml', 'kind: A');
    chmodSync(path, 0);
    await fails(path, 'open FILE: permission denied');
  });

  it('refuses a pipe in a folder', async function () {
    if (process.platform === 'win32') this.skip();
    mkdirSync(join(folder, 'pipes'));
    const pipe = join(folder, 'pipes/x.yaml');
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(read([join(folder, 'pipes')]), { name: 'InputError', message: `open ${pipe}: is a pipe` });
  });

  it('reads a pipe that is written late and slowly, and gives up one that nobody writes', async function () {
    if (process.platform === 'win32') this.skip();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', [
      '-c',
      `sleep 0.2; exec >${pipe}; sleep 0.2; printf 'kind: A\\n'; sleep 0.2; printf 'metadata: {name: x}\\n'`,
    ]);
    const ended = once(writer, 'exit');
    assert.deepEqual(await names([pipe]), ['x']);
    await ended;
    await fails(pipe, 'open FILE: nothing comes through the pipe');
  });

  it('reads a folder of 5,000 files', async function () {
    this.timeout(60_000);
    for (let index = 0; index < 5000; index++) file(`many/${index}.yaml`, `kind: A\nmetadata:\n  name: "${index}"\n`);
    assert.equal((await names([join(folder, 'many')])).length, 5000);
  });
});
