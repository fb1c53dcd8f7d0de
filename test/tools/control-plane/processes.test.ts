import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSupervisor } from '../../../tools/control-plane/processes.ts';

/** Prints its own process id and that of a child, and stays. */
const PARENT_AND_CHILD = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  console.log(process.pid + ' ' + child.pid);
  setInterval(() => {}, 1000);`;

describe('supervisor', () => {
  let base: string;
  before(() => {
    base = mkdtempSync(join(tmpdir(), 'supervisor-test-'));
  });
  after(() => rmSync(base, { recursive: true }));

  it('reports the end of a process, and keeps what it wrote', async () => {
    const supervisor = startSupervisor(join(base, 'ends'));
    const end = await supervisor.run({
      name: 'three',
      command: process.execPath,
      args: ['-e', 'console.log("out"); console.error("err"); process.exit(3)'],
    });
    assert.deepEqual(end, { name: 'three', code: 3, signal: null });
    assert.equal(supervisor.tail('three'), 'out\nerr');
    await supervisor.stop();
    assert.equal(existsSync(supervisor.folder), false);
  });

  it('reports a program that is not there', async () => {
    const supervisor = startSupervisor(join(base, 'absent'));
    const end = await supervisor.run({ name: 'absent', command: join(base, 'no-such-program'), args: [] });
    assert.equal(end.error, `spawn ${join(base, 'no-such-program')} ENOENT`);
    await supervisor.stop();
  });

  it('freezes a process, and lets it go on', async () => {
    const supervisor = startSupervisor(join(base, 'freeze'));
    void supervisor.run({ name: 'ticks', command: process.execPath, args: ['-e', 'setInterval(() => console.log(process.pid), 5)'] });
    const [pid = ''] = await until(() => /^\d+$/m.exec(supervisor.tail('ticks')));
    const isFrozen = () => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (process.platform === 'linux') {
      supervisor.signal({ name: 'ticks', signal: 'SIGSTOP' });
      await until(isFrozen);
      supervisor.signal({ name: 'ticks', signal: 'SIGCONT' });
      await until(() => !isFrozen());
    }
    await supervisor.stop();
  });

  it('kills what it started, and what that started, and removes the folder', async () => {
    const supervisor = startSupervisor(join(base, 'stop'));
    const ended = supervisor.run({ name: 'family', command: process.execPath, args: ['-e', PARENT_AND_CHILD] });
    const pids = await until(() => /^(\d+) (\d+)$/.exec(supervisor.tail('family')));
    assert.deepEqual(pids.slice(1).map(Number).map(isRunning), [true, true]);
    await supervisor.stop();
    assert.equal((await ended).signal, 'SIGKILL');
    await until(() =>
      pids
        .slice(1)
        .map(Number)
        .every((pid) => !isRunning(pid)),
    );
    assert.equal(existsSync(supervisor.folder), false);
  });

  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    it(`does so too when the run dies by ${signal}`, async () => {
      const folder = join(base, signal);
      const program = `
        const { startSupervisor } = await import(${JSON.stringify(new URL('../../../tools/control-plane/processes.ts', import.meta.url).href)});
        const supervisor = startSupervisor(${JSON.stringify(folder)});
        void supervisor.run({ name: 'family', command: process.execPath, args: ['-e', ${JSON.stringify(PARENT_AND_CHILD)}] });
        const report = () => { const text = supervisor.tail('family'); text === '' ? setTimeout(report, 20) : console.log(text); };
        report();
        setInterval(() => {}, 1000);`;
      const run = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(run.stdout, 'data')) as [Buffer];
      const pids = line.toString().trim().split(' ').map(Number);
      assert.deepEqual(pids.map(isRunning), [true, true]);
      run.kill(signal);
      await once(run, 'exit');
      await until(() => !existsSync(folder) && pids.every((pid) => !isRunning(pid)));
    });
  }

  it('lets a run end that forgot to stop it', async () => {
    const folder = join(base, 'forgotten');
    const program = `
      const { startSupervisor } = await import(${JSON.stringify(new URL('../../../tools/control-plane/processes.ts', import.meta.url).href)});
      startSupervisor(${JSON.stringify(folder)}).run({ name: 'idle', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] });`;
    const run = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
    assert.deepEqual(await once(run, 'exit'), [0, null]);
    await until(() => !existsSync(folder));
  });
});

/** Waits for a condition; mocha's timeout is the limit. */
async function until<T>(condition: () => T): Promise<NonNullable<T>> {
  for (;;) {
    const value = condition();
    if (value) return value as NonNullable<T>;
    await delay(10);
  }
}

/** A killed orphan stays as a zombie, which counts for nothing, until the init process collects it. */
function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  try {
    process.kill(pid, 0);
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}
