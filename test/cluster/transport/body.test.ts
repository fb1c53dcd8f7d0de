import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LIMITS } from '../../../src/cluster/limits.ts';
import { excessOf, parseJson } from '../../../src/cluster/transport/body.ts';

const deep = (levels: number, inner = '') => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;
const problem = (text: string) => excessOf(text)?.message;

describe('bounds of a JSON answer', () => {
  const { jsonDepth, jsonValues } = LIMITS;
  const tooDeep = `the server's response nests deeper than ${jsonDepth} levels`;
  const tooMany = `the server's response has more than ${jsonValues} values`;

  it('are reached exactly', () => {
    assert.equal(problem(deep(jsonDepth)), undefined);
    assert.equal(problem(deep(jsonDepth + 1)), tooDeep);
    assert.equal(problem(`{"a":${deep(jsonDepth - 1)},"b":${deep(jsonDepth - 1)}}`), undefined);
    assert.equal(problem(`{"a":[],"b":${deep(jsonDepth)}}`), tooDeep);
  });

  it('count values where there are hardly any brackets', () => {
    assert.equal(problem(`[${'0,'.repeat(jsonValues - 1)}0]`), undefined);
    assert.equal(problem(`[${'0,'.repeat(jsonValues)}0]`), tooMany);
  });

  it('leave strings out, whatever is in them', () => {
    const brackets = '[{'.repeat(jsonDepth);
    for (const text of [brackets, `\\"${brackets}`, `\\\\\\"${brackets}`]) assert.equal(problem(`["${text}"]`), undefined);
    assert.equal(problem(`["\\\\",${deep(jsonDepth)}]`), tooDeep);
  });

  it('are those of the value', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: jsonDepth - 8, max: jsonDepth }), (value, around) => {
        const text = deep(around, JSON.stringify(value));
        assert.equal(problem(text) !== undefined, around + depthOf(value) > jsonDepth);
      }),
    );
  });

  it('are what parsing stops at', () => {
    assert.throws(() => parseJson(Buffer.from(deep(jsonDepth + 1))), { message: tooDeep });
    assert.deepEqual(parseJson(Buffer.from('{"a":[1]}')), { a: [1] });
  });
});
