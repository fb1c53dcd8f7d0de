import assert from 'node:assert/strict';
import { contextPatterns } from '../../../src/cli/context-patterns.ts';
import { contextNames, selectContexts } from '../../../src/cli/contexts/select-contexts.ts';
import type { LoadedKubeconfig } from '../../../src/cluster/kubeconfig/kubeconfig.ts';
import { UsageError } from '../../../src/errors.ts';

const NAMES = ['dev', 'prod-eu', 'prod-us', 'staging', 'a/b:c', '__proto__', 'two\nlines', '\u{1F600}'];

function select(...patterns: readonly string[]): readonly string[] {
  return selectContexts(patterns, NAMES);
}

function loaded(names: readonly string[], missing: readonly string[] = []): LoadedKubeconfig {
  const contexts = new Map(names.map((name) => [name, {}]));
  return { kubeconfig: { contexts }, files: { read: missing.length === 0 ? ['/config'] : [], missing } } as unknown as LoadedKubeconfig;
}

function refusal(pattern: string, names = NAMES): UsageError {
  try {
    selectContexts([pattern], names);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  return assert.fail('not refused');
}

describe('contexts by patterns', () => {
  const cases: readonly (readonly [pattern: string, found: readonly string[]])[] = [
    ['dev', ['dev']],
    ['prod-*', ['prod-eu', 'prod-us']],
    ['*-*s', ['prod-us']],
    ['*', NAMES],
    ['**', NAMES],
    ['?ev', ['dev']],
    ['d?v*', ['dev']],
    ['*/*', ['a/b:c']],
    ['__proto__', ['__proto__']],
    ['two*lines', ['two\nlines']],
    ['?', ['\u{1F600}']],
    ['*t*g*g', ['staging']],
  ];
  for (const [pattern, found] of cases)
    it(`${JSON.stringify(pattern)} selects ${found.length}`, () => assert.deepEqual(select(pattern), found));

  it('keeps the order of the patterns, then that of the kubeconfig, and each once', () => {
    assert.deepEqual(select('staging', 'prod-*', '*eu', 'staging'), ['staging', 'prod-eu', 'prod-us']);
  });

  it('leaves out one without a name, which --context cannot choose', () => {
    assert.deepEqual(contextNames(loaded(['a', '', 'b'])), ['a', 'b']);
    assert.throws(() => contextNames(loaded([''])), new UsageError('the kubeconfig has no contexts'));
  });

  it('says that a kubeconfig is not there', () => {
    assert.throws(() => contextNames(loaded([], ['/nix', '/nada'])), new UsageError('there is no kubeconfig: /nix and /nada do not exist'));
  });

  it('takes no notice of blanks around a pattern', () => {
    assert.deepEqual(contextPatterns({ contexts: [' dev', 'prod-* ', ' '] }), ['dev', 'prod-*']);
    assert.deepEqual(contextPatterns({ contexts: [' '] }), ['']);
    assert.equal(refusal('').exitCode, 2);
  });

  it('says of a pattern that nothing matches it', () => {
    assert.equal(refusal('nope*').message, 'invalid argument "nope*" for "--contexts" flag: no context matches it');
  });

  it('takes nothing but * and ? for more than itself', () => {
    assert.deepEqual(selectContexts(['a.c'], ['a.c', 'abc']), ['a.c']);
    assert.deepEqual(selectContexts(['[a]'], ['[a]', 'a']), ['[a]']);
    assert.deepEqual(selectContexts(['A'], ['a', 'A']), ['A']);
    assert.deepEqual(selectContexts(['*'], ['*', 'x']), ['*', 'x']);
  });

  it('refuses one that selects none, with what there is', () => {
    const { message, hint } = refusal('prod-ue');
    assert.equal(message, 'invalid argument "prod-ue" for "--contexts" flag: no context has such a name (did you mean "prod-eu"?)');
    assert.equal(hint, 'The contexts are dev, prod-eu, prod-us, staging, a/b:c, __proto__, two^Jlines, \u{1F600}');
  });

  it('names no more than some of many', () => {
    const many = Array.from({ length: 20 }, (_, index) => `c-${index}`);
    assert.equal(
      refusal('x', many).hint,
      'The contexts are c-0, c-1, c-2, c-3, c-4, c-5, c-6, c-7 and 12 more: kubectl config get-contexts',
    );
  });

  it('is quick with many stars and long names', () => {
    assert.deepEqual(selectContexts([`${'*a'.repeat(50)}*`], ['a'.repeat(20_000)]), ['a'.repeat(20_000)]);
    assert.equal(refusal(`${'*a'.repeat(50)}b`, ['a'.repeat(20_000)]).exitCode, 2);
  });
});
