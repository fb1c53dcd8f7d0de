import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TARGETS } from '../../scripts/package/targets.ts';
import { describePackaged } from '../support/packages/describe-packages.ts';
import { runPackage, sha256 } from '../support/packages/packages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describePackaged('a second build', (made) => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'second-build-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('of a clean copy in another folder gives the same bytes', async function () {
    this.timeout(30 * 60_000);
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' });
    const wanted = files.split('\0').filter((name) => /^(src|scripts|tools|test\/(support|fixtures)|[^/]+$)/.test(name));
    for (const file of wanted) {
      if (statSync(join(ROOT, file), { throwIfNoEntry: false })?.isFile()) cpSync(join(ROOT, file), join(folder, file));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await runPackage(folder, ['--out', join(folder, 'dist'), '--level', String(made().level)]);
    // checksums.txt has the digest of each archive and of the bill of materials; that they are right, another test says.
    for (const file of ['checksums.txt', 'plugins/kserve.yaml']) {
      assert.equal(readFileSync(join(folder, 'dist', file), 'utf8'), readFileSync(join(made().dir, file), 'utf8'), file);
    }
    for (const { os, arch } of TARGETS) {
      const program = made().program(os, arch);
      assert.equal(digest(program.replace(made().dir, join(folder, 'dist'))), digest(program), program);
    }
  });
});

function digest(file: string): string {
  return sha256(readFileSync(file));
}
