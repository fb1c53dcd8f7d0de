import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { controlPlaneBinaries } from '../../../tools/control-plane/binaries.ts';
import { buildGoTools } from '../../../tools/control-plane/go-tools.ts';

const PACKAGES = { alpha: 'example.test/module/cmd/alpha', beta: 'example.test/other/v3' };

/** Stands for Go: writes the `-o` file and a line to a log, or fails for a package called `broken`. */
const FAKE_GO = `#!${process.execPath}
const { appendFileSync, writeFileSync } = require('node:fs');
const [verb, ...args] = process.argv.slice(2);
if (verb === 'version') process.exit(0);
const source = args.at(-1);
appendFileSync(process.env.FAKE_GO_LOG, [verb, args[args.indexOf('-ldflags') + 1], source, process.env.CGO_ENABLED].join('|') + '\\n');
if (source.endsWith('killed')) process.kill(process.pid, 'SIGKILL');
if (source.endsWith('broken')) { console.error('broken.go:1: syntax error'); process.exit(1); }
const out = args[args.indexOf('-o') + 1];
require('node:fs').mkdirSync(require('node:path').dirname(out), { recursive: true });
writeFileSync(out, source);
`;

describe('buildGoTools', () => {
  let base: string;
  let env: NodeJS.ProcessEnv;
  let lines: string[];
  const report = (line: string) => void lines.push(line);
  const moduleDir = () => join(base, 'module');
  const builds = () => readFileSync(join(base, 'log'), 'utf8').trim().split('\n');
  const cache = () => join(base, 'cache', 'kubectl-kserve');

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'go-tools-test-'));
    lines = [];
    for (const folder of ['bin', 'module']) mkdirSync(join(base, folder));
    writeFileSync(join(base, 'bin', 'go'), FAKE_GO, { mode: 0o755 });
    writeFileSync(join(moduleDir(), 'go.mod'), 'module example.test/module\n');
    writeFileSync(join(moduleDir(), 'go.sum'), 'sum 1\n');
    env = { PATH: join(base, 'bin'), XDG_CACHE_HOME: join(base, 'cache'), FAKE_GO_LOG: join(base, 'log') };
  });
  afterEach(() => rmSync(base, { recursive: true }));

  it('builds once, says so in one line, and finds it again', async () => {
    const first = await buildGoTools(moduleDir(), PACKAGES, { env, report });
    assert.equal(first.kind, 'ready');
    assert.deepEqual(readdirSync(first.dir).sort(), ['alpha', 'beta']);
    assert.equal(readFileSync(join(first.dir, 'beta'), 'utf8'), PACKAGES.beta);
    assert.deepEqual(builds(), [`build|-s -w|${PACKAGES.alpha}|0`, `build|-s -w|${PACKAGES.beta}|0`]);
    assert.deepEqual(lines, [`Building alpha, beta with Go, once; the first time takes minutes. They go to ${first.dir}`]);
    assert.deepEqual(await buildGoTools(moduleDir(), PACKAGES, { env, report }), first);
    assert.equal(builds().length, 2);
    assert.equal(lines.length, 1);
    assert.deepEqual(readdirSync(cache()), [first.dir.slice(cache().length + 1)]);
  });

  it('builds anew when go.sum, the sources, the packages or the flags change', async () => {
    const dirs = [await buildGoTools(moduleDir(), PACKAGES, { env, report })];
    dirs.push(await buildGoTools(moduleDir(), { alpha: PACKAGES.alpha }, { env, report }));
    dirs.push(await buildGoTools(moduleDir(), PACKAGES, { env, report, ldflags: '-X version=2' }));
    writeFileSync(join(moduleDir(), 'go.sum'), 'sum 2\n');
    dirs.push(await buildGoTools(moduleDir(), PACKAGES, { env, report }));
    writeFileSync(join(moduleDir(), 'main.go'), 'package main\n');
    dirs.push(await buildGoTools(moduleDir(), PACKAGES, { env, report }));
    assert.equal(new Set(dirs.map((tools) => (tools.kind === 'ready' ? tools.dir : ''))).size, 5);
    assert.equal(builds().length, 9);
  });

  it('shares one build between two that start at once', async () => {
    const both = await Promise.all([1, 2].map(() => buildGoTools(moduleDir(), PACKAGES, { env, report })));
    assert.deepEqual(both[0], both[1]);
    assert.equal(builds().length, 2);
  });

  for (const { title, lock } of [
    {
      title: 'whose process is gone',
      lock: (file: string) => writeFileSync(file, String(spawnSync(process.execPath, ['-e', '']).pid)),
    },
    {
      title: 'whose heartbeat stopped, though its process id is in use again',
      lock: (file: string) => {
        writeFileSync(file, String(process.pid));
        utimesSync(file, new Date(0), new Date(0));
      },
    },
  ]) {
    it(`takes over the lock of a build ${title}, and removes what that left`, async () => {
      const { dir } = (await buildGoTools(moduleDir(), PACKAGES, { env, report })) as { dir: string };
      rmSync(dir, { recursive: true });
      lock(`${dir}.lock`);
      mkdirSync(`${dir}.building-1/bin`, { recursive: true });
      assert.deepEqual(await buildGoTools(moduleDir(), PACKAGES, { env, report }), { kind: 'ready', dir });
      assert.deepEqual(readdirSync(dirname(dir)), [dir.slice(dirname(dir).length + 1)]);
    });
  }

  it('fails with what Go said, and leaves nothing', async () => {
    const broken = { alpha: PACKAGES.alpha, broken: 'example.test/broken' };
    await assert.rejects(buildGoTools(moduleDir(), broken, { env, report }), {
      message: `go build example.test/broken failed in ${moduleDir()}:\nbroken.go:1: syntax error`,
    });
    assert.deepEqual(readdirSync(cache()), []);
  });

  it('says what ended Go, if it did not end by itself', async () => {
    await assert.rejects(buildGoTools(moduleDir(), { killed: 'example.test/killed' }, { env, report }), {
      message: `go build example.test/killed failed (SIGKILL) in ${moduleDir()}:\n`,
    });
  });

  it('is unavailable without Go', async () => {
    const none = { ...env, PATH: join(base, 'module') };
    assert.deepEqual(await buildGoTools(moduleDir(), PACKAGES, { env: none, report }), {
      kind: 'unavailable',
      reason: 'Go is not installed',
    });
    assert.deepEqual(await controlPlaneBinaries(none), {
      kind: 'unavailable',
      reason: 'Go is not installed and KUBEBUILDER_ASSETS is not set, so there is no kube-apiserver to test against',
    });
    assert.equal(existsSync(cache()), false);
  });

  it('is not needed with KUBEBUILDER_ASSETS, which must be complete', async () => {
    const assets = join(base, 'assets');
    mkdirSync(assets);
    writeFileSync(join(assets, 'etcd'), '');
    await assert.rejects(controlPlaneBinaries({ KUBEBUILDER_ASSETS: assets }), {
      message: `KUBEBUILDER_ASSETS=${assets} has no kube-apiserver, no kubectl: correct or unset it`,
    });
    for (const name of ['kube-apiserver', 'kubectl']) writeFileSync(join(assets, name), '');
    assert.deepEqual(await controlPlaneBinaries({ KUBEBUILDER_ASSETS: assets }), { kind: 'ready', dir: assets });
  });
});
