import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const ENGLISH = read('README.md');
const CHINESE = read('README.zh-CN.md');
/** Each README links to the other one, and only to that. */
const EACH_OTHER = /^README(\.zh-CN)?\.md$/;

describe('README.zh-CN.md says what README.md says', () => {
  it('under the same headings', () => {
    const levels = (text: string) => matches(text, /^(#+) /gm);
    assert.deepEqual(levels(CHINESE), levels(ENGLISH));
  });

  it('with the same commands and outputs, byte for byte', () => {
    const blocks = (text: string) => text.match(/(?:^ {4}.*\n(?:\n(?= {4}))?)+/gm) ?? [];
    assert.ok(blocks(ENGLISH).length > 4);
    assert.deepEqual(blocks(CHINESE), blocks(ENGLISH));
  });

  it('with the same commands in sentences and tables', () => {
    const spans = (text: string) => matches(text.replace(/^ {4}.*$/gm, ''), /`([^`]+)`/g).toSorted();
    assert.ok(spans(ENGLISH).length > 40);
    assert.deepEqual(spans(CHINESE), spans(ENGLISH));
  });

  it('with the same rows in each table', () => {
    const cells = (text: string) => (text.match(/^\|.*\|$/gm) ?? []).map((row) => row.split('|').length);
    assert.deepEqual(cells(CHINESE), cells(ENGLISH));
  });

  it('with the same links and pictures', () => {
    const targets = (text: string) => matches(text, /\]\(([^)]+)\)/g).filter((target) => !EACH_OTHER.test(target));
    assert.deepEqual(targets(CHINESE).toSorted(), targets(ENGLISH).toSorted());
  });
});

function read(name: string): string {
  return readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
}

/** What the first group of a pattern finds. */
function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}
