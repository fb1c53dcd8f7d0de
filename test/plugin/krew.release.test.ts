import assert from 'node:assert/strict';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { krewBinaries } from '../../tools/control-plane/binaries.ts';
import { describeReal } from '../support/describe-real.ts';
import { describePackaged } from '../support/packages/describe-packages.ts';
import { type Krew, type KrewOptions, makeIndex, publish, serveArchives, setUpKrew } from '../support/packages/krew.ts';
import { VERSION } from '../support/packages/packages.ts';
import type { Outcome } from '../support/packages/run.ts';

const PLATFORMS = ['linux', 'darwin', 'windows'].flatMap((os) => ['amd64', 'arm64'].map((arch) => ({ os, arch })));

/** Runs to success, and gives what was printed. */
async function done(outcome: Promise<Outcome>): Promise<string> {
  const { code, stdout, stderr } = await outcome;
  assert.equal(code, 0, stderr);
  return stdout;
}

describePackaged('krew', (made) => {
  describeReal('with the real kubectl', (plane) => {
    let folder: string;
    let tools: string;

    before(async function () {
      this.timeout(10 * 60_000);
      const krew = await krewBinaries();
      if (krew.kind === 'unavailable') throw new Error(krew.reason);
      tools = krew.dir;
    });
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'krew-test-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const setUp = (options: Partial<KrewOptions> = {}): Krew => setUpKrew({ tools, kubectl: plane().kubectlPath, folder, ...options });
    const manifestFile = () => join(made().dir, 'plugins/kserve.yaml');
    const install = (krew: Krew, os: string, arch: string) =>
      krew.krew('install', `--manifest=${manifestFile()}`, `--archive=${made().archive(os, arch)}`);

    for (const { os, arch } of PLATFORMS) {
      it(`installs on ${os}/${arch}`, async function () {
        this.timeout(120_000);
        const krew = setUp({ os, arch });
        const { code, stdout, stderr } = await install(krew, os, arch);
        assert.deepEqual([code, stdout], [0, ''], stderr);
        assert.match(stderr, /^Installed plugin: kserve$/m);
        const program = os === 'windows' ? 'kubectl-kserve.exe' : 'kubectl-kserve';
        assert.deepEqual(readdirSync(join(krew.root, 'bin')), [program]);
        const installed = realpathSync(join(krew.root, 'bin', program));
        assert.equal(installed, join(realpathSync(krew.root), 'store/kserve', VERSION, program));
        assert.equal(lstatSync(installed).mode & 0o777, 0o755);
      });
    }

    it('takes the manifest as it stands', async () => {
      const { code, stderr } = await setUp().validate('-manifest', manifestFile(), '-skip-install');
      assert.equal(code, 0, stderr);
      assert.match(stderr, /no overlapping spec\.platform\[\]\.selector\n$/);
    });

    it('takes every archive that the manifest points at', async function () {
      this.timeout(5 * 60_000);
      const { manifest, stop } = await serveArchives(made());
      try {
        writeFileSync(join(folder, 'kserve.yaml'), manifest);
        const { code, stderr } = await setUp().validate('-manifest', join(folder, 'kserve.yaml'));
        assert.equal(code, 0, stderr);
        assert.match(stderr, /all 6 spec\.platforms installed fine\n$/);
      } finally {
        stop();
      }
    });

    it('has kubectl find, list, run and complete it', async function () {
      this.timeout(120_000);
      const krew = setUp({ kubeconfig: plane().kubeconfig('admin') });
      await done(install(krew, 'linux', 'amd64'));
      const listed = await krew.kubectl('plugin', 'list', '--name-only');
      assert.deepEqual(listed, {
        code: 0,
        stdout: 'The following compatible plugins are available:\n\nkubectl-kserve\nkubectl-krew\n',
        stderr: '',
      });
      const client = await krew.kubectl('kserve', 'version', '--client', '-o', 'json');
      assert.deepEqual([client.code, JSON.parse(client.stdout).plugin.version, client.stderr], [0, VERSION, '']);
      assert.match((await krew.kubectl('kserve', 'version', '--help')).stdout, /^ {2}kubectl kserve version --client$/m);

      const installed = await krew.kubectl('kserve', 'completion', 'install');
      assert.equal(installed.code, 0, installed.stderr);
      const completed = await krew.kubectl('__completeNoDesc', 'kserve', 'ru');
      assert.equal(completed.stdout, 'runtimes\n:4\n');
      const namespace = await plane().createNamespace('krew');
      const namespaces = await krew.kubectl('__completeNoDesc', 'kserve', 'runtimes', 'list', '-n', namespace);
      assert.equal(namespaces.stdout, `${namespace}\n:4\n`);
    });

    it('upgrades it from this repository as an index, with its completion, and uninstalls it', async function () {
      this.timeout(5 * 60_000);
      const krew = setUp();
      const index = join(folder, 'index');
      const { manifest, stop } = await serveArchives(made());
      try {
        await makeIndex(index, manifest);
        await done(krew.krew('index', 'add', 'kserve', `file://${index}`));
        const first = await krew.krew('install', 'kserve/kserve');
        assert.equal(first.code, 0, first.stderr);
        await done(krew.kubectl('kserve', 'completion', 'install'));

        await publish(index, manifest.replace(`version: ${VERSION}`, 'version: v99.0.0'));
        const upgraded = await krew.krew('upgrade', 'kserve');
        assert.equal(upgraded.code, 0, upgraded.stderr);
        assert.deepEqual(readdirSync(join(krew.root, 'store/kserve')), ['v99.0.0']);
        await done(krew.kubectl('kserve', 'completion', 'status'));
        assert.equal((await krew.krew('list')).stdout, 'kserve/kserve\n');

        // The link of completion is left behind, where krew does not trip over it.
        await done(krew.krew('uninstall', 'kserve'));
        assert.deepEqual(readdirSync(join(krew.root, 'bin')), []);
        assert.equal((await done(krew.krew('list'))).trim(), '');
        assert.doesNotMatch((await krew.kubectl('__completeNoDesc', 'kserve', 'ru')).stdout, /runtimes/);
        await done(krew.krew('install', 'kserve/kserve'));
        await done(krew.kubectl('kserve', 'completion', 'status'));
        await done(krew.kubectl('kserve', 'completion', 'uninstall'));
        await done(krew.krew('uninstall', 'kserve'));
        assert.deepEqual(readdirSync(join(krew.root, 'store')), []);
      } finally {
        stop();
      }
    });

    it('refuses an archive that was changed', async function () {
      this.timeout(120_000);
      const krew = setUp();
      const changed = join(folder, 'changed.tar.gz');
      writeFileSync(changed, Buffer.concat([readFileSync(made().archive('linux', 'amd64')), Buffer.alloc(1)]));
      const { code, stderr } = await krew.krew('install', `--manifest=${manifestFile()}`, `--archive=${changed}`);
      assert.equal(code, 1);
      assert.match(stderr, /checksum does not match/);
    });
  });
});
