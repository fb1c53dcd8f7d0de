import assert from 'node:assert/strict';
import { environmentOf, withVariables } from '../src/environment.ts';

describe('environment', () => {
  const set = { kubeconfig: 'a', Https_Proxy: 'b', PATH: 'c' };

  it('has names in any case on Windows, and keeps how they are written', () => {
    const env = environmentOf(set, 'win32');
    const { KUBECONFIG, HTTPS_PROXY, Path } = env;
    assert.deepEqual([KUBECONFIG, HTTPS_PROXY, Path, env.HOME], ['a', 'b', 'c', undefined]);
    assert.deepEqual(['kubeConfig' in env, 'HOME' in env, Object.hasOwn(env, 'path'), Object.hasOwn(env, 'x')], [true, false, true, false]);
    assert.deepEqual({ ...env }, set);
  });

  it('has names as they are written elsewhere', () => {
    assert.equal(environmentOf(set, 'linux').KUBECONFIG, undefined);
    assert.equal(environmentOf(set, 'linux').kubeconfig, 'a');
  });

  it('sets a variable once on Windows, the last one of several, and others elsewhere', () => {
    const more = [
      ['path', 'd'],
      ['New', '1'],
      ['NEW', '2'],
    ] as const;
    const merged = withVariables(environmentOf(set, 'win32'), more, 'win32');
    assert.deepEqual({ ...merged }, { kubeconfig: 'a', Https_Proxy: 'b', path: 'd', NEW: '2' });
    assert.equal(merged.Path, 'd');
    assert.deepEqual(withVariables(set, more, 'linux'), { ...set, path: 'd', New: '1', NEW: '2' });
  });
});
