import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as yaml from 'js-yaml';
import { jsonOutline } from '../../src/documents/json-text.ts';
import { toOutline } from '../../src/documents/outline.ts';

describe('jsonOutline', () => {
  it('is the outline that the YAML library gives', () => {
    const texts = fc.tuple(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'));
    fc.assert(
      fc.property(texts, ([value, indent]) => {
        // What YAML allows in a line that begins a document is not the same as in JSON: the outline is asked for objects only.
        const text = JSON.stringify({ a: value, 'b c': [value, ''] }, undefined, indent);
        const outline = jsonOutline(text);
        const wanted = toOutline(yaml.parseEvents(text, {}), text, yaml);
        if (outline === undefined) assert.fail(text);
        assert.deepEqual(Array.from(outline.kinds), Array.from(wanted.kinds));
        const isPop = (index: number) => outline.kinds[index] === 6 || outline.kinds[index] === 1;
        for (const [index, start] of outline.starts.entries()) if (!isPop(index)) assert.equal(start, wanted.starts[index], text);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves keys that stand twice, and what is too deep, to the library', () => {
    assert.equal(jsonOutline('{"a":{"b":1,"b":2}}'), undefined);
    assert.notEqual(jsonOutline('{"a":{"b":1},"b":{"b":"b"}}'), undefined);
    assert.equal(jsonOutline(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`), undefined);
  });
});
