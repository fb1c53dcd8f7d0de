import assert from 'node:assert/strict';
import fc from 'fast-check';
import { didYouMean, editDistance } from '../../src/text/did-you-mean.ts';

describe('editDistance', () => {
  for (const [from, to, edits] of [
    ['', '', 0],
    ['', 'abc', 3],
    ['list', 'list', 0],
    ['list', 'lits', 1],
    ['list', 'lists', 1],
    ['lst', 'list', 1],
    ['kitten', 'sitting', 3],
  ] as const) {
    it(`is ${edits} from "${from}" to "${to}"`, () => assert.equal(editDistance(from, to), edits));
  }

  it('is the same both ways, and 0 only for the same word', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.equal(editDistance(a, b) === 0, a === b);
      }),
    );
  });
});

describe('didYouMean', () => {
  const words = ['runtimes', 'rbac', 'version', 'completion'];
  for (const [typed, meant] of [
    ['runtims', 'runtimes'],
    ['runtiems', 'runtimes'],
    ['RUNTIMES', 'runtimes'],
    ['rbca', 'rbac'],
    ['vers', 'version'],
    ['ver', 'version'],
    ['ve', undefined],
    ['bogus', undefined],
    ['', undefined],
  ] as const) {
    it(`takes "${typed}" for ${meant ?? 'nothing'}`, () => assert.equal(didYouMean(typed, words), meant));
  }

  it('prefers the earlier of equals', () => assert.equal(didYouMean('lisx', ['lisa', 'lisb']), 'lisa'));

  it('compares no words that are too long for anybody to mean', () => {
    const start = performance.now();
    assert.equal(didYouMean('a'.repeat(20_000), [`${'a'.repeat(19_999)}b`]), undefined);
    assert.ok(performance.now() - start < 1_000);
  });
});
