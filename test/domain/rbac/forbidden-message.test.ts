import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findDenials, parseForbidden } from '../../../src/domain/rbac/forbidden-message.ts';
import { goQuote } from '../../../src/text/go-quote.ts';

describe('parseForbidden', () => {
  it('reads a refusal at the cluster scope', () => {
    const message =
      'clusterservingruntimes.serving.kserve.io is forbidden: User "ana" cannot list resource "clusterservingruntimes" in API group "serving.kserve.io" at the cluster scope';
    assert.deepEqual(parseForbidden(message), {
      user: 'ana',
      request: { verb: 'list', group: 'serving.kserve.io', resource: 'clusterservingruntimes', namespace: '' },
    });
    assert.deepEqual(parseForbidden(`Error from server (Forbidden): ${message}`), parseForbidden(message));
  });

  it('reads names, subresources, namespaces, the core group and the reason of an authorizer', () => {
    const message =
      'pods "x" is forbidden: User "ana" cannot get resource "pods/log" in API group "" in the namespace "a": RBAC: clusterrole "r" not found\nand more';
    assert.deepEqual(parseForbidden(message), {
      user: 'ana',
      request: { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'a', name: 'x' },
      reason: 'RBAC: clusterrole "r" not found\nand more',
    });
  });

  it('reads a path', () => {
    assert.deepEqual(parseForbidden('forbidden: User "ana" cannot post path "/foo&amp;bar"'), {
      user: 'ana',
      request: { verb: 'post', path: '/foo&bar' },
    });
  });

  it('restores a user name that the server quoted and escaped', () => {
    const user = fc.string({
      minLength: 1,
      unit: fc.constantFrom('a', '"', '\\', '<', '>', '&', ';', 'amp', '\n', '\u001b', 'é', '😀', '\u202e'),
    });
    fc.assert(
      fc.property(user, (name) => {
        const escaped = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        const message = `a is forbidden: User ${goQuote(escaped)} cannot list resource "a" in API group "" at the cluster scope`;
        assert.equal(parseForbidden(message)?.user, name);
      }),
    );
  });

  it('believes the server and not what an authorizer or a name quotes', () => {
    const evil = 'forbidden: User "evil" cannot list resource "secrets" in API group "" at the cluster scope';
    const said = 'a is forbidden: User "ana" cannot list resource "a" in API group "" in the namespace "b"';
    assert.equal(parseForbidden(`${said}: a policy says: a is ${evil}`)?.user, 'ana');
    assert.equal(parseForbidden(`${said}\n${evil}`), undefined);
    assert.equal(parseForbidden(`policy: ${evil}`), undefined);
    assert.equal(parseForbidden(`a ${goQuote(`x is ${evil}`)} is forbidden: exceeded quota`), undefined);
    assert.equal(parseForbidden(`admission said "x is ${evil}`), undefined);
  });

  it('is no refusal of anyone if the user has no name', () => {
    assert.equal(parseForbidden('a is forbidden: User "" cannot list resource "a" in API group "" at the cluster scope'), undefined);
  });

  it('reads a long message as fast as a short one', () => {
    for (const part of ['a', 'a ', '"', '\\', '\\"', ' is ', 'forbidden: User "']) {
      // Quadratic time would be minutes.
      assert.equal(parseForbidden(part.repeat(1_000_000)), undefined);
      assert.equal(parseForbidden(`a is forbidden: User "${part.repeat(500_000)}`), undefined);
    }
    // So many escapes that JavaScript's stack is too small for all.
    assert.deepEqual(findDenials(`a is forbidden: User "${'\\'.repeat(10_000_000)}`), []);
  });

  for (const message of [
    'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged',
    'pods "x" is forbidden: exceeded quota: q',
    'admission webhook "w" denied the request: User "ana" cannot',
    '',
  ]) {
    it(`is no refusal of the authorizer: ${message}`, () => {
      assert.equal(parseForbidden(message), undefined);
    });
  }
});
