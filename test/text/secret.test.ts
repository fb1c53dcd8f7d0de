import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { reveal, Secret } from '../../src/text/secret.ts';

/** Each shows a secret in another way. */
const SHOWN: Readonly<Record<string, (secret: Secret<unknown>) => unknown>> = {
  'JSON.stringify': (secret) => JSON.stringify({ secret }),
  String: (secret) => String(secret),
  'a template literal': (secret) => `${secret}`,
  concat: (secret) => 'a'.concat(secret as unknown as string),
  join: (secret) => [secret].join(),
  'util.inspect': (secret) => inspect(secret, { showHidden: true, depth: null, getters: true }),
  'util.inspect of what holds it': (secret) => inspect({ secret: [new Map([[secret, secret]])] }, { showHidden: true, depth: null }),
  'util.inspect past its own word': (secret) => inspect(secret, { showHidden: true, depth: null, customInspect: false }),
  'util.format': (secret) => ['%s', '%o', '%O', '%j', '%d'].map((way) => format(way, secret)).join(),
  'its keys': (secret) => [Object.keys(secret), Object.entries(secret), Reflect.ownKeys(secret)],
  'its descriptors': (secret) => Object.getOwnPropertyDescriptors(secret),
  'a for-in loop': (secret) => {
    const found: string[] = [];
    for (const key in secret) found.push(key);
    return found;
  },
  'a spread': (secret) => ({ ...secret }),
  'Object.assign': (secret) => Object.assign({}, secret),
  structuredClone: (secret) => structuredClone(secret),
  'an error that carries it': (secret) =>
    inspect(new Error('x', { cause: secret }), { showHidden: true, depth: null }).replaceAll(/^ +at .*\n?/gm, ''),
  'its class': (secret) =>
    [secret.constructor.name, Reflect.ownKeys(secret.constructor), Reflect.ownKeys(Object.getPrototypeOf(secret))].flat().map(String),
};

describe('Secret', () => {
  for (const [way, show] of Object.entries(SHOWN)) {
    it(`looks the same whatever it holds: ${way}`, () => {
      const of = (value: unknown) => inspect(show(new Secret(value)), { showHidden: true, depth: null });
      const expected = of('');
      assert.doesNotMatch(expected, /value/);
      fc.assert(
        fc.property(
          fc.oneof(fc.string(), fc.uint8Array().map(Buffer.from), fc.dictionary(fc.string(), fc.string())),
          (value) => of(value) === expected,
        ),
      );
    });
  }

  it('is shown as ***', () => {
    const secret = new Secret('s3cret');
    const shown = [
      JSON.stringify([secret]),
      String(secret),
      `a ${secret}`,
      inspect(secret),
      inspect({ secret }, { showHidden: true }),
      format('%s', secret),
    ];
    assert.deepEqual(shown, ['["***"]', '***', 'a ***', '***', '{ secret: *** }', '***']);
  });

  it('gives back what it holds', () => {
    fc.assert(fc.property(fc.string(), (value) => reveal(new Secret(value)) === value));
    const key = Buffer.from('key');
    assert.equal(reveal(new Secret(key)), key);
  });

  it('cannot be copied to be opened', () => {
    const secret = new Secret('s3cret');
    for (const copy of [structuredClone(secret), { ...secret }, Object.create(Secret.prototype), Object.create(secret)]) {
      assert.throws(() => reveal(copy as Secret), TypeError);
    }
  });
});

const SOURCES = new URL('../../src/', import.meta.url).pathname;

/** The folders that use credentials or send them. */
const MAY_OPEN = /^cluster\/(?:credentials|transport)\//;
const OPENS = /\{[^{}]*\breveal\b[^{}]*\} from '[^']*\/secret\.ts'/;
const TAKES_ALL = /(?:\* as \w+ from|import\(|export \*[^;]*from)\s*'[^']*\/secret\.ts'/;

describe('reveal', () => {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: file.replaceAll('\\', '/'), text: readFileSync(join(SOURCES, file), 'utf8') }));
  const filesWith = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

  it('is for credentials and transport only', () => {
    const opening = filesWith(OPENS);
    assert.ok(opening.includes('cluster/credentials/authorization.ts') && opening.includes('cluster/transport/headers.ts'));
    const others = opening.filter((file) => !MAY_OPEN.test(file));
    assert.deepEqual(others, []);
  });

  it('is not had with the whole module', () => {
    assert.deepEqual(filesWith(TAKES_ALL), []);
  });

  it('is known by the ways to import it', () => {
    for (const text of ["import { reveal } from '../text/secret.ts'", "export { type Secret, reveal as x } from './secret.ts'"])
      assert.match(text, OPENS);
    assert.doesNotMatch("import { Secret } from '../text/secret.ts'", OPENS);
    for (const text of ["import * as all from './secret.ts'", "await import('../text/secret.ts')", "export * from './secret.ts'"])
      assert.match(text, TAKES_ALL);
  });
});
