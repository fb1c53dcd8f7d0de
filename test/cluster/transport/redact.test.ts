import assert from 'node:assert/strict';
import { createRedactor, maskBody, maskHeader } from '../../../src/cluster/transport/redact.ts';
import { Secret } from '../../../src/text/secret.ts';

describe('createRedactor', () => {
  it('hides tokens and passwords that were added, wherever they stand', () => {
    const { add, redact } = createRedactor();
    add(new Secret('Bearer abc.def'));
    add(new Secret(`Basic ${btoa('ana:pass:word')}`));
    add(undefined);
    const echo = `token abc.def, ${btoa('ana:pass:word')}, pass:word, pass%3Aword, ana`;
    assert.equal(redact(echo), 'token <masked>, <masked>, <masked>, <masked>, ana');
  });

  it('takes any token, also one that no URL can have', () => {
    const { add, redact } = createRedactor();
    add(new Secret('Bearer \ud800 a b'));
    assert.equal(redact('x \ud800 a b, %EF%BF%BD%20a%20b, %EF%BF%BD+a+b'), 'x <masked>, <masked>, <masked>');
  });

  it('leaves words alone that are short', () => {
    const { add, redact } = createRedactor();
    add(new Secret(`Basic ${btoa('ana:the')}`));
    assert.equal(redact('the server'), 'the server');
  });
});

describe('maskHeader', () => {
  for (const [name, value, shown] of [
    ['Authorization', 'Bearer abc', 'Bearer <masked>'],
    ['authorization', 'basic abc', 'basic <masked>'],
    ['Authorization', 'Negotiate abc', 'Negotiate <masked>'],
    ['Authorization', 'abc', '<masked>'],
    ['Authorization', 'Bearer', '<masked>'],
    ['Authorization', 'Custom abc', '<masked>'],
    ['Proxy-Authorization', 'Basic abc', 'Basic <masked>'],
    ['Cookie', 'a=b', '<masked>'],
    ['Set-Cookie', 'a=b', '<masked>'],
    ['Accept', 'application/json', 'application/json'],
    ['Impersonate-User', 'ana', 'ana'],
  ] as const) {
    it(`${name}: ${value}`, () => assert.equal(maskHeader(name, value), shown));
  }
});

describe('maskBody', () => {
  const secret = { kind: 'Secret', metadata: { name: 'a' }, data: { k: 'czNjcmV0' }, stringData: { k: 's3cret' } };
  const masked = { kind: 'Secret', metadata: { name: 'a' }, data: { k: '<masked>' }, stringData: { k: '<masked>' } };
  const cases: readonly [string, unknown, unknown][] = [
    ['a Secret', secret, masked],
    ['a List of Secrets', { kind: 'List', items: [secret] }, { kind: 'List', items: [masked] }],
    [
      'a SecretList',
      { kind: 'SecretList', items: [{ metadata: {}, data: { k: 'czNjcmV0' } }] },
      { kind: 'SecretList', items: [{ metadata: {}, data: { k: '<masked>' } }] },
    ],
    [
      'what kubectl apply left',
      { kind: 'Secret', metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{}}' } } },
      { kind: 'Secret', metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '<masked>' } } },
    ],
    ['a TokenReview', { kind: 'TokenReview', spec: { token: 'abc' } }, { kind: 'TokenReview', spec: { token: '<masked>' } }],
    ['a TokenRequest', { status: { token: 'abc', expirationTimestamp: 'x' } }, { status: { token: '<masked>', expirationTimestamp: 'x' } }],
    [
      'an answer of OIDC',
      { id_token: 'a', refresh_token: 'b', access_token: 'c' },
      { id_token: '<masked>', refresh_token: '<masked>', access_token: '<masked>' },
    ],
    ['a ConfigMap', { kind: 'ConfigMap', data: { k: 'v' } }, { kind: 'ConfigMap', data: { k: 'v' } }],
  ];
  for (const [what, value, shown] of cases) it(what, () => assert.deepEqual(JSON.parse(maskBody(JSON.stringify(value))), shown));

  it('what is no JSON', () => {
    assert.equal(
      maskBody('grant_type=refresh_token&refresh_token=abc&client_secret=def'),
      'grant_type=refresh_token&refresh_token=<masked>&client_secret=<masked>',
    );
    assert.equal(maskBody('{"token": "abc", "id_token":"de\\"f'), '{"token": "<masked>", "id_token":"<masked>"');
    assert.equal(maskBody('<html>hello</html>'), '<html>hello</html>');
  });
});

describe('maskBody of what is no JSON', () => {
  const cases: readonly [string, string][] = [
    ['{"token":"abc","a":"b', '{"token":"<masked>","a":"b'],
    ['{"a":"token","b":"c', '{"a":"token","b":"c'],
    ['x "my_api-KEY" : \n "a\\"b" y', 'x "my_api-KEY" : \n "<masked>" y'],
    ['{"password":"cut sh', '{"password":"<masked>"'],
    ['{"password":{"password":"a"', '{"password":{"password":"<masked>"'],
    ['id_token=abc&code=d "token', 'id_token=<masked>&code=<masked> "token'],
  ];
  for (const [text, shown] of cases) it(JSON.stringify(text), () => assert.equal(maskBody(text), shown));

  for (const [name, text] of [
    ['a name without end', `"${'token'.repeat(200_000)}`],
    ['escaped quotes without end', `"${'\\"token'.repeat(150_000)}`],
    ['names without values', '"token" '.repeat(150_000)],
    ['blanks', `x "token"${' '.repeat(1_000_000)}`],
  ] as const) {
    it(`is done at once with ${name}`, () => assert.equal(maskBody(text), text));
  }
});
