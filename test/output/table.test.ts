import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { DRAWN } from '../../src/output/drawn-table.ts';
import { createStyle } from '../../src/output/style.ts';
import { renderTable, type View } from '../../src/output/table.ts';

const PAIR: View<readonly string[]> = {
  columns: [
    { header: 'NAME', cell: (row) => row[0] ?? '' },
    { header: 'VALUE', cell: (row) => row[1] ?? '' },
  ],
};

async function render(rows: readonly (readonly string[])[], options: Partial<Parameters<typeof renderTable>[2]> = {}): Promise<string> {
  return [...(await renderTable(PAIR, rows, { headers: true, ...options }))].join('');
}

describe('renderTable', () => {
  it('separates columns by three blanks, and leaves none at the end', async () => {
    assert.equal(
      await render([
        ['a-long-name', 'x'],
        ['b', ''],
      ]),
      'NAME          VALUE\na-long-name   x\nb\n',
    );
  });

  it('makes no column narrower than six, as kubectl', async () => {
    assert.equal(await render([['a', 'x']], { headers: false }), 'a     x\n');
  });

  it('prints nothing at all without rows', async () => {
    assert.equal(await render([]), '');
  });

  it('aligns wide characters', async () => {
    assert.equal(
      await render([
        ['模型', 'x'],
        ['abcdef', 'y'],
      ]),
      'NAME     VALUE\n模型     x\nabcdef   y\n',
    );
    assert.equal(DRAWN.textWidth('模型'), 4);
    assert.equal(DRAWN.textWidth('e\u0301'), 1);
  });

  it('marks tones without moving a column, whatever draws it', async () => {
    const [name, value] = PAIR.columns as [(typeof PAIR.columns)[number], (typeof PAIR.columns)[number]];
    const tones = { yes: 'good', no: 'bad', '?': 'doubtful' } as const;
    const view: typeof PAIR = { columns: [{ ...name, tone: ([answer]) => tones[answer as 'yes'] }, value] };
    for (const rest of ['x', '模']) {
      const rows = ['yes', 'no', '?', '-'].map((answer) => [answer, rest]);
      const marked = [...(await renderTable(view, rows, { headers: true, style: createStyle(true) }))].join('');
      assert.equal(stripVTControlCharacters(marked), [...(await renderTable(view, rows, { headers: true }))].join(''));
      const cells = ['\u001b[32myes\u001b[39m   ', '\u001b[31mno\u001b[39m    ', '\u001b[33m?\u001b[39m     ', '-     '];
      assert.equal(marked, `NAME   VALUE\n${cells.map((cell) => `${cell} ${rest}\n`).join('')}`);
      assert.equal(
        [...(await renderTable(view, rows, { headers: true, style: createStyle(false) }))].join(''),
        stripVTControlCharacters(marked),
      );
    }
  });

  it('makes control characters visible, so that a cell is one line', async () => {
    assert.equal(await render([['a\nb', '\u001b[31mred\r']]), 'NAME   VALUE\na^Jb   ^[[31mred^M\n');
  });

  it('does not mind a long run of blanks', async () => {
    const blanks = ' '.repeat(100_000);
    assert.equal(await render([[`a${blanks}b`, 'x']], { headers: false }), `a${blanks}b   x\n`);
  });

  it('does not mind a long cell of wide characters', async () => {
    const name = '漢'.repeat(30_000);
    assert.equal(await render([[name, 'x']], { headers: false }), `${name}   x\n`);
  });

  it('never shortens without a terminal', async () => {
    const view: View<string> = { columns: [{ header: 'A', cell: (row) => row, fit: () => 'short' }] };
    const long = 'x'.repeat(500);
    assert.equal([...(await renderTable(view, [long], { headers: false }))].join(''), `${long}\n`);
    assert.equal([...(await renderTable(view, [long], { headers: false, terminalWidth: 80 }))].join(''), 'short\n');
    assert.equal([...(await renderTable(view, [long], { headers: false, terminalWidth: 500 }))].join(''), `${long}\n`);
  });

  it('lays out every block with the widths of all rows', async () => {
    for (const count of [999, 5000]) {
      const rows = Array.from({ length: count }, (_, index) => [index === count - 1 ? 'the-longest-name' : `n${index}`, 'v']);
      const lines = (await render(rows)).trimEnd().split('\n');
      assert.equal(lines.length, count + 1);
      assert.deepEqual(new Set(lines.map((line) => line.lastIndexOf('  ') + 2)), new Set([19]));
    }
  });

  it('gives long tables the same bytes as short ones', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 50 }), async (rows) => {
        const copies = Math.ceil(1001 / rows.length);
        const long = Array.from({ length: copies }, () => rows).flat();
        assert.equal(await render(long, { headers: false }), (await render(rows, { headers: false })).repeat(copies));
      }),
      { numRuns: 50 },
    );
  });

  it('draws ASCII without cli-table3, to the same bytes', async () => {
    const cell = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 50 }), async (rows) => {
        const drawn = await render([...rows, ['模', 'x']]);
        assert.equal(await render(rows), drawn.slice(0, drawn.lastIndexOf('模')));
      }),
      { numRuns: 50 },
    );
  });

  it('does work in proportion to its rows', async () => {
    let asked = 0;
    const count = (row: number): string => {
      asked += 1;
      return String(row);
    };
    const view: View<number> = { columns: [{ header: 'A', cell: count }] };
    const rows = Array.from({ length: 20_000 }, (_, index) => index);
    assert.ok([...(await renderTable(view, rows, { headers: true }))].length <= 201);
    assert.equal(asked, 20_000);
  });
});
