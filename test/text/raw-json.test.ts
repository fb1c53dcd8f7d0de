import assert from 'node:assert/strict';
import { parseExactly, rawNumber } from '../../src/text/raw-json.ts';

describe('raw-json', () => {
  it('keeps the digits of integers of 64 bits that JavaScript cannot hold', () => {
    const text = '{"a":[9007199254740993,-9223372036854775808,9223372036854775807],"b":{"c":9007199254740993}}';
    const parsed = parseExactly(text);
    assert.equal(JSON.stringify(parsed), text);
    assert.deepEqual((parsed as { a: unknown[] }).a.map(rawNumber), ['9007199254740993', '-9223372036854775808', '9223372036854775807']);
  });

  it('has plain numbers for all others, as Kubernetes has', () => {
    const text = '[1,-0,9007199254740991,1e20,9223372036854775808,1234567890123456.5,"9007199254740993"]';
    assert.deepEqual(parseExactly(text), JSON.parse(text));
    assert.deepEqual([1, '9007199254740993', null, {}, { rawJSON: '1' }].map(rawNumber), Array(5).fill(undefined));
  });

  it('refuses what is no JSON', () => {
    assert.throws(() => parseExactly('{"a":9007199254740993,}'), SyntaxError);
  });
});
