import assert from 'node:assert/strict';
import { formatYaml, parseDocument } from '../../src/documents/yaml.ts';

describe('parseDocument', () => {
  const quoted: readonly [string, string][] = [
    ['password: *S3CR3T', 'yaml: line 1: unidentified alias'],
    ['a: 1\npassword: !S3CR3T x', 'yaml: line 2: unknown scalar tag'],
    ['password: !<S3CR3T> x', 'yaml: line 1: unknown scalar tag'],
    ['password: !S3CR3T!x y', 'yaml: line 1: undeclared tag handle'],
    ['password: !!int S3CR3T', 'yaml: line 1: cannot resolve a node'],
    ['password: !S3{CR3T x', 'yaml: line 1: tag suffix cannot contain flow indicator characters'],
  ];
  for (const [text, message] of quoted) {
    it(`does not repeat ${JSON.stringify(text)}`, () => assert.rejects(parseDocument(text), { name: 'DecodeError', message }));
  }

  it('reads back what formatYaml writes, and quotes what kubectl would take for a number', async () => {
    const value = { contexts: [{ name: '08_15' }, { name: '0_8' }, { name: '1e_5' }] };
    const text = await formatYaml(value);
    assert.deepEqual([await parseDocument(text), text.match(/name: .*/g)], [value, ['name: "08_15"', 'name: "0_8"', 'name: "1e_5"']]);
  });

  it('reads aliases', async () => {
    assert.deepEqual(await parseDocument('a: &x [1]\nb: [*x, *x]'), { a: [1], b: [[1], [1]] });
  });

  it('refuses aliases that multiply', async () => {
    const lines = Array.from({ length: 9 }, (_, level) => `x${level + 1}: &x${level + 1} [${`*x${level},`.repeat(10)}]`);
    await assert.rejects(parseDocument(['x0: &x0 [a]', ...lines].join('\n')), { message: 'yaml: document contains excessive aliasing' });
  });

  it('refuses an alias in itself', async () => {
    await assert.rejects(parseDocument('a: &x [*x]'), { name: 'DecodeError' });
  });
});
