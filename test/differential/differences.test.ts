import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { allCases } from './all-cases.ts';

const documented = [...readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(
  ([, id = '']) => id,
);
const used = [...new Set(allCases.flatMap(({ differs }) => (differs ? [differs.id] : [])))];

describe('docs/differences.md', () => {
  it('tells of each difference that a case shows, and of no other', () => {
    assert.deepEqual(documented.toSorted(), used.toSorted());
  });

  it('is about cases that are there once', () => {
    const titles = allCases.map(({ section, name }) => `${section} ${name}`);
    assert.deepEqual(
      titles.filter((title, index) => titles.indexOf(title) !== index),
      [],
    );
  });

  it('leaves most rules without a difference', () => {
    assert.ok(allCases.length >= 150);
    assert.ok(allCases.filter(({ differs }) => differs).length * 10 < allCases.length);
  });
});
