import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describeReal } from './describe-real.ts';

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const HOOKS = fileURLToPath(new URL('hooks.ts', import.meta.url));

/** What a spec of its own does; `module(path)` is the address of a file, from here. */
const WITH_CONTROL_PLANE = (body: string) => `
  import { controlPlane } from '${module('../../tools/control-plane/control-plane.ts')}';
  it('uses the API server', async function () {
    this.timeout(60_000);
    const plane = await controlPlane();
    console.log('folder=' + plane.folder + ' url=' + plane.url + ';');
    ${body}
  });`;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hooks-test-'));
});
after(() => rmSync(folder, { recursive: true }));

describe('hooks', () => {
  it('let a good run pass', async () => {
    const { code, output } = await finish(
      mocha(`import { atTeardown } from '${module('../../tools/teardown.ts')}';
      it('passes', () => atTeardown(async () => console.log('torn down')));`),
    );
    assert.equal(code, 0);
    assert.match(output, /torn down\n$/);
  });

  for (const mode of ['--no-parallel', '--parallel']) {
    it(`fail a run with ${mode} in which Node warned`, async () => {
      const { code, output } = await finish(mocha(`it('warns', () => process.emitWarning('something is deprecated'));`, mode));
      assert.equal(code, 1);
      assert.match(output, /Error: process warnings during the run:\nWarning: something is deprecated\n/);
    });
  }

  it('tear everything down, the latest first, and fail a run that could not', async () => {
    const { code, output } = await finish(
      mocha(`import { atTeardown } from '${module('../../tools/teardown.ts')}';
      it('passes', () => {
        atTeardown(async () => console.log('first'));
        atTeardown(async () => { throw new Error('stuck'); });
        atTeardown(async () => console.log('last'));
      });`),
    );
    assert.equal(code, 1);
    assert.match(
      output,
      /\nlast\nfirst\n\n\[mocha\] global teardown failed:\nAggregateError: the run left something behind:\nError: stuck\n/,
    );
  });
});

describeReal('hooks', () => {
  it('stop the API server after a failed test', async function () {
    this.timeout(60_000);
    const { code, output } = await finish(mocha(WITH_CONTROL_PLANE(`throw new Error('failed on purpose');`)));
    assert.equal(code, 1);
    await isGone(output);
  });

  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    it(`leave nothing of it after ${signal}`, async function () {
      this.timeout(60_000);
      const run = mocha(WITH_CONTROL_PLANE('await new Promise((resolve) => setTimeout(resolve, 3_600_000));'));
      const { output } = await finish(run, (shown) => {
        if (shown.includes(';')) run.kill(signal);
      });
      await isGone(output);
    });
  }
});

type Run = ChildProcessByStdio<null, Readable, Readable>;

function mocha(spec: string, mode = '--no-parallel'): Run {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.test.ts`);
  writeFileSync(file, spec);
  return spawn(process.execPath, [MOCHA, '--no-config', '--require', HOOKS, mode, '--jobs=2', file], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finish(run: Run, watch: (shown: string) => void = () => undefined): Promise<{ code: number | null; output: string }> {
  let output = '';
  for (const stream of [run.stdout, run.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      watch(output);
    });
  }
  const code = await new Promise<number | null>((resolve) => run.on('close', resolve));
  return { code, output };
}

/** The folder goes last. After a signal that is a moment later: mocha's timeout is the limit. */
async function isGone(output: string): Promise<void> {
  const [, kept = '', url = ''] = /folder=(\S+) url=(\S+);/.exec(output) ?? [];
  assert.notEqual(kept, '', output);
  while (existsSync(kept)) await delay(20);
  await assert.rejects(fetch(url), (error: Error) => (error.cause as NodeJS.ErrnoException).code === 'ECONNREFUSED');
}

function module(path: string): string {
  return new URL(path, import.meta.url).href;
}
