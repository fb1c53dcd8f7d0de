import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { cellsOf } from '../../src/output/cells.ts';
import { createStyle } from '../../src/output/style.ts';
import { type Column, renderTable, type TableOptions, type View } from '../../src/output/table.ts';

type Row = readonly string[];

function column(header: string, index: number, more: Partial<Column<Row>> = {}): Column<Row> {
  return { header, cell: (row) => row[index] ?? '', ...more };
}

async function render(view: View<Row>, rows: readonly Row[], terminalWidth: number, more: Partial<TableOptions> = {}): Promise<string> {
  return [...(await renderTable(view, rows, { headers: true, terminalWidth, ...more }))].join('');
}

const ROWS: readonly Row[] = [
  ['alpha', 'one two three four five', 'x,y,z'],
  ['b', 'six', 'v'],
];
const PLAIN: View<Row> = { columns: [column('NAME', 0), column('TEXT', 1), column('LIST', 2)] };

describe('a table that is wider than its terminal', () => {
  it('first has its columns closer together', async () => {
    assert.equal(
      await render(PLAIN, ROWS, 37),
      'NAME   TEXT                     LIST\nalpha  one two three four five  x,y,z\nb      six                      v\n',
    );
  });

  it('then leaves out what tells nothing, before anything is shortened', async () => {
    const fit = (): string => 'short';
    const view = { columns: [column('NAME', 0), column('TEXT', 1, { fit }), column('LIST', 2, { spare: 'first' })] } as const;
    assert.equal(await render(view, ROWS, 30), 'NAME   TEXT\nalpha  one two three four five\nb      six\n');
    assert.equal(await render(view, ROWS, 20), 'NAME   TEXT\nalpha  short\nb      short\n');
  });

  it('leaves out what can be missed before it gives up lines', async () => {
    const view = { columns: [column('NAME', 0), column('TEXT', 1), column('LIST', 2, { spare: 'last' })] } as const;
    assert.equal(await render(view, ROWS, 30), 'NAME   TEXT\nalpha  one two three four five\nb      six\n');
  });

  it('spreads cells over lines before it leaves out what can be missed', async () => {
    const view = { columns: [column('NAME', 0), column('TEXT', 1, { wraps: true }), column('LIST', 2, { spare: 'last' })] } as const;
    assert.equal(
      await render(view, ROWS, 30),
      'NAME   TEXT              LIST\nalpha  one two three     x,y,z\n       four five\nb      six               v\n',
    );
    assert.equal(await render(view, ROWS, 20), 'NAME   TEXT\nalpha  one two three\n       four five\nb      six\n');
  });

  it('then spreads cells that may wrap over lines, between words', async () => {
    const view = { columns: [column('NAME', 0), column('TEXT', 1, { wraps: true }), column('LIST', 2)] };
    assert.equal(
      await render(view, ROWS, 30),
      'NAME   TEXT              LIST\nalpha  one two three     x,y,z\n       four five\nb      six               v\n',
    );
  });

  it('takes the columns that say the same in less room', async () => {
    const narrow = [column('NAME', 0), column('LIST', 2, { wraps: true })];
    assert.equal(await render({ ...PLAIN, narrow }, ROWS, 20), 'NAME   LIST\nalpha  x,y,z\nb      v\n');
  });

  it('else is records, of which nothing is missing', async () => {
    const view = { columns: [column('NAME', 0), column('TEXT', 1), column('LIST', 2, { spare: 'first' })] } as const;
    assert.equal(
      await render(view, ROWS, 20),
      'NAME   alpha\nTEXT   one two three\n       four five\nLIST   x,y,z\n\nNAME   b\nTEXT   six\nLIST   v\n',
    );
  });

  it('marks every line of a cell', async () => {
    const view = { columns: [column('NAME', 0, { tone: () => 'bad' as const }), column('TEXT', 1)] };
    const style = createStyle(true);
    for (const width of [12, 15, 25]) {
      const marked = await render(view, [['red and red', 'x'.repeat(12)]], width, { style });
      assert.equal(stripVTControlCharacters(marked), await render(view, [['red and red', 'x'.repeat(12)]], width));
      assert.equal([...marked.matchAll(/\u001b\[31m[a-z ]+\u001b\[39m/g)].length >= 1, true);
    }
  });

  it('begins no line with what the keeper of a log takes for a command', async () => {
    const part = fc.constantFrom('::', '::error::', '##', '##vso[', '[', 'a', ',', ' ', '   ');
    const cell = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    const wrapping = [column('A', 0, { wraps: true }), column('B', 1, { wraps: true })];
    await fc.assert(
      fc.asyncProperty(fc.tuple(cell, cell), fc.integer({ min: 4, max: 60 }), async (row, width) => {
        const text = await render({ columns: wrapping }, [row], width);
        assert.doesNotMatch(text, /^\s*::|##\w*\[/m);
      }),
      { numRuns: 300 },
    );
  });

  it('never has a line that is wider, and loses nothing but what may be spared', async () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', '7', '漢', 'é', '-'), minLength: 1, maxLength: 4 });
    const cell = fc.oneof(
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(',')),
    );
    const row = fc.tuple(word, cell, cell, cell);
    const plain = [column('A', 0), column('BB', 1), column('C', 2), column('D', 3)];
    const wrapping = plain.map((one) => ({ ...one, wraps: true }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 16, max: 120 }),
        fc.boolean(),
        async (rows, width, wraps) => {
          const text = await render({ columns: wraps ? wrapping : plain }, rows, width);
          for (const line of text.split('\n')) assert.equal(cellsOf(line) <= width, true, JSON.stringify([width, line]));
          const characters = (shown: string): string => [...shown.replace(/[\sABCD]/g, '')].sort().join('');
          assert.equal(characters(text), characters(rows.flat().join('')));
        },
      ),
      { numRuns: 60 },
    );
  });
});
