import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/run-cli.ts';

const LAUNCHER = new URL('../../../plugin/kubectl-kserve', import.meta.url).pathname;
// As kubectl does: it runs the completer with the words after the plugin's name.
const KUBECTL = '#!/bin/sh\n[ "$1 $2" = "__complete kserve" ] && shift 2 && exec kubectl_complete-kserve "$@"\n';

describe('completion install', () => {
  let folder: string;
  let completer: string;
  let env: Record<string, string>;

  function script(name: string, text: string): void {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'completion-'));
    completer = join(folder, 'kubectl_complete-kserve');
    env = { PATH: `${folder}:/usr/bin:/bin` };
    symlinkSync(LAUNCHER, join(folder, 'kubectl-kserve'));
    script('kubectl', KUBECTL);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes a relative link beside the plugin and proves that kubectl uses it', async () => {
    const done = {
      code: 0,
      stdout: `${completer} answers kubectl: TAB works after kubectl kserve, in a shell that has loaded kubectl completion.\n`,
      stderr: '',
    };
    assert.deepEqual(await runCli({ argv: 'completion install', env }), done);
    assert.equal(readlinkSync(completer), 'kubectl-kserve');
    assert.deepEqual(await runCli({ argv: 'completion install', env }), done);
    assert.deepEqual(await runCli({ argv: 'completion status', env }), { code: 0, stdout: `installed: ${completer}\n`, stderr: '' });
    assert.deepEqual(await runCli({ argv: 'completion uninstall', env }), { code: 0, stdout: `${completer} is gone.\n`, stderr: '' });
    assert.equal(existsSync(completer), false);
  });

  describe('where krew installed the plugin', () => {
    let bin: string;
    let own: string;

    beforeEach(() => {
      bin = join(folder, 'krew/bin');
      own = join(folder, 'home/.local/bin');
      for (const path of [bin, own, join(folder, 'krew/receipts')]) mkdirSync(path, { recursive: true });
      symlinkSync(LAUNCHER, join(bin, 'kubectl-kserve'));
      rmSync(join(folder, 'kubectl-kserve'));
      writeFileSync(join(folder, 'krew/receipts/kserve.yaml'), '');
      env = { HOME: join(folder, 'home'), PATH: `${folder}:${bin}:${own}:/usr/bin:/bin` };
    });

    it('keeps its link out of a folder in which krew would trip over it', async () => {
      const link = join(own, 'kubectl_complete-kserve');
      const { code, stdout, stderr } = await runCli({ argv: 'completion install', env });
      assert.deepEqual([code, stdout.split(' ')[0], stderr], [0, link, '']);
      assert.equal(readlinkSync(link), join(bin, 'kubectl-kserve'));
      assert.deepEqual(readdirSync(bin), ['kubectl-kserve']);
      assert.equal((await runCli({ argv: 'completion status', env })).stdout, `installed: ${link}\n`);
      assert.deepEqual(await runCli({ argv: 'completion uninstall', env }), { code: 0, stdout: `${link} is gone.\n`, stderr: '' });
      assert.deepEqual(readdirSync(own), []);
    });

    it('makes it beside the plugin where krew is a plugin of its own, which keeps a receipt', async () => {
      writeFileSync(join(folder, 'krew/receipts/krew.yaml'), '');
      const { stdout, stderr } = await runCli({ argv: 'completion install', env });
      assert.deepEqual([stdout.split(' ')[0], stderr], [join(bin, 'kubectl_complete-kserve'), '']);
    });

    it('says what to run first where the user has no other folder on PATH', async () => {
      env = { ...env, HOME: join(folder, 'elsewhere') };
      const { code, stdout, stderr } = await runCli({ argv: 'completion install', env });
      assert.deepEqual([code, stdout.split(' ')[0]], [0, join(bin, 'kubectl_complete-kserve')]);
      assert.match(stderr, /^hint: run kubectl kserve completion uninstall before you uninstall the plugin: /);
    });
  });

  it('replaces a link that dangles', async () => {
    symlinkSync('gone', completer);
    assert.equal((await runCli({ argv: 'completion install', env })).code, 0);
  });

  it('says so when it is not installed', async () => {
    const status = await runCli({ argv: 'completion status', env });
    assert.deepEqual(status, { code: 1, stdout: 'not installed\n', stderr: 'hint: kubectl kserve completion install\n' });
    const uninstall = await runCli({ argv: 'completion uninstall', env });
    assert.deepEqual(uninstall, { code: 0, stdout: `${completer} is not there: nothing to do.\n`, stderr: '' });
  });

  it('leaves a file alone that it did not make', async () => {
    script('kubectl_complete-kserve', '#!/bin/sh\n');
    const { code, stderr } = await runCli({ argv: 'completion uninstall', env });
    assert.deepEqual([code, stderr], [3, `error: completion install did not make ${completer}: left alone\n`]);
    const install = await runCli({ argv: 'completion install', env });
    assert.equal(install.code, 3);
    assert.match(install.stderr, /^error: kubectl __complete kserve "" did not offer the commands of this plugin\nhint: /);
    assert.ok(install.stderr.includes(`on PATH: ${completer} is what kubectl asks`), install.stderr);
    assert.equal(readFileSync(completer, 'utf8'), '#!/bin/sh\n');
  });

  it('leaves a link alone that leads elsewhere', async () => {
    script('other', '#!/bin/sh\n');
    symlinkSync('other', completer);
    for (const argv of ['completion install', 'completion uninstall']) assert.equal((await runCli({ argv, env })).code, 3);
    assert.equal(readlinkSync(completer), 'other');
  });

  it('leaves nothing behind that does not work', async () => {
    script('kubectl', '#!/bin/sh\necho something else\n');
    assert.equal((await runCli({ argv: 'completion install', env })).code, 3);
    rmSync(join(folder, 'kubectl'));
    assert.equal((await runCli({ argv: 'completion install', env: { PATH: folder } })).code, 3);
    assert.equal(lstatSync(completer, { throwIfNoEntry: false }), undefined);
  });

  it('takes an empty KUBECTL_PATH for none', async () => {
    assert.equal((await runCli({ argv: 'completion install', env: { ...env, KUBECTL_PATH: '' } })).code, 0);
  });

  it('shows a folder as it is named', async () => {
    const odd = join(folder, 'a b\u001b[2J');
    mkdirSync(odd);
    symlinkSync(LAUNCHER, join(odd, 'kubectl-kserve'));
    const { code, stdout } = await runCli({ argv: 'completion install', env: { PATH: `${odd}:${folder}:/usr/bin:/bin` } });
    assert.deepEqual([code, stdout.includes('a b^[[2J')], [0, true]);
  });

  it('says what is missing on PATH', async () => {
    mkdirSync(join(folder, 'empty'));
    const { code, stderr } = await runCli({ argv: 'completion install', env: { PATH: join(folder, 'empty') } });
    assert.equal(code, 3);
    assert.match(stderr, /^error: kubectl-kserve is not on PATH, so kubectl cannot find it either\nhint: /);
    rmSync(join(folder, 'kubectl'));
    const without = await runCli({ argv: 'completion install', env: { PATH: folder } });
    assert.equal(without.stderr, 'error: kubectl is not on PATH, so completion cannot be tried\n');
  });

  it('is not offered on Windows', async () => {
    for (const verb of ['install', 'status', 'uninstall']) {
      const { code, stderr } = await runCli({ argv: `completion ${verb}`, env, platform: 'win32' });
      assert.equal(code, 3);
      assert.match(stderr, /^error: kubectl does not complete plugins on Windows\nhint: .*completion powershell/);
    }
  });
});
