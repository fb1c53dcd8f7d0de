import assert from 'node:assert/strict';
import { createSecrets } from '../../src/text/secrets.ts';

function redactorOf(...given: readonly string[]): (text: string) => string {
  const secrets = createSecrets();
  for (const secret of given) secrets.add(secret);
  return secrets.redact;
}

describe('createSecrets', () => {
  it('leaves text alone without secrets', () => assert.equal(redactorOf()('a %41 \\u0041'), 'a %41 \\u0041'));

  for (const [writing, text, shown] of [
    ['plain', 'x p"w\\1&<2> y', 'x <masked> y'],
    ['JSON', 'x p\\"w\\\\1&<2> y', 'x <masked> y'],
    ['JSON of Go', 'x p\\"w\\\\1\\u0026\\u003c2\\u003e y', 'x <masked> y'],
    ['JSON in JSON', 'x p\\\\\\"w\\\\\\\\1&<2> y', 'x <masked> y'],
    ['HTML of Go', 'x p&#34;w\\1&amp;&lt;2&gt; y', 'x <masked> y'],
    ['HTML twice', 'x p&amp;quot;w\\1&amp;amp;&amp;lt;2&amp;gt; y', 'x <masked> y'],
    ['a URL', 'x p%22w%5C1%26%3C2%3e y', 'x <masked> y'],
    ['a URL in a URL', 'x p%2522w%255C1%2526%253C2%253E y', 'x <masked> y'],
    ['octal numbers', 'x p\\042\\167\\134\\061&<\\062> y', 'x <masked> y'],
    ['code points', 'x \\u{70}"\\U00000077\\1&<\\x32> y', 'x <masked> y'],
    ['numbers of HTML with zeros', 'x &#0112;&#x00022;&#119;\\&#00049;&#38;&lt;2> y', 'x <masked> y'],
    ['a URL of words in a URL', 'x %2570%2522%2577%255c%2531%2526%253c%2532%253e y', 'x <masked> y'],
    ['a mixture', 'x \\u0070%22w\\\\1&amp;<%32> y', 'x <masked> y'],
    ['base64', `x ${btoa('p"w\\1&<2>')} y`, 'x <masked> y'],
  ] as const)
    it(`finds a secret as ${writing}`, () => assert.equal(redactorOf('p"w\\1&<2>')(text), shown));

  for (const [byte, name] of [
    ['\n', 'a line break'],
    ['\u001b', 'an escape'],
    ['\u202e', 'an override'],
    ['\u0085', 'a control character of Latin-1'],
    ['\ud800', 'half of a pair'],
  ] as const)
    it(`finds a secret with ${name}`, () => {
      const secret = `first1${byte}second`;
      const redact = redactorOf(secret);
      for (const text of [
        secret,
        JSON.stringify(secret),
        encodeURIComponent(secret.toWellFormed()),
        Buffer.from(secret).toString('latin1'),
      ])
        assert.doesNotMatch(redact(`(${text})`), /first1|second/);
    });

  it('finds secrets of which one is in the other', () => {
    assert.equal(redactorOf('secret-1', 'secret-1-and-more')('secret-1-and-more'), '<masked>-and-more');
    assert.equal(redactorOf('secret-1-and-more', 'secret-1')('secret-1-and-more secret-1'), '<masked> <masked>');
  });

  // Where a secret is known to stand it is masked whatever it is; elsewhere a word is what it says.
  for (const word of [
    'a',
    '1',
    'the',
    'default',
    'admin',
    'team-a',
    'v1beta1',
    'password',
    'kubernetes',
    'namespace',
    'kube-system',
    '8080',
    '',
  ])
    it(`does not blot out an ordinary word: ${JSON.stringify(word)}`, () => {
      const text = `namespace default of team-a as admin v1beta1 kube-system on kubernetes: the password 127.0.0.1:8080`;
      assert.equal(redactorOf(word)(text), text);
    });

  for (const [secret, text] of [
    ['\\\\\\\\x1', '\\'.repeat(500_000)],
    ['"\\"\\"\\x1', '\\"'.repeat(300_000)],
    ['&&&&&&x1', `&${'amp;'.repeat(200_000)}`],
    ['%%%%%%x1', '%25'.repeat(300_000)],
    ['aaaaaaaaaaaaaaaaaaaaaab', 'a'.repeat(1_000_000)],
    ['s3cr3t-token', Buffer.alloc(600_000).toString('base64')],
    ['0000000000000000001', '0'.repeat(1_000_000)],
  ] as const)
    it(`is done at once with a text of ${text.length} characters: ${JSON.stringify(text.slice(0, 6))}`, function () {
      this.timeout(60_000);
      assert.equal(redactorOf(secret)(`%41${text}`), `%41${text}`);
    });

  it('finds a secret of which any one character is escaped, wherever in a long text', () => {
    const secret = 's3cr3t-Token';
    const redact = redactorOf(secret, 'another-s3cret');
    const filler = 'x y '.repeat(5000);
    const texts = [...secret].flatMap((character, index) => {
      const code = character.charCodeAt(0).toString(16);
      return [`%${code}`, `%252525${code}`, `\\u00${code}`, `&amp;#x0${code};`].map(
        (written) => `${secret.slice(0, index)}${written}${secret.slice(index + 1)}`,
      );
    });
    for (const text of texts)
      assert.equal(
        redact(`${text}${filler}(${text})${filler}%41${filler}${text}`),
        `<masked>${filler}(<masked>)${filler}%41${filler}<masked>`,
      );
  });

  it('takes long secrets', () => {
    const token = Array.from({ length: 4000 }, (_, index) => (index * 7919).toString(36)).join('.');
    assert.equal(
      redactorOf(token)(`a ${token} b ${encodeURIComponent(token)} ${JSON.stringify(token)}`),
      'a <masked> b <masked> "<masked>"',
    );
  });
});
