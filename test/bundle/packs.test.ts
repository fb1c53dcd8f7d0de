import assert from 'node:assert/strict';
import { Script } from 'node:vm';
import { type Chunk, toPacks } from '../../scripts/bundle/packs.ts';

/** What every start loads must be there. */
const HOT = [
  'src/main.ts',
  'src/cli/completion/complete.ts',
  'src/cli/run.ts',
  'src/cluster/connect.ts',
  'src/commands/runtimes/list/list.ts',
  'src/cluster/transport/tls/trust.ts',
  'src/output/table.ts',
  'src/commands/doctor/doctor.ts',
  'src/commands/rbac/check/check.ts',
];

/** Too large to be loaded where it is not needed. */
const LARGE = `"use strict";${' '.repeat(2500)}`;

function chunk(name: string, more: Partial<Chunk> = {}): Chunk {
  return { name, entryPoint: undefined, needs: [], code: LARGE, ...more };
}

/** What some starts load, by name. */
const OTHERS = [
  'src/commands/runtimes/match/ask-files.ts',
  'src/commands/runtimes/match/match.ts',
  'src/commands/runtimes/match/report.ts',
  'src/commands/runtimes/reading/failures.ts',
  'src/commands/runtimes/reading/roles-of-hint.ts',
  'src/commands/version/version.ts',
  'src/output/json.ts',
];

const hot = (needs: Readonly<Record<string, readonly string[]>> = {}) =>
  [...HOT, ...OTHERS].map((entryPoint) => chunk(`./${entryPoint}`, { entryPoint, needs: needs[entryPoint] ?? [] }));

describe('toPacks', () => {
  it('puts shared code with the first that needs it, in the order of a start, and the rest by name', () => {
    const shared = chunk('./shared');
    const deep = chunk('./deep');
    const chunks = [
      chunk('./b', { entryPoint: 'src/b.ts', needs: ['./shared'] }),
      chunk('./a', { entryPoint: 'src/a.ts' }),
      ...hot({ 'src/cli/run.ts': ['./shared'], 'src/commands/runtimes/list/list.ts': ['./deep'] }).toReversed(),
      { ...shared, needs: ['./deep'] },
      deep,
    ];
    const packs = toPacks(chunks);
    assert.deepEqual(
      packs.map(({ name, modules }) => [name, modules]),
      [
        ['pack-0.js', ['./src/main.ts']],
        ['pack-1.js', ['./src/cli/completion/complete.ts']],
        ['pack-2.js', ['./src/cli/run.ts', './shared', './deep']],
        ['pack-3.js', ['./src/cluster/connect.ts']],
        ['pack-4.js', ['./src/commands/runtimes/list/list.ts']],
        ['pack-5.js', ['./src/cluster/transport/tls/trust.ts']],
        ['pack-6.js', ['./src/output/table.ts']],
        ['pack-7.js', ['./src/commands/doctor/doctor.ts']],
        ['pack-8.js', ['./src/commands/rbac/check/check.ts']],
        ['pack-9.js', ['./a']],
        ['pack-10.js', ['./b']],
        ...OTHERS.map((path, index) => [`pack-${index + 11}.js`, [`./${path}`]]),
      ],
    );
  });

  it('keeps apart what a start without a cluster shares with one that has one', () => {
    const needs = { 'src/commands/runtimes/list/list.ts': ['./shared', './deep'], 'src/commands/runtimes/match/match.ts': ['./shared'] };
    const packs = toPacks([...hot(needs), chunk('./shared'), chunk('./deep')]);
    const together = packs.find(({ modules }) => modules.includes('./src/commands/runtimes/list/list.ts'));
    assert.deepEqual(together?.modules, ['./src/commands/runtimes/list/list.ts', './deep']);
    assert.ok(packs.some(({ modules }) => modules.join() === './shared'));
  });

  it('keeps apart what doctor shares with a list', () => {
    const needs = { 'src/commands/runtimes/list/list.ts': ['./shared', './deep'], 'src/commands/doctor/doctor.ts': ['./shared'] };
    const packs = toPacks([...hot(needs), chunk('./shared'), chunk('./deep')]);
    assert.ok(packs.some(({ modules }) => modules.join() === './shared'));
    assert.ok(packs.some(({ modules }) => modules.join() === './src/commands/doctor/doctor.ts'));
  });

  it('loads small pieces that a list shares with some others at every start, but not what is loaded by the same starts', () => {
    const small = { code: '"use strict";' };
    const needs = {
      'src/cluster/connect.ts': ['./small-of-cluster'],
      'src/commands/runtimes/list/list.ts': ['./small', './large', './small-of-list'],
      'src/commands/version/version.ts': ['./small', './large'],
      'src/commands/doctor/doctor.ts': ['./small-of-doctor'],
    };
    const names = ['./small', './small-of-cluster', './small-of-list', './small-of-doctor'];
    const packs = toPacks([...hot(needs), chunk('./large'), ...names.map((name) => chunk(name, small))]);
    const packOf = (name: string) => packs.find(({ modules }) => modules.includes(name))?.modules;
    assert.deepEqual(packOf('./small'), ['./src/cli/run.ts', './small']);
    assert.deepEqual(packOf('./large'), ['./large']);
    assert.deepEqual(packOf('./small-of-cluster'), ['./src/cluster/connect.ts', './small-of-cluster']);
    assert.deepEqual(packOf('./small-of-list'), ['./src/commands/runtimes/list/list.ts', './small-of-list']);
    assert.deepEqual(packOf('./small-of-doctor'), ['./src/commands/doctor/doctor.ts', './small-of-doctor']);
  });

  it('makes no pack of what is already in another', () => {
    const needed = chunk('./needed', { entryPoint: 'src/needed.ts' });
    const packs = toPacks([...hot({ 'src/main.ts': ['./needed'] }), needed]);
    assert.deepEqual([packs.length, packs[0]?.modules], [HOT.length + OTHERS.length, ['./src/main.ts', './needed']]);
  });

  it('gives functions by the names of their modules', () => {
    const [pack] = toPacks(hot().map((one) => ({ ...one, code: '"use strict";exports.answer=require("x")+1 // and a comment' })));
    const functions = new Script(pack?.code ?? '').runInThisContext();
    const exports: { answer?: number } = {};
    functions['./src/main.ts']({ exports }, exports, () => 41);
    assert.equal(exports.answer, 42);
  });

  it('fails if a module of the hot path is not loaded by itself any more', () => {
    const message = 'src/output/table.ts is not loaded by itself any more: correct IN_ORDER and APART';
    assert.throws(() => toPacks(hot().filter(({ entryPoint }) => entryPoint !== 'src/output/table.ts')), { message });
  });

  it('fails for text that would be read wrong', () => {
    assert.throws(() => toPacks(hot().map((one) => ({ ...one, code: '"ä"' }))), /escape what is not ASCII/);
  });
});
