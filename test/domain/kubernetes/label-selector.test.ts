import assert from 'node:assert/strict';
import { parseLabelSelector } from '../../../src/domain/kubernetes/label-selector.ts';
import { UsageError } from '../../../src/errors.ts';

describe('parseLabelSelector', () => {
  for (const [selector, expected] of [
    ['', []],
    ['  ', []],
    ['a=b', [['a', '=', ['b']]]],
    [
      'a==b,c!=d',
      [
        ['a', '=', ['b']],
        ['c', '!=', ['d']],
      ],
    ],
    [
      ' a = b , c ',
      [
        ['a', '=', ['b']],
        ['c', 'exists', []],
      ],
    ],
    ['!a', [['a', '!', []]]],
    [
      'a in (b,c),d notin (e)',
      [
        ['a', 'in', ['b', 'c']],
        ['d', 'notin', ['e']],
      ],
    ],
    ['a in (,b)', [['a', 'in', ['', 'b']]]],
    ['a in ()', [['a', 'in', ['']]]],
    ['a=', [['a', '=', ['']]]],
    [
      'a>1,b<2',
      [
        ['a', '>', ['1']],
        ['b', '<', ['2']],
      ],
    ],
    ['in in (in)', [['in', 'in', ['in']]]],
    ['example.com/Tier.x_y=1', [['example.com/Tier.x_y', '=', ['1']]]],
  ] as const) {
    it(`takes "${selector}"`, () => {
      assert.deepEqual(
        parseLabelSelector(selector).map(({ key, operator, values }) => [key, operator, values]),
        expected,
      );
    });
  }

  for (const selector of [
    'a=b=c',
    'a=b,',
    ',a',
    'a,,b',
    'a b',
    'a in b',
    'a in (b',
    'a in (b c)',
    'a===b',
    'a>b',
    '!',
    '!a=b',
    '=b',
    '(a)',
    'a/b/c',
    '/a',
    'A.com/b',
    '-a',
    'a=-b',
    `a=${'x'.repeat(64)}`,
    'a=b;c',
    'a<-2',
    'a>x',
    'a in (b))',
    'a\u001b',
  ]) {
    it(`refuses "${selector}"`, () => {
      assert.throws(() => parseLabelSelector(selector), UsageError);
    });
  }
});
