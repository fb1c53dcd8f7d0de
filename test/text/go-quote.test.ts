import assert from 'node:assert/strict';
import { goQuote } from '../../src/text/go-quote.ts';

describe('goQuote', () => {
  it('escapes as Go does, not as JSON does', () => {
    assert.equal(goQuote('ana'), '"ana"');
    assert.equal(goQuote('a"b\\c'), '"a\\"b\\\\c"');
    assert.equal(goQuote('\u0007\b\f\n\r\t\v'), '"\\a\\b\\f\\n\\r\\t\\v"');
    assert.equal(goQuote('\u001b\u0000\u007f'), '"\\x1b\\x00\\x7f"');
    assert.equal(goQuote('\u0085\u00a0\u2028\u200e'), '"\\u0085\\u00a0\\u2028\\u200e"');
    assert.equal(goQuote('\u{e0001}'), '"\\U000e0001"');
    assert.equal(goQuote('é 日本 <&> 😀'), '"é 日本 <&> 😀"');
  });
});
