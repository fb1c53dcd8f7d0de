import assert from 'node:assert/strict';
import { identityProblem, parseAlternativeNames } from '../../../../src/cluster/transport/tls/server-identity.ts';

function problem(host: string, names: { dns?: readonly string[]; ip?: readonly string[] } | undefined, commonName?: string) {
  return identityProblem(host, names && { dns: names.dns ?? [], ip: names.ip ?? [] }, commonName);
}

describe('identityProblem', () => {
  const matches: readonly [string, string][] = [
    ['foo.example.com', 'foo.example.com'],
    ['FOO.Example.com', 'foo.eXample.com'],
    ['foo.example.com.', 'foo.example.com'],
    ['foo.example.com', '*.example.com'],
    ['localhost', 'localhost'],
    ['localhost', '*'],
  ];
  for (const [host, name] of matches) {
    it(`takes ${name} for ${host}`, () => assert.equal(problem(host, { dns: [name] }), undefined));
  }

  const others: readonly [string, string][] = [
    ['a.b.example.com', '*.example.com'],
    ['example.com', '*.example.com'],
    ['foo.example.com', 'f*.example.com'],
    ['foo.example.com', 'foo.*.com'],
    ['foo.example.com', '*oo.example.com'],
    ['foo.example.com', 'example.com'],
    ['.example.com', '*.example.com'],
    ['foo..com', '*..com'],
  ];
  for (const [host, name] of others) {
    it(`does not take ${name} for ${host}`, () => {
      assert.equal(problem(host, { dns: [name] })?.message, `certificate is valid for ${name}, not ${host}`);
    });
  }

  it('compares addresses by value', () => {
    for (const [host, ip] of [
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '0:0:0:0:0:0:0:1'],
      ['2001:db8::a', '2001:DB8:0:0:0:0:0:A'],
      ['::ffff:10.0.0.1', '10.0.0.1'],
    ] as const) {
      assert.equal(problem(host, { ip: [ip] }), undefined);
    }
    assert.deepEqual(problem('10.0.0.2', { dns: ['10.0.0.2'], ip: ['10.0.0.1'] }), {
      message: 'certificate is valid for 10.0.0.1, not 10.0.0.2',
      suggestion: '10.0.0.2',
    });
  });

  it('does not take an address for a name', () => {
    assert.equal(
      problem('a.example.com', { ip: ['10.0.0.1'] })?.message,
      'certificate is not valid for any names, but wanted to match a.example.com',
    );
    assert.equal(
      problem('10.0.0.1', { dns: ['a'] })?.message,
      "cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
    );
  });

  it('does not list a hundred names', () => {
    const dns = Array.from({ length: 100 }, (_, index) => `n${index}`);
    assert.equal(problem('x', { dns })?.message, 'certificate is valid for 100 names, but none matched x');
    const ip = Array.from({ length: 100 }, (_, index) => `10.0.0.${index}`);
    assert.equal(problem('10.1.1.1', { ip })?.message, 'certificate is valid for 100 IP SANs, but none matched 10.1.1.1');
  });

  it('takes the common name for what it is', () => {
    assert.equal(problem('x', undefined, 'x')?.message, 'certificate relies on legacy Common Name field, use SANs instead');
    assert.equal(problem('x', undefined, 'y')?.message, 'certificate is not valid for any names, but wanted to match x');
    assert.equal(problem('x', { dns: ['y'] }, 'x')?.message, 'certificate is valid for y, not x');
  });
});

describe('parseAlternativeNames', () => {
  it('reads names and addresses, and nothing else', () => {
    assert.deepEqual(parseAlternativeNames('DNS:a.b, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1, email:x@y, URI:https://a, DNS:c'), {
      dns: ['a.b', 'c'],
      ip: ['10.0.0.1', '::1'],
    });
  });

  it('does not take a comma in a name for the end of it', () => {
    assert.deepEqual(parseAlternativeNames('DNS:"a, DNS:evil.example.com", URI:"x, IP Address:10.0.0.1", DNS:b'), {
      dns: ['a, DNS:evil.example.com', 'b'],
      ip: [],
    });
  });

  it('knows no extension from an empty one', () => {
    assert.equal(parseAlternativeNames(undefined), undefined);
    assert.deepEqual(parseAlternativeNames(''), { dns: [], ip: [] });
  });
});
