import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveProviderConfig } from '../../../src/cluster/kubeconfig/write.ts';

describe('saveProviderConfig', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'write-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function saved(text: string): Promise<string> {
    const file = join(folder, 'config');
    writeFileSync(file, text);
    await saveProviderConfig(file, 'ana', { 'id-token': 'new' });
    return readFileSync(file, 'utf8');
  }

  /** Integers that are no doubles, and other numbers that are written in a way of their own. */
  const NUMBERS = [
    '9007199254740993',
    '-9007199254740993',
    '18446744073709551615',
    '123456789012345678901234567890',
    '9007199254740991',
    '0',
    '-1',
  ];

  it('keeps numbers of YAML that are none of ours', async () => {
    const values = NUMBERS.map((number) => `    - ${number}\n`).join('');
    const text = await saved(
      `users:\n- name: ana\n  user:\n    auth-provider:\n      name: oidc\n      config:\n        id-token: old\nextensions:\n- name: x\n  extension:\n    values:\n${values}    hex: 0x20000000000001\n    quoted: "9007199254740993"\n    half: 1.5\n`,
    );
    assert.deepEqual(
      text.match(/- -?\d+$/gm),
      NUMBERS.map((number) => `- ${number}`),
    );
    assert.match(text, /^ +hex: 9007199254740993$/m);
    assert.match(text, /^ +quoted: ["']9007199254740993["']$/m);
    assert.match(text, /^ +half: 1\.5$/m);
    assert.match(text, /^ +id-token: new$/m);
  });

  it('keeps numbers of YAML that looks like JSON', async () => {
    const user = '{name: ana, user: {auth-provider: {name: oidc, config: {id-token: old}}}}';
    const text = await saved(`{users: [${user}], extensions: [{name: x, extension: [${NUMBERS.join(', ')}]}]}`);
    for (const number of NUMBERS)
      assert.ok(
        text.split('\n').some((line) => line.trim().replace(/,$/, '') === number),
        `${number} in ${text}`,
      );
  });

  it('keeps numbers of JSON that are none of ours', async () => {
    const numbers = [...NUMBERS, '1e400', '1.00', '12345678901234567.25'];
    const user = '{"name": "ana", "user": {"auth-provider": {"name": "oidc", "config": {"id-token": "old"}}}}';
    const text = await saved(
      `{"users": [${user}], "extensions": [{"name": "x", "extension": [${numbers.join(', ')}, "9007199254740993"]}]}`,
    );
    for (const number of numbers)
      assert.ok(
        text.split('\n').some((line) => line.trim().replace(/,$/, '') === number),
        `${number} in ${text}`,
      );
    assert.match(text, /^ +"9007199254740993"$/m);
    assert.match(text, /"id-token": "new"/);
  });
});
