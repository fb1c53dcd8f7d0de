import assert from 'node:assert/strict';
import fc from 'fast-check';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { jsonText } from '../../src/output/json.ts';
import { jsonList, withoutManagedFields, yamlList } from '../../src/output/structured.ts';
import { yamlText } from '../../src/output/yaml.ts';

const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe('jsonText', () => {
  it('prints as kubectl does: four blanks, sorted keys, HTML escaped', () => {
    assert.equal(
      jsonText({ b: [1, 'x<y>&'], 10: true, 9: null, a: {}, c: [] }),
      '{\n    "10": true,\n    "9": null,\n    "a": {},\n    "b": [\n        1,\n        "x\\u003cy\\u003e\\u0026"\n    ],\n    "c": []\n}',
    );
  });

  it('leaves out fields without a value', () => {
    assert.equal(jsonText({ a: undefined, b: 1 }), '{\n    "b": 1\n}');
  });

  it('means what it was given, and shows no control character', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = jsonText(value);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
        assert.doesNotMatch(text, UNSAFE);
      }),
    );
  });
});

describe('yamlText', () => {
  it('quotes what YAML 1.1 or 1.2 would take for something else', () => {
    assert.equal(
      yamlText({ b: 'yes', a: '1', c: ['012', '1e3', 'null', '~', ''], d: '{{.Name}}' }),
      'a: "1"\nb: "yes"\nc:\n- "012"\n- "1e3"\n- "null"\n- "~"\n- ""\nd: "{{.Name}}"\n',
    );
    for (const text of ['08_15', '0_8', '1e_5', '0o1_7', '0b-1', '-0_8', '-_1', '+_.4', '-_1e5', '0XE', '5E-_6'])
      assert.equal(yamlText(text), `"${text}"\n`);
    for (const text of ['v1_2', 'a_1', '1.28.0', '0.5-dev']) assert.equal(yamlText(text), `${text}\n`);
  });

  it('means what it was given, and shows no control character', () => {
    const value = fc.dictionary(fc.string({ minLength: 1, unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
    fc.assert(
      fc.property(value, (given) => {
        const plain = JSON.parse(JSON.stringify(given));
        const text = yamlText(plain);
        assert.deepEqual(load(text), plain);
        assert.doesNotMatch(text, UNSAFE);
      }),
    );
  });

  it('reads the same by the rules of YAML 1.1, which kubectl follows', () => {
    const word = fc.constantFrom(
      'yes',
      'No',
      'on',
      'y',
      '0o7',
      '017',
      '0x1f',
      '1_000',
      '12:30:45',
      '2026-01-01',
      '.inf',
      '1.5',
      '=',
      '<<',
      '-',
    );
    fc.assert(
      fc.property(fc.dictionary(word, word), (value) => {
        assert.deepEqual({ ...(load(yamlText(value), { schema: YAML11_SCHEMA }) as object) }, { ...value });
      }),
    );
  });
});

describe('lists', () => {
  const items = [
    { apiVersion: 'v1', kind: 'A', metadata: { name: 'a' } },
    { apiVersion: 'v1', kind: 'A', metadata: { name: 'b' }, spec: { x: ['y'] } },
  ];
  const errors = [{ resource: 'a.b', scope: 'cluster', reason: 'Forbidden', message: 'no', hint: 'ask\n  nicely' }] as const;

  it('are a v1 List in JSON, byte for byte as one text', () => {
    const whole = { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
    assert.equal([...jsonList({ items, errors: [] })].join(''), `${jsonText(whole)}\n`);
    assert.equal([...jsonList({ items: [], errors: [] })].join(''), `${jsonText({ ...whole, items: [] })}\n`);
    assert.equal([...jsonList({ items, errors })].join(''), `${jsonText({ ...whole, errors })}\n`);
  });

  it('are the same List in YAML', async () => {
    const whole = { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
    assert.equal([...(await yamlList({ items, errors: [] }))].join(''), yamlText(whole));
    assert.equal([...(await yamlList({ items: [], errors: [] }))].join(''), yamlText({ ...whole, items: [] }));
    assert.equal([...(await yamlList({ items, errors }))].join(''), yamlText({ ...whole, errors }));
  });

  it('leave out managedFields, and nothing else', () => {
    assert.deepEqual(withoutManagedFields({ metadata: { name: 'a', managedFields: [{}] }, spec: 1 }), { metadata: { name: 'a' }, spec: 1 });
  });
});
