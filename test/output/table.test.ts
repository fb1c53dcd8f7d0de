import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
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

  it('aligns wide characters on a terminal, and counts them as kubectl does elsewhere', async () => {
    const rows = [
      ['模型', 'x'],
      ['e\u0301', 'é'],
      ['abcdef', 'y'],
    ];
    assert.equal(await render(rows, { terminalWidth: 80 }), 'NAME     VALUE\n模型     x\ne\u0301        é\nabcdef   y\n');
    assert.equal(await render(rows), 'NAME     VALUE\n模型       x\ne\u0301       é\nabcdef   y\n');
  });

  it('marks tones without moving a column, whatever draws it', async () => {
    const [name, value] = PAIR.columns as [(typeof PAIR.columns)[number], (typeof PAIR.columns)[number]];
    const tones = { yes: 'good', no: 'bad', '?': 'doubtful' } as const;
    const view: typeof PAIR = { columns: [{ ...name, tone: ([answer]) => tones[answer as 'yes'] }, value] };
    for (const [rest, terminalWidth] of [
      ['x', undefined],
      ['x', 80],
      ['模', undefined],
      ['模', 80],
    ] as const) {
      const rows = ['yes', 'no', '?', '-'].map((answer) => [answer, rest]);
      const marked = [...(await renderTable(view, rows, { headers: true, terminalWidth, style: createStyle(true) }))].join('');
      assert.equal(stripVTControlCharacters(marked), [...(await renderTable(view, rows, { headers: true, terminalWidth }))].join(''));
      const cells = ['\u001b[32myes\u001b[39m   ', '\u001b[31mno\u001b[39m    ', '\u001b[33m?\u001b[39m     ', '-     '];
      assert.equal(marked, `NAME   VALUE\n${cells.map((cell) => `${cell} ${rest}\n`).join('')}`);
      assert.equal(
        [...(await renderTable(view, rows, { headers: true, terminalWidth, style: createStyle(false) }))].join(''),
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
    assert.equal(await render([[name, 'x']], { headers: false, terminalWidth: 80 }), `NAME\n${name}\nVALUE   x\n`);
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

  for (const terminalWidth of [undefined, 300])
    it(`gives long tables the same bytes as short ones, ${terminalWidth === undefined ? 'in a pipe' : 'on a terminal'}`, async () => {
      const cell = fc.string({ unit: 'grapheme', maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 50 }), async (rows) => {
          const copies = Math.ceil(201 / rows.length);
          const long = Array.from({ length: copies }, () => rows).flat();
          const options = { headers: false, terminalWidth };
          assert.equal(await render(long, options), (await render(rows, options)).repeat(copies));
        }),
        { numRuns: 30 },
      );
    });

  it('writes ASCII to the same bytes on a terminal and elsewhere', async () => {
    const cell = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 50 }), async (rows) => {
        assert.equal(await render(rows), await render(rows, { terminalWidth: 300 }));
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
