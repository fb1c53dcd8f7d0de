import assert from 'node:assert/strict';
import type { V1PolicyRule } from '@kubernetes/client-node';
import type { AccessRequest } from '../../../src/domain/rbac/access-review.ts';
import { ruleAllows } from '../../../src/domain/rbac/policy-rule.ts';

const GROUP = 'serving.kserve.io';
const READ: V1PolicyRule = { verbs: ['get', 'list'], apiGroups: [GROUP], resources: ['servingruntimes'] };

function request(verb: string, resource: string, more: { name?: string; group?: string } = {}): AccessRequest {
  const [plural = '', subresource] = resource.split('/');
  return { verb, group: GROUP, resource: plural, namespace: 'a', ...(subresource === undefined ? {} : { subresource }), ...more };
}

/** Asserts which of the requests a rule allows. */
function allows(rule: Partial<V1PolicyRule>, expected: readonly (readonly [AccessRequest, boolean])[]): void {
  const full = { ...READ, ...rule };
  for (const [one, allowed] of expected) assert.equal(ruleAllows(full, one), allowed, JSON.stringify(one));
}

describe('ruleAllows', () => {
  it('needs verb, group and resource in one rule', () => {
    allows({}, [
      [request('list', 'servingruntimes'), true],
      [request('get', 'servingruntimes', { name: 'x' }), true],
      [request('watch', 'servingruntimes'), false],
      [request('list', 'inferenceservices'), false],
      [request('list', 'servingruntimes', { group: '' }), false],
      [{ verb: 'get', path: '/servingruntimes' }, false],
    ]);
  });

  it('compares verbs with case, and takes * for all', () => {
    allows({ verbs: ['GET'] }, [[request('get', 'servingruntimes'), false]]);
    allows({ verbs: ['*'] }, [[request('frob', 'servingruntimes'), true]]);
  });

  it('knows the core group as the empty string only, without versions', () => {
    allows({ apiGroups: [''] }, [[request('get', 'servingruntimes', { group: '' }), true]]);
    for (const apiGroups of [['core'], ['v1'], [`${GROUP}/v1beta1`], []]) {
      allows({ apiGroups }, [
        [request('get', 'servingruntimes', { group: '' }), false],
        [request('get', 'servingruntimes'), false],
      ]);
    }
    allows({ apiGroups: ['*'] }, [[request('get', 'servingruntimes', { group: '' }), true]]);
  });

  it('keeps resources and subresources apart', () => {
    allows({ resources: ['pods'] }, [
      [request('get', 'pods'), true],
      [request('get', 'pods/log'), false],
    ]);
    allows({ resources: ['pods/log'] }, [
      [request('get', 'pods'), false],
      [request('get', 'pods/log'), true],
    ]);
    allows({ resources: ['*/log'] }, [
      [request('get', 'pods/log'), true],
      [request('get', 'pods'), false],
      [request('get', 'pods/catalog'), false],
    ]);
    allows({ resources: ['*'] }, [
      [request('get', 'pods'), true],
      [request('get', 'pods/log'), true],
    ]);
  });

  it('matches nothing real with pods/* and */*', () => {
    for (const resources of [['pods/*'], ['*/*']]) {
      allows({ resources }, [
        [request('get', 'pods'), false],
        [request('get', 'pods/log'), false],
      ]);
    }
  });

  it('limits by name exactly; no name, no match', () => {
    allows({ resourceNames: ['x'] }, [
      [request('get', 'servingruntimes', { name: 'x' }), true],
      [request('get', 'servingruntimes', { name: 'y' }), false],
      [request('list', 'servingruntimes'), false],
      [request('list', 'servingruntimes', { name: 'x' }), true],
    ]);
    allows({ resourceNames: ['*'] }, [
      [request('get', 'servingruntimes', { name: 'x' }), false],
      [request('get', 'servingruntimes', { name: '*' }), true],
    ]);
    allows({ resourceNames: [] }, [[request('list', 'servingruntimes'), true]]);
  });

  it('takes a trailing star of a URL as a prefix', () => {
    const matches = (url: string, path: string) => ruleAllows({ verbs: ['get'], nonResourceURLs: [url] }, { verb: 'get', path });
    assert.deepEqual(
      ['/foo', '/foo/', '/foo/bar', '/food'].map((path) => matches('/foo/*', path)),
      [false, true, true, false],
    );
    assert.equal(matches('/healthz*', '/healthzzz'), true);
    assert.equal(matches('*', '/anything'), true);
    assert.equal(matches('/foo', '/foo'), true);
    assert.equal(matches('/foo', '/foo/'), false);
    assert.equal(ruleAllows({ verbs: ['get'], nonResourceURLs: ['/foo'] }, { verb: 'post', path: '/foo' }), false);
  });
});
