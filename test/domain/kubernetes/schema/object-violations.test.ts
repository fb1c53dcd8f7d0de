import assert from 'node:assert/strict';
import { objectViolations } from '../../../../src/domain/kubernetes/schema/object-violations.ts';

const SPEC = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 4, pattern: '^[a-z]+$' },
    count: { type: 'integer', minimum: 1, maximum: 3 },
    ratio: { type: 'number', exclusiveMinimum: true, minimum: 0, multipleOf: 0.5 },
    size: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }], pattern: '^[0-9]+Mi$' },
    mode: { type: 'string', enum: ['a', 'b'] },
    on: { type: 'boolean', nullable: true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: { type: 'string' } } },
    freeList: { type: 'array', 'x-kubernetes-preserve-unknown-fields': true, items: { properties: { c: {} } } },
    map: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 2 },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' }, maxItems: 3 },
    keyed: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: { type: 'object', properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } } },
    },
    withDefault: { type: 'object', default: {}, properties: { a: { type: 'integer', default: 1 } } },
    one: { oneOf: [{ required: ['a'] }, { required: ['b'] }], type: 'object', properties: { a: {}, b: {} } },
    not: { type: 'string', not: { enum: ['x'] } },
  },
};
const SCHEMA = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: SPEC,
    status: { type: 'object' },
  },
};

function texts(spec: unknown, metadata: object = { name: 'a' }): readonly string[] {
  return objectViolations({ apiVersion: 'a/v1', kind: 'A', metadata, spec }, SCHEMA).map(({ text }) => text);
}

