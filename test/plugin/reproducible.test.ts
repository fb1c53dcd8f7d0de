import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describePackaged } from '../support/packages/describe-packages.ts';
import { runPackage, sha256 } from '../support/packages/packages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describePackaged('a second build', (made) => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'second-build-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  // One program of each kind of file and of each Node: the other two differ from these in their base alone.
  it('of a clean copy in another folder gives the same bytes', async function () {
    this.timeout(15 * 60_000);
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' });
    const wanted = files.split('\0').filter((name) => /^(src|scripts|test\/(support|control-plane|fixtures)|[^/]+$)/.test(name));
    for (const file of wanted) {
      if (statSync(join(ROOT, file), { throwIfNoEntry: false })?.isFile()) cpSync(join(ROOT, file), join(folder, file));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await runPackage(folder, ['--out', join(folder, 'dist'), '--level', '1', '--only', 'linux-amd64,darwin-arm64,windows-amd64']);
    const second = (file: string) => sha256(readFileSync(file.replace(made().dir, join(folder, 'dist'))));
    for (const file of [made().program('linux', 'amd64'), made().program('darwin', 'arm64'), made().program('windows', 'amd64')]) {
      assert.equal(second(file), sha256(readFileSync(file)), file);
    }
    if (made().dir !== join(ROOT, 'dist')) {
      for (const file of [made().archive('linux', 'amd64'), made().archive('windows', 'amd64', 'zip')]) {
        assert.equal(second(file), sha256(readFileSync(file)), file);
      }
    }
  });
});
