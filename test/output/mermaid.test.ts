import assert from 'node:assert/strict';
import { flowchart, labelText } from '../../src/output/mermaid.ts';

describe('flowcharts', () => {
  it('are edges between boxes, the broken ones marked', () => {
    const chart = flowchart(
      [
        { id: 'a', label: ['ana'] },
        { id: 'b', label: ['RoleBinding "x"', 'in team-a'] },
      ],
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a', label: ['wrong', 'b'], isBroken: true },
      ],
    );
    assert.equal(
      chart,
      `flowchart LR
  a["ana"]
  b["RoleBinding #34;x#34;<br/>in team-a"]
  a --> b
  b -. "wrong<br/>b" .-x a
  linkStyle 1 stroke:#c00,stroke-width:2px
`,
    );
  });

  it('hold text of any origin as text', () => {
    const hostile = [
      '"]; click a href "x"',
      '<img src=x onerror=alert(1)>',
      '`**bold**`',
      '%%{init: {}}%%',
      'a\nb',
      '\u202egnp.exe',
      '#34;',
      'ﬂ°34¶ß',
    ];
    for (const text of hostile) assert.match(labelText([text]), /^([\p{L}\p{N} .,_:/=()-]|#\d+;)+$/u, text);
    assert.equal(labelText(['名前 (a)']), '名前 (a)');
  });

  it('hold no line break, formula or icon', () => {
    // Seen in a browser: Mermaid makes these of text that was written as character references too.
    assert.equal(labelText(['CORP\\nina']), 'CORP#92;#8288;nina');
    assert.equal(labelText(['$$x$$']), '#36;#8288;#36;x#36;#8288;#36;');
    assert.equal(labelText(['fa:fa-car']), 'fa:#8288;fa-car');
  });

  it('hold the beginning of long lines', () => {
    assert.equal(labelText(['x'.repeat(500)]), `${'x'.repeat(120)}…`);
  });
});