describe('objectViolations', () => {
  const valid: readonly (readonly [does: string, spec: object])[] = [
    ['all that is allowed', { name: 'abc', count: 1, ratio: 1.5, size: 5, mode: 'b', on: null, map: { a: 'b' }, set: ['a', 'b'] }],
    ['a size as text', { name: 'abc', size: '5Mi' }],
    ['null where null is nothing', { name: 'abc', count: null, mode: null, map: null, withDefault: null }],
    ['anything in a free field', { name: 'abc', free: { a: { b: [1] }, known: 'a' } }],
    ['anything in the items of a free list', { name: 'abc', freeList: [{ a: { b: 1 } }, 1] }],
    ['the same port of another protocol', { name: 'abc', keyed: [{ port: 1 }, { port: 1, protocol: 'UDP' }] }],
    ['one of two', { name: 'abc', one: { a: 1 }, not: 'y' }],
    ['a whole number written with a point', { name: 'abc', count: 2.0 }],
  ];
  for (const [does, spec] of valid) it(`lets pass ${does}`, () => assert.deepEqual(texts(spec), []));

  const refused: readonly (readonly [does: string, spec: unknown, expected: readonly string[]])[] = [
    ['what is missing', {}, ['spec.name: Required value']],
    ['an unknown field', { name: 'abc', b: 1 }, ['unknown field "spec.b"']],
    [
      'a known part of a free field',
      { name: 'abc', free: { known: 1 } },
      ['spec.free.known: Invalid value: "integer": spec.free.known in body must be of type string: "integer"'],
    ],
    [
      'another type',
      { name: 'abc', count: 'x' },
      ['spec.count: Invalid value: "string": spec.count in body must be of type integer: "string"'],
    ],
    [
      'a fraction',
      { name: 'abc', count: 1.5 },
      ['spec.count: Invalid value: "number": spec.count in body must be of type integer: "number"'],
    ],
    [
      'null in a list',
      { name: 'abc', set: [null] },
      ['spec.set[0]: Invalid value: "null": spec.set[0] in body must be of type string: "null"'],
    ],
    ['too little', { name: 'abc', count: 0 }, ['spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1']],
    ['too much', { name: 'abc', count: 4 }, ['spec.count: Invalid value: 4: spec.count in body should be less than or equal to 3']],
    [
      'exactly what it must exceed',
      { name: 'abc', ratio: 0 },
      ['spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0'],
    ],
    ['no multiple', { name: 'abc', ratio: 0.7 }, ['spec.ratio: Invalid value: 0.7: spec.ratio in body should be a multiple of 0.5']],
    ['a long text, and nothing more about it', { name: 'ABCDE' }, ['spec.name: Too long: may not be more than 4 bytes']],
    ['a short text', { name: 'a' }, ['spec.name: Invalid value: "a": spec.name in body should be at least 2 chars long']],
    ['another pattern', { name: 'A1' }, ['spec.name: Invalid value: "A1": spec.name in body should match \'^[a-z]+$\'']],
    ['another word', { name: 'abc', mode: 'c' }, ['spec.mode: Unsupported value: "c": supported values: "a", "b"']],
    ['too many fields', { name: 'abc', map: { a: '', b: '', c: '' } }, ['spec.map: Too many: 3: must have at most 2 items']],
    ['too many items', { name: 'abc', set: ['a', 'b', 'c', 'd'] }, ['spec.set: Too many: 4: must have at most 3 items']],
    ['a value twice, once', { name: 'abc', set: ['a', 'a', 'a'] }, ['spec.set[1]: Duplicate value: "a"']],
    [
      'a key twice, by a default',
      { name: 'abc', keyed: [{ port: 1 }, { port: 1, protocol: 'TCP' }] },
      ['spec.keyed[1]: Duplicate value: {"port":1,"protocol":"TCP"}'],
    ],
    [
      'two of one',
      { name: 'abc', one: { a: 1, b: 1 } },
      ['Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
    ['what it must not be', { name: 'abc', not: 'x' }, ['Invalid value: "": "spec.not" must not validate the schema (not)']],
    ['no object at all', 'x', ['spec: Invalid value: "string": spec in body must be of type object: "string"']],
  ];
  for (const [does, spec, expected] of refused) it(`refuses ${does}`, () => assert.deepEqual(texts(spec), expected));

  const metadata: readonly (readonly [does: string, metadata: object, expected: RegExp])[] = [
    ['no name', {}, /^metadata\.name: Required value: name or generateName is required$/],
    ['a name in upper case', { name: 'A' }, /^metadata\.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of/],
    ['a long name', { name: 'a'.repeat(254) }, /^metadata\.name: Invalid value: "a+": must be no more than 253 bytes$/],
    ['an unknown field', { name: 'a', lables: {} }, /^unknown field "metadata\.lables": did you mean metadata\.labels\?$/],
    [
      'a label that is no text',
      { name: 'a', labels: { a: 1 } },
      /^json: cannot unmarshal number into Go struct field ObjectMeta\.metadata\.labels of type string$/,
    ],
    [
      'a label with a blank',
      { name: 'a', labels: { a: 'b c' } },
      /^metadata\.labels: Invalid value: "b c": a valid label must be an empty string/,
    ],
    [
      'a key with two slashes',
      { name: 'a', annotations: { 'a/b/c': '' } },
      /^metadata\.annotations: Invalid value: "a\/b\/c": a valid label key must consist/,
    ],
    [
      'too many annotations',
      { name: 'a', annotations: { a: 'x'.repeat(262_144) } },
      /^metadata\.annotations: Too long: may not be more than 262144 bytes$/,
    ],
    [
      'an owner without uid',
      { name: 'a', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a' }] },
      /^metadata\.ownerReferences\[0\]\.uid: Required value: must not be empty$/,
    ],
  ];
  for (const [does, given, expected] of metadata) {
    it(`refuses in metadata ${does}`, () => {
      const [first = '', ...more] = texts({ name: 'abc' }, given);
      assert.match(first, expected);
      assert.deepEqual(more, []);
    });
  }

  it('takes the status for nothing', () => {
    assert.deepEqual(objectViolations({ metadata: { name: 'a' }, spec: { name: 'abc' }, status: 1 }, SCHEMA), []);
  });

  it('takes a schema that makes no sense for one that refuses nothing', () => {
    const odd = {
      type: 3,
      properties: [1],
      items: null,
      required: 'x',
      enum: {},
      pattern: '(',
      minimum: 'x',
      anyOf: [null],
      default: undefined,
    };
    assert.deepEqual(objectViolations({ metadata: { name: 'a' }, spec: {} }, { properties: { spec: odd, metadata: {} } }), []);
  });
});
