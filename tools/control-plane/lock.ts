import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const HEARTBEAT_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 250;

/**
 * Runs `action` while holding a lock file, so that two runs on one machine do not do the same work at once. A lock whose holder
 * died is taken over: its process is gone, or (a process id may come back, in a container above all) its heartbeat stopped.
 */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  while (!(await acquire(file))) {
    if (await isStale(file)) await rm(file, { force: true });
    else await delay(POLL_MS);
  }
  const heartbeat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MS);
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    return Date.now() - mtimeMs > STALE_MS || isGone(Number(await readFile(file, 'utf8')));
  } catch {
    // Released in between: there is nothing to take over.
    return false;
  }
}

/** A lock file that is still empty was made this moment: its heartbeat tells. */
function isGone(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
