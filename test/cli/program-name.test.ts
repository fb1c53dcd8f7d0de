import assert from 'node:assert/strict';
import { asksForCompletion, programName } from '../../src/cli/program-name.ts';

describe('programName', () => {
  const cases: readonly [string, Record<string, string>, string][] = [
    ['/home/a/.krew/bin/kubectl-kserve', {}, 'kubectl kserve'],
    ['/home/a/.krew/bin/kubectl-kserve', { KUBECTL_PATH: '/usr/bin/kubectl' }, 'kubectl kserve'],
    ['kubectl-kserve', {}, 'kubectl-kserve'],
    ['kubectl-kserve', { KUBECTL_PATH: '/usr/bin/kubectl' }, 'kubectl kserve'],
    ['./kubectl-kserve', {}, 'kubectl-kserve'],
    ['C:\\krew\\bin\\kubectl-kserve.exe', {}, 'kubectl kserve'],
    ['/srv/app/src/main.ts', {}, 'kubectl-kserve'],
    ['', {}, 'kubectl-kserve'],
    ['', { _: '/usr/local/bin/kubectl' }, 'kubectl kserve'],
    ['', { _: '/home/a/bin/kubectl-kserve' }, 'kubectl-kserve'],
  ];
  for (const [argv0, env, expected] of cases) {
    it(`is ${expected} for ${argv0} with ${JSON.stringify(env)}`, () => assert.equal(programName({ argv0, env }), expected));
  }
});

describe('asksForCompletion', () => {
  it('knows the second name', () => {
    assert.equal(asksForCompletion({ argv0: '/home/a/.krew/bin/kubectl_complete-kserve', argv: ['x'] }), true);
    assert.equal(asksForCompletion({ argv0: 'C:\\bin\\kubectl_complete-kserve.exe', argv: [] }), true);
    assert.equal(asksForCompletion({ argv0: '/kubectl_complete-x/kubectl-kserve', argv: [] }), false);
  });

  it('knows the words of scripts', () => {
    assert.equal(asksForCompletion({ argv0: '', argv: ['__complete', ''] }), true);
    assert.equal(asksForCompletion({ argv0: '', argv: ['__completeNoDesc', ''] }), true);
    assert.equal(asksForCompletion({ argv0: '', argv: ['runtimes', '__complete'] }), false);
  });
});
